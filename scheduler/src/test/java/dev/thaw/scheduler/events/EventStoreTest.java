package dev.thaw.scheduler.events;

import static dev.thaw.scheduler.events.VirtualQueue.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.JDBC;

final class EventStoreTest {
    private static final long NOW_MS = 1_700_000_000_000L;

    @TempDir
    private Path folder;

    private final List<String> reports = new ArrayList<>();

    @Test
    void shouldKeepWhatWasCommittedAndNothingElse() throws IOException, SQLException {
        Path copies = Files.createDirectory(folder.resolve("copies"));
        try (EventStore store = open(folder)) {
            store.insert(event("kept", "{\"x\":5}"), NOW_MS);
            store.commit();
            store.insert(event("open", "{}"), NOW_MS);
            copy(copies); // as a kill leaves it
        }
        try (EventStore store = open(copies)) {
            assertThat(stored(store)).hasSize(1);
            FunctionEvent kept = store.read(1);
            assertThat(kept.requestId()).isEqualTo("kept");
            assertThat(kept.payload()).asString().isEqualTo("{\"x\":5}");
        }
        assertThat(reports).isEmpty();
    }

    @Test
    void shouldKeepEventsToTheirOwner() throws IOException, SQLException {
        try (EventStore store = open(folder)) {
            store.insert(event("first", "{}"), NOW_MS);
            store.commit();
            for (String name : List.of("events.db", "events.db-wal")) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(name))))
                        .as(name)
                        .isEqualTo("rw-------");
            }
        }
    }

    @Test
    void shouldOpenWithATornEndOfItsLog() throws IOException, SQLException {
        Path copies = Files.createDirectory(folder.resolve("copies"));
        try (EventStore store = open(folder)) {
            store.insert(event("first", "{}"), NOW_MS);
            store.commit();
            store.insert(event("second", "{}"), NOW_MS);
            store.commit();
            copy(copies);
        }
        try (FileChannel log = FileChannel.open(copies.resolve("events.db-wal"), StandardOpenOption.WRITE)) {
            log.truncate(log.size() - 100);
        }
        try (EventStore store = open(copies)) {
            assertThat(stored(store)).hasSize(1);
            assertThat(store.read(1).requestId()).isEqualTo("first");
        }
        assertThat(reports).isEmpty();
    }

    @Test
    void shouldMissAcknowledgedEventsOfADamagedLogAndKeepACopy() throws IOException, SQLException {
        Path copies = Files.createDirectory(folder.resolve("copies"));
        try (EventStore store = open(folder)) {
            for (int i = 0; i < 10; i++) {
                store.insert(event("request-" + i, "{}"), NOW_MS);
                store.commit();
            }
            copy(copies);
            Files.copy(folder.resolve("events.db.mark"), copies.resolve("events.db.mark"));
        }
        Path log = copies.resolve("events.db-wal");
        byte[] damaged = Files.readAllBytes(log);
        damaged[damaged.length / 2] ^= 0x10;
        Files.write(log, damaged);
        try (EventStore store = open(copies)) {
            assertThat(stored(store)).hasSizeBetween(1, 9);
        }
        assertThat(reports)
                .singleElement()
                .asString()
                .contains("of 10 transactions ", " are not there", "a copy is kept as");
        assertThat(copies.resolve("events.db.corrupt-" + NOW_MS + "-wal")).hasBinaryContent(damaged);
        reports.clear();
        open(copies).close();
        assertThat(reports).as("told once").isEmpty();
    }

    @Test
    void shouldMissAStoreThatIsGone() throws IOException, SQLException {
        try (EventStore store = open(folder)) {
            store.insert(event("first", "{}"), NOW_MS);
            store.commit();
        }
        Files.delete(folder.resolve("events.db"));
        try (EventStore store = open(folder)) {
            assertThat(stored(store)).isEmpty();
        }
        assertThat(reports).singleElement().asString().contains("events.db: is missing, of 1 transactions");
    }

    @Test
    void shouldKeepACorruptStoreAsideAndSaySo() throws IOException, SQLException {
        Files.writeString(folder.resolve("events.db"), "this is no store".repeat(1_000));
        assertKeptAside("this is no store".repeat(1_000).length());
    }

    @Test
    void shouldKeepATornStoreAside() throws IOException, SQLException {
        fill();
        long bytes;
        try (FileChannel file = FileChannel.open(folder.resolve("events.db"), StandardOpenOption.WRITE)) {
            bytes = file.size() / 2;
            file.truncate(bytes);
        }
        assertKeptAside(bytes);
    }

    @Test
    void shouldKeepAStoreAsideThatWasOverwrittenInTheMiddle() throws IOException, SQLException {
        fill();
        byte[] bytes = Files.readAllBytes(folder.resolve("events.db"));
        for (int i = 4_096; i < 3 * 4_096; i++) {
            bytes[i] = (byte) 0xAA;
        }
        Files.write(folder.resolve("events.db"), bytes);
        assertKeptAside(bytes.length);
    }

    @Test
    void shouldKeepAnEmptiedStoreAside() throws IOException, SQLException {
        Files.createFile(folder.resolve("events.db"));
        assertKeptAside(0);
    }

    @Test
    void shouldRefuseAStoreThatAnotherServerUses() throws IOException, SQLException {
        try (EventStore first = open(folder)) {
            assertThat(stored(first)).isEmpty();
            assertThatThrownBy(() -> open(folder))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("another server");
        }
    }

    @Test
    void shouldRefuseAStoreOfANewerVersion() throws IOException, SQLException {
        open(folder).close();
        try (Connection connection =
                        JDBC.createConnection("jdbc:sqlite:" + folder.resolve("events.db"), new Properties());
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA user_version=99");
        }
        assertThatThrownBy(() -> open(folder)).isInstanceOf(IOException.class).hasMessageContaining("schema 99");
        assertThat(Files.exists(folder.resolve("events.db"))).isTrue();
    }

    @Test
    void shouldTakeUpAStoreOfTheFirstVersion() throws IOException, SQLException {
        try (EventStore store = open(folder)) {
            store.insert(
                    Delivery.of(Delivery.Kind.SUCCESS, event("r", "{}"), VirtualQueue.QUEUE, new byte[0], null), 1);
            store.commit();
        }
        try (Connection connection =
                        JDBC.createConnection("jdbc:sqlite:" + folder.resolve("events.db"), new Properties());
                Statement statement = connection.createStatement()) {
            statement.execute("ALTER TABLE deliveries DROP COLUMN trace_id");
            statement.execute("PRAGMA user_version=1");
        }
        try (EventStore store = open(folder)) {
            store.load(entry -> {}, entry -> {});
            assertThat(store.readDelivery(1).traceId()).isEmpty();
            Delivery traced = store.readDelivery(1).tracedBy("Root=1-2-3");
            assertThat(store.readDelivery(store.insert(traced, 1)).traceId()).isEqualTo("Root=1-2-3");
        }
    }

    private void fill() throws IOException, SQLException {
        try (EventStore store = open(folder)) {
            for (int i = 0; i < 200; i++) {
                store.insert(event("r" + i, "\"" + "x".repeat(1_000) + "\""), NOW_MS);
            }
            store.commit();
        }
    }

    private void assertKeptAside(long bytes) throws IOException, SQLException {
        try (EventStore store = open(folder)) {
            assertThat(stored(store)).isEmpty();
        }
        assertThat(reports).singleElement().asString().contains("events.db").contains("kept as");
        assertThat(folder.resolve("events.db.corrupt-" + NOW_MS)).hasSize(bytes);
    }

    private EventStore open(Path where) throws IOException {
        return EventStore.open(where.resolve("events.db"), NOW_MS, reports::add);
    }

    private static List<EventEntry> stored(EventStore store) throws SQLException {
        List<EventEntry> entries = new ArrayList<>();
        store.load(entries::add, entries::add);
        return entries;
    }

    private void copy(Path target) throws IOException {
        for (String name : List.of("events.db", "events.db-wal")) {
            Files.copy(folder.resolve(name), target.resolve(name));
        }
    }
}
