package dev.thaw.scheduler.events;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import java.util.Set;
import java.util.function.Consumer;
import org.sqlite.JDBC;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;

/**
 * Opens the file of a store: one owner at a time, every commit on disk before it returns. A file that is torn or corrupt
 * is reported and kept aside, and a new one begun; one that has lost transactions is reported and goes on, a copy of it
 * kept aside.
 */
public final class StoreFile {
    /** Beside the file itself. */
    private static final String[] PARTS = {"", "-wal", "-shm"};

    private static final String[] SETTINGS = {
        "PRAGMA locking_mode=EXCLUSIVE", // until this process ends; needs no shared memory beside the file
        "PRAGMA journal_mode=WAL",
        "PRAGMA synchronous=FULL", // a commit returns once the log is on disk
        "PRAGMA temp_store=MEMORY",
    };

    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");

    private StoreFile() {}

    /** Opens or makes the file. {@code report} is told, in one line, of a file that had to be kept aside. */
    public static Connection open(Path file, long nowMs, Consumer<String> report) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        missWhatIsGone(file, nowMs, report);
        String problem;
        if (Files.exists(file) && Files.size(file) == 0) {
            problem = "it is empty";
        } else {
            try {
                return connect(file);
            } catch (SQLException e) {
                problem = problemOf(file, e);
            }
        }
        Path aside = keepAside(file, nowMs);
        report.accept(file + ": " + problem + "; kept as " + aside.getFileName() + ", a new one is begun");
        try {
            return connect(file);
        } catch (SQLException e) {
            throw new IOException(file + ": cannot be made: " + e.getMessage(), e);
        }
    }

    /** Of the store that counts its transactions. */
    static Path markOf(Path file) {
        return file.resolveSibling(file.getFileName() + ".mark");
    }

    /**
     * Tells of transactions that were acknowledged and are gone, before anything is written: then what there is has been
     * copied, and the rest goes on.
     */
    private static void missWhatIsGone(Path file, long nowMs, Consumer<String> report) throws IOException {
        long acknowledged = CommitMark.read(markOf(file));
        if (acknowledged == 0) {
            return;
        }
        if (!Files.exists(file)) {
            report.accept(file + ": is missing, of " + acknowledged + " transactions; a new one is begun");
            return;
        }
        long gone = acknowledged - commitsOf(file, acknowledged);
        if (gone > 0) {
            Path copy = aside(file, nowMs);
            for (String part : PARTS) {
                Path from = file.resolveSibling(file.getFileName() + part);
                if (Files.exists(from)) {
                    Files.copy(from, copy.resolveSibling(copy.getFileName() + part));
                }
            }
            report.accept(
                    file + ": of " + acknowledged + " transactions " + gone + " are not there, its log is damaged or"
                            + " missing; a copy is kept as " + copy.getFileName() + ", what is left goes on");
        }
    }

    /** Without a change to the file or its log; what is assumed where it cannot be read, which is told elsewhere. */
    private static long commitsOf(Path file, long assumed) throws IOException {
        SQLiteConfig config = new SQLiteConfig();
        config.setReadOnly(true);
        Path shared = file.resolveSibling(file.getFileName() + "-shm");
        boolean alone = !Files.exists(shared);
        try (Connection connection = config.createConnection("jdbc:sqlite:" + file)) {
            return commits(connection);
        } catch (SQLException unreadable) {
            return assumed;
        } finally {
            if (alone) {
                Files.deleteIfExists(shared);
            }
        }
    }

    static long commits(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT count FROM commits")) {
            return row.next() ? row.getLong(1) : 0;
        }
    }

    private static Connection connect(Path file) throws SQLException, IOException {
        Connection connection = JDBC.createConnection("jdbc:sqlite:" + file, new Properties());
        // What waits may be secret; SQLite gives the log the permissions of its file.
        Files.setPosixFilePermissions(file, OWNER_ONLY);
        try (Statement statement = connection.createStatement()) {
            for (String setting : SETTINGS) {
                statement.execute(setting);
            }
            check(statement);
            connection.setAutoCommit(false);
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    private static void check(Statement statement) throws SQLException {
        try (ResultSet result = statement.executeQuery("PRAGMA quick_check(1)")) {
            String verdict = result.next() ? result.getString(1) : "no answer";
            if (!verdict.equals("ok")) {
                throw new SQLException(verdict, null, SQLiteErrorCode.SQLITE_CORRUPT.code);
            }
        }
    }

    /** What is wrong with the file's content. Throws where that is not what is wrong. */
    private static String problemOf(Path file, SQLException e) throws IOException {
        int code = e.getErrorCode() & 0xFF;
        if (code == SQLiteErrorCode.SQLITE_CORRUPT.code || code == SQLiteErrorCode.SQLITE_NOTADB.code) {
            return String.valueOf(e.getMessage()).replace('\n', ' ');
        }
        if (code == SQLiteErrorCode.SQLITE_BUSY.code) {
            throw new IOException(file + ": another server uses it", e);
        }
        throw new IOException(file + ": cannot be opened: " + e.getMessage(), e);
    }

    private static Path aside(Path file, long nowMs) {
        return file.resolveSibling(file.getFileName() + ".corrupt-" + nowMs);
    }

    private static Path keepAside(Path file, long nowMs) throws IOException {
        Path aside = aside(file, nowMs);
        for (String part : PARTS) {
            Path from = file.resolveSibling(file.getFileName() + part);
            if (Files.exists(from)) {
                Files.move(from, aside.resolveSibling(aside.getFileName() + part), StandardCopyOption.ATOMIC_MOVE);
            }
        }
        return aside;
    }
}
