package dev.thaw.scheduler.control.state;

import dev.thaw.scheduler.events.OpenTransaction;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;

/**
 * The documents of the control plane in one SQLite file. What {@link #commit} has said is on disk: write-ahead log, and
 * a sync for each transaction.
 *
 * <p>Threading: one thread at a time.
 */
public final class StateStore implements AutoCloseable {
    private static final String FILE = StateFile.NAME;

    private final StateFile file;
    private final Connection connection;
    private final Set<Table<?>> changed = new LinkedHashSet<>();
    private PreparedStatement upsert;
    private PreparedStatement delete;
    /** Why what was changed since the last time cannot be kept any more. */
    private @Nullable SQLException failure;

    private StateStore(StateFile file) throws SQLException {
        this.file = file;
        connection = file.connection;
        connection.setAutoCommit(false);
        upsert = prepareUpsert(connection);
        delete = prepareDelete(connection);
    }

    private static PreparedStatement prepareUpsert(Connection connection) throws SQLException {
        return connection.prepareStatement("INSERT INTO document (kind, key, body) VALUES (?, ?, ?)"
                + " ON CONFLICT (kind, key) DO UPDATE SET body = excluded.body");
    }

    private static PreparedStatement prepareDelete(Connection connection) throws SQLException {
        return connection.prepareStatement("DELETE FROM document WHERE kind = ? AND key = ?");
    }

    /** For tests and runs whose state ends with them. */
    public static StateStore inMemory() {
        try {
            return new StateStore(StateFile.inMemory());
        } catch (SQLException e) {
            throw new StateException("state in memory: " + e.getMessage(), e);
        }
    }

    /**
     * Opens or creates the state in a folder. What is torn, corrupt, not whole, not ours, in use or of another version is
     * refused with one line, and left as it is.
     */
    public static StateStore open(Path folder) throws IOException {
        return open(folder, StateFile.configured());
    }

    static StateStore open(Path folder, SQLiteConfig config) throws IOException {
        StateFile file = StateFile.open(folder, config);
        try {
            return new StateStore(file);
        } catch (SQLException e) {
            file.close();
            throw new StateException(FILE + ": cannot be written: " + e.getMessage(), e);
        }
    }

    /** Encrypts what must not lie in the file as it is. */
    public Sealer sealer() {
        return file.sealer;
    }

    /** Every document of a kind; to be asked for once. */
    public <T> Table<T> table(String kind, Codec<T> codec) {
        Table<T> table = new Table<>(kind, codec, this);
        try (PreparedStatement select = connection.prepareStatement("SELECT key, body FROM document WHERE kind = ?")) {
            select.setString(1, kind);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    table.load(rows.getString(1), rows.getString(2));
                }
            }
            return table;
        } catch (SQLException e) {
            throw new StateException(FILE + ": " + kind + ": cannot be read: " + e.getMessage(), e);
        }
    }

    void write(Table<?> table, String kind, String key, String body) {
        change(table);
        try {
            upsert(kind, key, body);
        } catch (SQLException e) {
            failure = e;
            throw new StateException(FILE + ": " + kind + "/" + key + ": cannot be written: " + e.getMessage(), e);
        }
    }

    private void upsert(String kind, String key, String body) throws SQLException {
        upsert.setString(1, kind);
        upsert.setString(2, key);
        upsert.setString(3, body);
        upsert.executeUpdate();
    }

    void erase(Table<?> table, String kind, String key) {
        change(table);
        try {
            delete.setString(1, kind);
            delete.setString(2, key);
            delete.executeUpdate();
        } catch (SQLException e) {
            failure = e;
            throw new StateException(FILE + ": " + kind + "/" + key + ": cannot be deleted: " + e.getMessage(), e);
        }
    }

    /** SQLite may have undone what came before a failure: what comes after must not be kept without it. */
    private void change(Table<?> table) {
        SQLException earlier = failure;
        if (earlier != null) {
            throw new StateException(FILE + ": cannot be written: " + earlier.getMessage(), earlier);
        }
        changed.add(table);
    }

    /** What was changed since the last time is durable once this returns; else it is undone, and this throws. */
    public void commit() {
        if (changed.isEmpty()) {
            return;
        }
        try {
            if (failure != null) {
                throw failure;
            }
            upsert(StateFile.COMMITS, "", Long.toString(file.nextCommit()));
            connection.commit();
            file.committed();
            changed.forEach(Table::keep);
            changed.clear();
        } catch (SQLException e) {
            rollback();
            throw new StateException(FILE + ": cannot be written: " + e.getMessage(), e);
        }
    }

    /** Nothing was changed since the last time. */
    public void rollback() {
        if (changed.isEmpty()) {
            return;
        }
        changed.forEach(Table::undo);
        changed.clear();
        failure = null;
        try {
            OpenTransaction.undo(connection);
            prepareAgain();
        } catch (SQLException e) {
            throw new StateException(FILE + ": cannot be rolled back: " + e.getMessage(), e);
        }
    }

    /** The driver closes a statement that has failed. */
    private void prepareAgain() throws SQLException {
        upsert.close();
        delete.close();
        upsert = prepareUpsert(connection);
        delete = prepareDelete(connection);
    }

    @Override
    public void close() {
        rollback();
        file.close();
    }
}
