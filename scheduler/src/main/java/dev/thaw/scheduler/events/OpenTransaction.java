package dev.thaw.scheduler.events;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * The transaction that SQLite's driver keeps open on a connection without auto-commit.
 *
 * <p>Threading: the connection's thread.
 */
public final class OpenTransaction {
    private OpenTransaction() {}

    /**
     * Undoes it and begins the next one. Statements that failed in it have been closed by the driver, and are to be
     * prepared again.
     */
    public static void undo(Connection connection) throws SQLException {
        try {
            connection.rollback();
        } catch (SQLException undone) {
            // On a full disk SQLite undoes the transaction by itself; the driver then does not begin the next one.
            try (Statement statement = connection.createStatement()) {
                statement.execute("BEGIN");
            }
        }
    }
}
