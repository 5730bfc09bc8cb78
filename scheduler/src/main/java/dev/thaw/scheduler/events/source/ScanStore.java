package dev.thaw.scheduler.events.source;

import dev.thaw.scheduler.events.StoreFile;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Which files of which bucket were told of, on disk. What {@link #commit} has said survives a kill.
 *
 * <p>Threading: one thread at a time.
 */
final class ScanStore implements AutoCloseable {
    private static final List<String> TABLES = List.of(
            "CREATE TABLE IF NOT EXISTS bucket (id TEXT PRIMARY KEY) WITHOUT ROWID",
            "CREATE TABLE IF NOT EXISTS told (bucket TEXT NOT NULL, key TEXT NOT NULL, bytes INTEGER NOT NULL,"
                    + " modified_ns INTEGER NOT NULL, identity TEXT NOT NULL, PRIMARY KEY (bucket, key)) WITHOUT ROWID");

    private final Connection connection;
    private final PreparedStatement put;
    private final PreparedStatement remove;

    private ScanStore(Connection connection) throws SQLException {
        this.connection = connection;
        put = connection.prepareStatement("INSERT OR REPLACE INTO told VALUES (?, ?, ?, ?, ?)");
        remove = connection.prepareStatement("DELETE FROM told WHERE bucket = ? AND key = ?");
    }

    /** {@code report} is told of a file that is torn or corrupt, and kept aside. */
    static ScanStore open(Path file, long nowMs, Consumer<String> report) throws IOException {
        Connection connection = StoreFile.open(file, nowMs, report);
        try (Statement statement = connection.createStatement()) {
            for (String table : TABLES) {
                statement.execute(table);
            }
            connection.commit();
            return new ScanStore(connection);
        } catch (SQLException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    /** What was told of a bucket; null where it has never been looked at. */
    @Nullable
    Map<String, FileStamp> load(String bucket) throws SQLException {
        try (PreparedStatement known = connection.prepareStatement("SELECT 1 FROM bucket WHERE id = ?");
                PreparedStatement select = connection.prepareStatement(
                        "SELECT key, bytes, modified_ns, identity FROM told WHERE bucket = ?")) {
            known.setString(1, bucket);
            try (ResultSet row = known.executeQuery()) {
                if (!row.next()) {
                    return null;
                }
            }
            select.setString(1, bucket);
            Map<String, FileStamp> told = new HashMap<>();
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    told.put(rows.getString(1), new FileStamp(rows.getLong(2), rows.getLong(3), rows.getString(4)));
                }
            }
            return told;
        }
    }

    /** The bucket has been looked at: what is there from now on is new. */
    void begin(String bucket) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT OR IGNORE INTO bucket VALUES (?)")) {
            insert.setString(1, bucket);
            insert.executeUpdate();
        }
    }

    void put(String bucket, String key, FileStamp stamp) throws SQLException {
        put.setString(1, bucket);
        put.setString(2, key);
        put.setLong(3, stamp.bytes());
        put.setLong(4, stamp.modifiedNs());
        put.setString(5, stamp.identity());
        put.executeUpdate();
    }

    void remove(String bucket, String key) throws SQLException {
        remove.setString(1, bucket);
        remove.setString(2, key);
        remove.executeUpdate();
    }

    void commit() throws SQLException {
        connection.commit();
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
