package dev.thaw.scheduler.control.state;

import dev.thaw.scheduler.events.CommitMark;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;

/**
 * The database behind a {@link StateStore}: made whole, looked at before anybody writes to it, and one server's alone.
 *
 * <p>Threading: one thread at a time.
 */
final class StateFile implements AutoCloseable {
    static final String NAME = "functions.db";
    static final String LOG = NAME + "-wal";
    static final String MARK = "functions.mark";
    static final String KEY = "environment.key";
    private static final String LOCK = "functions.lock";
    private static final String PARTIAL = NAME + ".new";

    /** Kind of the document that counts the transactions. */
    static final String COMMITS = "commits";

    private static final String KEY_CHECK = "key-check";
    private static final int SCHEMA = 1;
    /** {@code application_id} of SQLite: whose file this is; the letters "thaw". */
    private static final int APPLICATION = 0x74686177;

    // https://www.sqlite.org/fileformat2.html, "The Database Header"
    private static final int HEADER_BYTES = 100;
    private static final int APPLICATION_OFFSET = 68;

    final Connection connection;
    final Sealer sealer;
    private final @Nullable FileChannel lock;
    private final @Nullable CommitMark mark;
    private long commits;

    private StateFile(
            Connection connection, Sealer sealer, @Nullable FileChannel lock, @Nullable CommitMark mark, long commits) {
        this.connection = connection;
        this.sealer = sealer;
        this.lock = lock;
        this.mark = mark;
        this.commits = commits;
    }

    static StateFile inMemory() throws SQLException {
        Connection connection = configured().createConnection("jdbc:sqlite::memory:");
        createTables(connection);
        return new StateFile(connection, Sealer.forgetful(), null, null, 0);
    }

    /** Refuses with one line what is not whole, not ours or in use, and leaves it as it is. */
    static StateFile open(Path folder, SQLiteConfig config) throws IOException {
        Files.createDirectories(folder);
        Path file = folder.resolve(NAME);
        FileChannel lock = lock(folder.resolve(LOCK), file);
        try {
            if (!Files.exists(file)) {
                create(folder, file);
            }
            checkHeader(file);
            Sealer sealer = Sealer.read(folder.resolve(KEY));
            long commits = look(folder, file, sealer);
            CommitMark mark = CommitMark.open(folder.resolve(MARK), commits);
            return new StateFile(connect(file, config), sealer, lock, mark, commits);
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    /** A lock of our own, so that a second server does not even look at the files. */
    private static FileChannel lock(Path path, Path file) throws IOException {
        FileChannel channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() != null) {
                return channel;
            }
        } catch (OverlappingFileLockException here) {
            // In this very process.
            assert here != null;
        }
        channel.close();
        throw new StateException(file + ": is in use by another thaw (--state chooses another folder)");
    }

    /** Whole or not at all: an empty file in its place is a torn one. */
    private static void create(Path folder, Path file) throws IOException {
        Path keyFile = folder.resolve(KEY);
        refuseRemains(folder, file);
        Path partial = folder.resolve(PARTIAL);
        Files.deleteIfExists(partial);
        SQLiteConfig config = new SQLiteConfig();
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        try (Connection connection = config.createConnection("jdbc:sqlite:" + partial.toAbsolutePath())) {
            connection.setAutoCommit(false);
            createTables(connection);
            Sealer sealer = Files.exists(keyFile) ? Sealer.read(keyFile) : Sealer.create(keyFile);
            try (PreparedStatement insert =
                    connection.prepareStatement("INSERT INTO document (kind, key, body) VALUES (?, '', ?)")) {
                insert.setString(1, KEY_CHECK);
                insert.setString(2, sealer.seal(KEY_CHECK, KEY_CHECK));
                insert.executeUpdate();
            }
            connection.commit();
        } catch (SQLException e) {
            throw new StateException(file + ": cannot be made: " + e.getMessage(), e);
        }
        // SQLite gives a log the permissions of its file.
        Files.setPosixFilePermissions(partial, PosixFilePermissions.fromString("rw-------"));
        Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel entries = FileChannel.open(folder)) {
            entries.force(true);
        }
    }

    /** What belongs to a state says that there was one. A key is also left by a first start that was killed. */
    private static void refuseRemains(Path folder, Path file) throws IOException {
        boolean begun = Files.exists(folder.resolve(PARTIAL));
        for (String name : List.of(LOG, MARK, KEY, StateFolder.CODE)) {
            Path left = folder.resolve(name);
            if (Files.exists(left) && !isEmptyFolder(left) && !(begun && name.equals(KEY))) {
                throw StateException.damage(file, "is missing, " + left + " is there");
            }
        }
    }

    private static boolean isEmptyFolder(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            return false;
        }
        try (Stream<Path> entries = Files.list(path)) {
            return entries.findAny().isEmpty();
        }
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
            Connection connection = config.createConnection("jdbc:sqlite:" + file.toAbsolutePath());
            connection.setAutoCommit(false);
            return connection;
        } catch (SQLException e) {
            throw unusable(file, e);
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
            throw StateException.damage(file, "is torn or no state of thaw");
        }
    }

    /** Looks at all of it without a change to the file or its log; how many transactions there are. */
    private static long look(Path folder, Path file, Sealer sealer) throws IOException {
        boolean hasLog = Files.exists(folder.resolve(LOG));
        SQLiteConfig config = new SQLiteConfig();
        config.setReadOnly(true);
        try (Connection connection = config.createConnection("jdbc:sqlite:" + file.toAbsolutePath())) {
            check(connection, file);
            checkKey(connection, sealer, folder.resolve(KEY));
            long commits = Long.parseLong(document(connection, COMMITS, "0"));
            long acknowledged = CommitMark.read(folder.resolve(MARK));
            if (commits < acknowledged) {
                throw StateException.damage(
                        file,
                        "of " + acknowledged + " transactions " + (acknowledged - commits) + " are not there: "
                                + (hasLog ? "its log is damaged" : "its log is missing")
                                + ", or it is an older copy; put right what is, or delete " + folder.resolve(MARK)
                                + " to take what is left");
            }
            return commits;
        } catch (SQLException e) {
            throw unusable(file, e);
        } finally {
            // What SQLite makes only to look.
            Files.deleteIfExists(folder.resolve(NAME + "-shm"));
            if (!hasLog) {
                Files.deleteIfExists(folder.resolve(LOG));
            }
        }
    }

    private static void check(Connection connection, Path file) throws SQLException {
        String version = text(connection, "PRAGMA user_version");
        if (!version.equals(String.valueOf(SCHEMA))) {
            throw new StateException(file + ": is of version " + version + ", this thaw reads version " + SCHEMA);
        }
        String verdict = text(connection, "PRAGMA integrity_check(1)");
        if (!verdict.equals("ok")) {
            throw StateException.damage(file, verdict);
        }
    }

    /** The first document tells whether the key beside it is the one that sealed the others. */
    private static void checkKey(Connection connection, Sealer sealer, Path keyFile) throws SQLException {
        try {
            sealer.open(KEY_CHECK, document(connection, KEY_CHECK, ""));
        } catch (StateException wrong) {
            throw new StateException(
                    keyFile + ": is not the key that the functions beside it were written with, put that one back",
                    wrong);
        }
    }

    /** Of how many transactions the next one will be the last. */
    long nextCommit() {
        return commits + 1;
    }

    /** It is on disk. */
    void committed() {
        commits++;
        if (mark != null) {
            mark.set(commits);
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException closed) {
            // What was committed is on disk all the same.
            assert closed != null;
        }
        if (mark != null) {
            mark.close();
        }
        try {
            if (lock != null) {
                lock.close();
            }
        } catch (IOException closed) {
            // Its end of the process lets it go.
            assert closed != null;
        }
    }

    private static StateException unusable(Path file, SQLException e) {
        if (e.getErrorCode() == SQLiteErrorCode.SQLITE_BUSY.code) {
            return new StateException(file + ": is in use by another thaw (--state chooses another folder)", e);
        }
        return StateException.damage(file, String.valueOf(e.getMessage()));
    }

    private static String document(Connection connection, String kind, String otherwise) throws SQLException {
        String body = text(connection, "SELECT max(body) FROM document WHERE kind = '" + kind + "'");
        return body.isEmpty() ? otherwise : body;
    }

    private static String text(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            String text = row.next() ? row.getString(1) : null;
            return text == null ? "" : text;
        }
    }
}
