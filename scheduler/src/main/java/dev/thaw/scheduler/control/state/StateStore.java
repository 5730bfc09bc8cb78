package dev.thaw.scheduler.control.state;

import dev.thaw.scheduler.events.OpenTransaction;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;

/**
 * The documents of the control plane in one SQLite file. What {@link #commit} has said is on disk: write-ahead log, and
 * a sync for each transaction.
 *
 * <p>Threading: one thread at a time.
 */
public final class StateStore implements AutoCloseable {
    static final String FILE = "functions.db";
    static final String KEY_FILE = "environment.key";

    private static final int SCHEMA = 1;
    /** {@code application_id} of SQLite: whose file this is; the letters "thaw". */
    private static final int APPLICATION = 0x74686177;

    // https://www.sqlite.org/fileformat2.html, "The Database Header"
    private static final int HEADER_BYTES = 100;
    private static final int APPLICATION_OFFSET = 68;

    private static final String KEY_CHECK = "key-check";

    private final Connection connection;
    private final Sealer sealer;
    private final Set<Table<?>> changed = new LinkedHashSet<>();
    private PreparedStatement upsert;
    private PreparedStatement delete;
    /** Why what was changed since the last time cannot be kept any more. */
    private @Nullable SQLException failure;

    private StateStore(Connection connection, Sealer sealer) throws SQLException {
        this.connection = connection;
        this.sealer = sealer;
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
            Connection connection = configured().createConnection("jdbc:sqlite::memory:");
            createTables(connection);
            return new StateStore(connection, Sealer.forgetful());
        } catch (SQLException e) {
            throw new StateException("state in memory: " + e.getMessage(), e);
        }
    }

    /**
     * Opens or creates the state in a folder. A file that is torn, corrupt, not ours or of another version is refused
     * with one line, and left as it is.
     */
    public static StateStore open(Path folder) throws IOException {
        return open(folder, configured());
    }

    static StateStore open(Path folder, SQLiteConfig config) throws IOException {
        Files.createDirectories(folder);
        Path file = folder.resolve(FILE);
        if (!Files.exists(file)) {
            create(folder, file);
        }
        checkHeader(file);
        Connection connection = connect(file, config);
        try {
            check(connection, file);
            Path keyFile = folder.resolve(KEY_FILE);
            StateStore store = new StateStore(connection, Sealer.read(keyFile));
            store.checkKey(keyFile);
            return store;
        } catch (SQLException e) {
            closeQuietly(connection);
            throw unusable(file, e.getMessage(), e);
        } catch (IOException | RuntimeException e) {
            closeQuietly(connection);
            throw e;
        }
    }

    /** Whole or not at all: an empty file in its place is a torn one. */
    private static void create(Path folder, Path file) throws IOException {
        Path left = folder.resolve(FILE + "-wal");
        if (Files.exists(left)) {
            throw unusable(file, "is missing, its log " + left + " is there", null);
        }
        Path keyFile = folder.resolve(KEY_FILE);
        Sealer sealer = Files.exists(keyFile) ? Sealer.read(keyFile) : Sealer.create(keyFile);
        Path partial = folder.resolve(FILE + ".new");
        Files.deleteIfExists(partial);
        SQLiteConfig config = new SQLiteConfig();
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        try (Connection connection = config.createConnection("jdbc:sqlite:" + partial.toAbsolutePath())) {
            createTables(connection);
            try (StateStore store = new StateStore(connection, sealer)) {
                store.upsert(KEY_CHECK, "", sealer.seal(KEY_CHECK, KEY_CHECK));
                connection.commit();
            }
        } catch (SQLException e) {
            throw new StateException(file + ": cannot be made: " + e.getMessage(), e);
        }
        Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
    }

    static SQLiteConfig configured() {
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        config.setLockingMode(SQLiteConfig.LockingMode.EXCLUSIVE);
        config.setBusyTimeout(0);
        return config;
    }

    private static Connection connect(Path file, SQLiteConfig config) {
        try {
            return config.createConnection("jdbc:sqlite:" + file.toAbsolutePath());
        } catch (SQLException e) {
            if (e.getErrorCode() == SQLiteErrorCode.SQLITE_BUSY.code) {
                throw new StateException(file + ": is in use by another thaw (--state chooses another folder)", e);
            }
            throw unusable(file, e.getMessage(), e);
        }
    }

    private static void createTables(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA application_id = " + APPLICATION);
            statement.execute("PRAGMA user_version = " + SCHEMA);
            statement.execute("CREATE TABLE document (kind TEXT NOT NULL, key TEXT NOT NULL, body TEXT NOT NULL,"
                    + " PRIMARY KEY (kind, key)) WITHOUT ROWID");
        }
    }

    /** Before SQLite opens it: that would make a database of an empty file. */
    private static void checkHeader(Path file) throws IOException {
        byte[] header;
        try (InputStream in = Files.newInputStream(file)) {
            header = in.readNBytes(HEADER_BYTES);
        }
        if (header.length < HEADER_BYTES || ByteBuffer.wrap(header).getInt(APPLICATION_OFFSET) != APPLICATION) {
            throw unusable(file, "is torn or no state of thaw", null);
        }
    }

    private static void check(Connection connection, Path file) throws SQLException {
        long version = number(connection, "PRAGMA user_version");
        if (version != SCHEMA) {
            throw new StateException(file + ": is of version " + version + ", this thaw reads version " + SCHEMA);
        }
        String verdict = text(connection, "PRAGMA integrity_check(1)");
        if (!verdict.equals("ok")) {
            throw unusable(file, verdict, null);
        }
    }

    /** The first document tells whether the key beside it is the one that sealed the others. */
    private void checkKey(Path keyFile) throws SQLException {
        String sealed = text(connection, "SELECT max(body) FROM document WHERE kind = '" + KEY_CHECK + "'");
        try {
            sealer.open(KEY_CHECK, sealed);
        } catch (StateException wrong) {
            throw new StateException(
                    keyFile + ": is not the key that the functions beside it were written with, put that one back",
                    wrong);
        }
    }

    /** Encrypts what must not lie in the file as it is. */
    public Sealer sealer() {
        return sealer;
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
            connection.commit();
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
        closeQuietly(connection);
    }

    private static StateException unusable(Path file, @Nullable String problem, @Nullable Throwable cause) {
        String line = String.valueOf(problem).replace('\n', ' ');
        String message = file + ": cannot be used: " + line + " (--state-recover sets it aside and starts anew)";
        return cause == null ? new StateException(message) : new StateException(message, cause);
    }

    private static long number(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            return row.next() ? row.getLong(1) : 0;
        }
    }

    private static String text(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            String text = row.next() ? row.getString(1) : null;
            return text == null ? "" : text;
        }
    }

    private static void closeQuietly(Connection connection) {
        try {
            connection.close();
        } catch (SQLException closed) {
            // What was committed is on disk all the same.
            assert closed != null;
        }
    }
}
