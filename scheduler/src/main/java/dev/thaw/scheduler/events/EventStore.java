package dev.thaw.scheduler.events;

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

/**
 * Events and deliveries on disk: SQLite, one writer, grouped commits. Rows with a payload are written once and removed
 * once; what changes from attempt to attempt is in rows of its own. What is written is durable once {@link #commit} has
 * returned.
 *
 * <p>Threading: none; one thread at a time.
 */
final class EventStore implements AutoCloseable {
    private static final int SCHEMA_VERSION = 2;
    private static final String[] SCHEMA = {
        "CREATE TABLE events(id INTEGER PRIMARY KEY, request_id TEXT NOT NULL, function TEXT NOT NULL,"
                + " trace_id TEXT NOT NULL, client_context TEXT, accepted_ms INTEGER NOT NULL, payload BLOB NOT NULL)",
        "CREATE TABLE attempts(event_id INTEGER PRIMARY KEY, attempts INTEGER NOT NULL, refusals INTEGER NOT NULL,"
                + " due_ms INTEGER NOT NULL)",
        "CREATE TABLE deliveries(id INTEGER PRIMARY KEY, kind INTEGER NOT NULL, request_id TEXT NOT NULL,"
                + " function TEXT NOT NULL, target TEXT NOT NULL, error_code INTEGER NOT NULL, error_message TEXT,"
                + " created_ms INTEGER NOT NULL, refusals INTEGER NOT NULL, due_ms INTEGER NOT NULL, body BLOB NOT NULL,"
                + " trace_id TEXT NOT NULL DEFAULT '')",
        "PRAGMA user_version=" + SCHEMA_VERSION,
    };
    /** From what an earlier version of thaw made. */
    private static final String[] FROM_1 = {
        "ALTER TABLE deliveries ADD COLUMN trace_id TEXT NOT NULL DEFAULT ''", "PRAGMA user_version=" + SCHEMA_VERSION,
    };
    /** Transactions there were, for the {@link CommitMark} beside the file. */
    private static final String[] COUNT = {
        "CREATE TABLE IF NOT EXISTS commits(id INTEGER PRIMARY KEY CHECK (id = 0), count INTEGER NOT NULL)",
        "INSERT OR IGNORE INTO commits VALUES(0, 0)",
    };

    private final Connection connection;
    private final CommitMark mark;
    private long commits;
    private Prepared sql;
    private long lastEventId;
    private long lastDeliveryId;

    /** Opens or makes the file; see {@link StoreFile} for what becomes of a corrupt one. */
    static EventStore open(Path file, long nowMs, Consumer<String> report) throws IOException {
        Connection connection = StoreFile.open(file, nowMs, report);
        try {
            prepareSchema(connection, file);
            long commits = StoreFile.commits(connection);
            return new EventStore(connection, commits, CommitMark.open(StoreFile.markOf(file), commits));
        } catch (SQLException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    private EventStore(Connection connection, long commits, CommitMark mark) throws SQLException {
        this.connection = connection;
        this.commits = commits;
        this.mark = mark;
        sql = new Prepared(connection);
    }

    private static void prepareSchema(Connection connection, Path file) throws SQLException, IOException {
        try (Statement statement = connection.createStatement()) {
            int version;
            try (ResultSet result = statement.executeQuery("PRAGMA user_version")) {
                version = result.getInt(1);
            }
            if (version > SCHEMA_VERSION) {
                connection.close();
                throw new IOException(file + ": schema " + version + ", must be " + SCHEMA_VERSION
                        + " or less: a newer version of thaw made it");
            }
            for (String line : version == 0 ? SCHEMA : version == 1 ? FROM_1 : new String[0]) {
                statement.execute(line);
            }
            for (String line : COUNT) {
                statement.execute(line);
            }
            connection.commit();
        }
    }

    /** Bounds the file: what does not fit is refused as on a full disk. */
    void limitBytes(long bytes) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            long pageBytes;
            try (ResultSet row = statement.executeQuery("PRAGMA page_size")) {
                pageBytes = row.getLong(1);
            }
            statement.execute("PRAGMA max_page_count=" + bytes / pageBytes);
        }
    }

    /** Hands everything that is stored to the two consumers: events, and deliveries. */
    void load(Consumer<EventEntry> events, Consumer<EventEntry> deliveries) throws SQLException {
        Map<String, String> lanes = new HashMap<>();
        try (Statement statement = connection.createStatement()) {
            try (ResultSet row = statement.executeQuery("SELECT id, function, accepted_ms, length(payload),"
                    + " coalesce(due_ms, accepted_ms), coalesce(attempts, 0), coalesce(refusals, 0)"
                    + " FROM events LEFT JOIN attempts ON event_id = id ORDER BY id")) {
                while (row.next()) {
                    lastEventId = row.getLong(1);
                    events.accept(entry(row, lanes));
                }
            }
            try (ResultSet row =
                    statement.executeQuery("SELECT id, target, created_ms, length(body), due_ms, 0, refusals"
                            + " FROM deliveries ORDER BY id")) {
                while (row.next()) {
                    lastDeliveryId = row.getLong(1);
                    deliveries.accept(entry(row, lanes));
                }
            }
        }
        connection.commit();
    }

    private static EventEntry entry(ResultSet row, Map<String, String> lanes) throws SQLException {
        String lane = lanes.computeIfAbsent(row.getString(2), same -> same);
        EventEntry entry = new EventEntry(row.getLong(1), lane, row.getLong(3), row.getInt(4), row.getLong(5));
        entry.attempts = row.getInt(6);
        entry.refusals = row.getInt(7);
        return entry;
    }

    /** Writes a new event, due at once; returns its id. */
    long insert(FunctionEvent event, long nowMs) throws SQLException {
        long id = ++lastEventId;
        sql.insertEvent.setLong(1, id);
        sql.insertEvent.setString(2, event.requestId());
        sql.insertEvent.setString(3, event.functionArn());
        sql.insertEvent.setString(4, event.traceId());
        sql.insertEvent.setString(5, event.clientContext());
        sql.insertEvent.setLong(6, nowMs);
        sql.insertEvent.setBytes(7, event.payload());
        sql.insertEvent.executeUpdate();
        return id;
    }

    FunctionEvent read(long id) throws SQLException {
        sql.readEvent.setLong(1, id);
        try (ResultSet row = sql.readEvent.executeQuery()) {
            requireRow(row, "event", id);
            return new FunctionEvent(
                    row.getString(1), row.getString(2), row.getString(3), row.getString(4), row.getBytes(5));
        } catch (SQLException e) {
            prepareAgain();
            throw e;
        }
    }

    /** Writes how often the event was tried, and when it is next. */
    void putAttempts(long id, int attempts, int refusals, long dueMs) throws SQLException {
        sql.putAttempts.setLong(1, id);
        sql.putAttempts.setInt(2, attempts);
        sql.putAttempts.setInt(3, refusals);
        sql.putAttempts.setLong(4, dueMs);
        sql.putAttempts.executeUpdate();
    }

    /** The event has ended. */
    void remove(long id) throws SQLException {
        sql.removeEvent.setLong(1, id);
        sql.removeEvent.executeUpdate();
        sql.removeAttempts.setLong(1, id);
        sql.removeAttempts.executeUpdate();
    }

    /** Writes a new delivery, due at once; returns its id. */
    long insert(Delivery delivery, long nowMs) throws SQLException {
        long id = ++lastDeliveryId;
        sql.insertDelivery.setLong(1, id);
        sql.insertDelivery.setInt(2, delivery.kind().key());
        sql.insertDelivery.setString(3, delivery.requestId());
        sql.insertDelivery.setString(4, delivery.functionArn());
        sql.insertDelivery.setString(5, delivery.target());
        sql.insertDelivery.setInt(6, delivery.errorCode());
        sql.insertDelivery.setString(7, delivery.errorMessage());
        sql.insertDelivery.setLong(8, nowMs);
        sql.insertDelivery.setLong(9, nowMs);
        sql.insertDelivery.setBytes(10, delivery.body());
        sql.insertDelivery.setString(11, delivery.traceId());
        sql.insertDelivery.executeUpdate();
        return id;
    }

    Delivery readDelivery(long id) throws SQLException {
        sql.readDelivery.setLong(1, id);
        try (ResultSet row = sql.readDelivery.executeQuery()) {
            requireRow(row, "delivery", id);
            return new Delivery(
                    Delivery.Kind.ofKey(row.getInt(1)),
                    row.getString(2),
                    row.getString(3),
                    row.getString(4),
                    row.getBytes(5),
                    row.getInt(6),
                    row.getString(7),
                    row.getString(8));
        } catch (SQLException e) {
            prepareAgain();
            throw e;
        }
    }

    /** The target did not take it. */
    void postponeDelivery(long id, int refusals, long dueMs) throws SQLException {
        sql.postponeDelivery.setInt(1, refusals);
        sql.postponeDelivery.setLong(2, dueMs);
        sql.postponeDelivery.setLong(3, id);
        sql.postponeDelivery.executeUpdate();
    }

    /** The target has it, or never will. */
    void removeDelivery(long id) throws SQLException {
        sql.removeDelivery.setLong(1, id);
        sql.removeDelivery.executeUpdate();
    }

    /** Makes everything durable that was written since the last commit. */
    void commit() throws SQLException {
        sql.count.setLong(1, commits + 1);
        sql.count.executeUpdate();
        connection.commit();
        commits++;
        mark.set(commits);
    }

    /** Forgets what was written since the last commit. */
    void rollback() throws SQLException {
        OpenTransaction.undo(connection);
        prepareAgain();
    }

    /** The driver closes a statement that has failed. */
    private void prepareAgain() throws SQLException {
        sql.close();
        sql = new Prepared(connection);
    }

    @Override
    public void close() throws SQLException {
        connection.close();
        mark.close();
    }

    /** Every statement, prepared once. */
    private static final class Prepared {
        private final PreparedStatement count;
        private final PreparedStatement insertEvent;
        private final PreparedStatement readEvent;
        private final PreparedStatement removeEvent;
        private final PreparedStatement putAttempts;
        private final PreparedStatement removeAttempts;
        private final PreparedStatement insertDelivery;
        private final PreparedStatement readDelivery;
        private final PreparedStatement postponeDelivery;
        private final PreparedStatement removeDelivery;

        private Prepared(Connection connection) throws SQLException {
            count = connection.prepareStatement("UPDATE commits SET count=?");
            insertEvent = connection.prepareStatement("INSERT INTO events VALUES(?,?,?,?,?,?,?)");
            readEvent = connection.prepareStatement(
                    "SELECT request_id, function, trace_id, client_context, payload FROM events WHERE id=?");
            removeEvent = connection.prepareStatement("DELETE FROM events WHERE id=?");
            putAttempts = connection.prepareStatement("INSERT OR REPLACE INTO attempts VALUES(?,?,?,?)");
            removeAttempts = connection.prepareStatement("DELETE FROM attempts WHERE event_id=?");
            insertDelivery = connection.prepareStatement("INSERT INTO deliveries VALUES(?,?,?,?,?,?,?,?,0,?,?,?)");
            readDelivery = connection.prepareStatement(
                    "SELECT kind, request_id, function, target, body, error_code, error_message, trace_id"
                            + " FROM deliveries WHERE id=?");
            postponeDelivery = connection.prepareStatement("UPDATE deliveries SET refusals=?, due_ms=? WHERE id=?");
            removeDelivery = connection.prepareStatement("DELETE FROM deliveries WHERE id=?");
        }

        private void close() throws SQLException {
            for (PreparedStatement each : List.of(
                    count,
                    insertEvent,
                    readEvent,
                    removeEvent,
                    putAttempts,
                    removeAttempts,
                    insertDelivery,
                    readDelivery,
                    postponeDelivery,
                    removeDelivery)) {
                each.close();
            }
        }
    }

    private static void requireRow(ResultSet row, String what, long id) throws SQLException {
        if (!row.next()) {
            throw new SQLException(what + " " + id + " is not stored");
        }
    }
}
