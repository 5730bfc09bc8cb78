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
import org.sqlite.SQLiteErrorCode;

/**
 * Opens the file of a store: one owner at a time, every commit on disk before it returns. A file that is torn or corrupt
 * is reported and kept aside, and a new one begun.
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

    private static Path keepAside(Path file, long nowMs) throws IOException {
        Path aside = file.resolveSibling(file.getFileName() + ".corrupt-" + nowMs);
        for (String part : PARTS) {
            Path from = file.resolveSibling(file.getFileName() + part);
            if (Files.exists(from)) {
                Files.move(from, aside.resolveSibling(aside.getFileName() + part), StandardCopyOption.ATOMIC_MOVE);
            }
        }
        return aside;
    }
}
