package dev.thaw.scheduler.control.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteConfig;
import tools.jackson.databind.json.JsonMapper;

final class StateStoreTest {
    private record Note(String text, int number) {}

    private static final Codec<Note> CODEC = Codec.json(JsonMapper.shared(), Note.class);

    @TempDir
    private Path folder;

    @Test
    void shouldKeepWhatWasCommittedAndNothingElse() throws IOException {
        try (StateStore store = StateStore.open(folder)) {
            Table<Note> notes = store.table("note", CODEC);
            notes.put("a", new Note("kept", 1));
            notes.put("b", new Note("removed", 2));
            store.commit();
            notes.put("a", new Note("undone", 3));
            notes.remove("b");
            notes.put("c", new Note("undone", 4));
            store.rollback();
            assertThat(notes.all()).containsOnlyKeys("a", "b").containsEntry("a", new Note("kept", 1));
            notes.remove("b");
            store.commit();
            notes.put("d", new Note("never committed", 5));
        }
        try (StateStore store = StateStore.open(folder)) {
            assertThat(store.table("note", CODEC).all()).hasSize(1).containsEntry("a", new Note("kept", 1));
        }
    }

    @Test
    void shouldKeepWhatWasCommittedWhenItIsNeverClosed() throws IOException {
        StateStore left = StateStore.open(folder);
        left.table("note", CODEC).put("a", new Note("kept", 1));
        left.commit();
        Path copy = Files.createDirectories(folder.resolve("copy"));
        for (String name : new String[] {"functions.db", "functions.db-wal", "environment.key"}) {
            Files.copy(folder.resolve(name), copy.resolve(name));
        }
        try (StateStore store = StateStore.open(copy)) {
            assertThat(store.table("note", CODEC).all()).containsOnlyKeys("a");
        }
        left.close();
    }

    @Test
    void shouldGoOnAfterAFullDisk() throws IOException {
        SQLiteConfig full = StateFile.configured();
        full.setMaxPageCount(20);
        try (StateStore store = StateStore.open(folder, full)) {
            Table<Note> notes = store.table("note", CODEC);
            notes.put("a", new Note("kept", 1));
            store.commit();
            notes.put("b", new Note("lost with what follows", 2));
            Note large = new Note("x".repeat(200_000), 3);
            assertThatExceptionOfType(StateException.class)
                    .isThrownBy(() -> notes.put("c", large))
                    .withMessageContaining("note/c: cannot be written");
            assertThatExceptionOfType(StateException.class)
                    .as("a part of the transaction")
                    .isThrownBy(() -> notes.put("d", new Note("half", 4)));
            assertThatExceptionOfType(StateException.class).isThrownBy(store::commit);
            assertThat(notes.all()).containsOnlyKeys("a");

            notes.put("e", new Note("kept", 5));
            store.commit();
            notes.put("f", new Note("undone", 6));
            store.rollback();
        }
        try (StateStore store = StateStore.open(folder)) {
            assertThat(store.table("note", CODEC).all()).containsOnlyKeys("a", "e");
        }
    }

    @Test
    void shouldListWhatBelongsToOneScope() {
        try (StateStore store = StateStore.inMemory()) {
            Table<Note> notes = store.table("note", CODEC);
            for (String key : new String[] {"a:1", "a:2", "a-b:1", "ab:1", "a"}) {
                notes.put(key, new Note(key, 0));
            }
            assertThat(notes.of("a")).containsOnlyKeys("a:1", "a:2");
        }
    }

    @Test
    void shouldRefuseATornFileAndLeaveItAsItIs() throws IOException {
        write(folder);
        Path file = folder.resolve("functions.db");
        byte[] torn = java.util.Arrays.copyOf(Files.readAllBytes(file), 5000);
        Files.write(file, torn);
        assertRefused("functions.db: cannot be used", "--state-recover");
        assertThat(file).hasBinaryContent(torn);
        Files.write(file, new byte[0]);
        assertRefused("functions.db: cannot be used", "--state-recover");
        assertThat(file).isEmptyFile();
    }

    @Test
    void shouldRefuseACorruptFile() throws IOException {
        write(folder);
        try (FileChannel file = FileChannel.open(folder.resolve("functions.db"), StandardOpenOption.WRITE)) {
            for (long at = 4096; at < file.size(); at += 97) {
                file.write(ByteBuffer.wrap(new byte[] {0x55, 0x55, 0x55}), at);
            }
        }
        assertRefused("functions.db: cannot be used", "--state-recover");
    }

    @Test
    void shouldRefuseWhatIsNoState() throws IOException {
        Files.writeString(folder.resolve("functions.db"), "hello, this is no database at all".repeat(200));
        assertRefused("functions.db: cannot be used");
    }

    @Test
    void shouldRefuseALogWithoutItsFile() throws IOException {
        Files.writeString(folder.resolve("functions.db-wal"), "left");
        assertRefused("functions.db: cannot be used: is missing");
    }

    @Test
    void shouldRefuseALogThatIsDamagedAnywhereAndLeaveItAsItIs() throws IOException {
        Path copy = killed();
        byte[] whole = Files.readAllBytes(copy.resolve("functions.db-wal"));
        int header = 32;
        for (int at : new int[] {3, header + 100, whole.length / 4, whole.length / 2, whole.length - 300}) {
            byte[] damaged = whole.clone();
            damaged[at] ^= 0x10;
            Files.write(copy.resolve("functions.db-wal"), damaged);
            assertRefused(copy, "functions.db: cannot be used: of 21 transactions ", "its log is damaged");
            assertThat(copy.resolve("functions.db-wal")).hasBinaryContent(damaged);
        }
        for (int length : new int[] {whole.length - 1, whole.length / 2, 0}) {
            Files.write(copy.resolve("functions.db-wal"), java.util.Arrays.copyOf(whole, length));
            assertRefused(copy, "functions.db: cannot be used: of 21 transactions ");
            assertThat(copy.resolve("functions.db-wal")).hasSize(length);
        }
        Files.delete(copy.resolve("functions.db-wal"));
        assertRefused(copy, "functions.db: cannot be used: of 21 transactions ", "its log is missing");
        Files.write(copy.resolve("functions.db-wal"), whole);
        try (StateStore store = StateStore.open(copy)) {
            assertThat(store.table("note", CODEC).all()).hasSize(20);
        }
    }

    @Test
    void shouldTakeALogWhoseEndNobodyWasToldOf() throws IOException {
        Path copy = killed();
        Files.write(copy.resolve("functions.db-wal"), new byte[] {1, 2, 3}, StandardOpenOption.APPEND);
        try (StateStore store = StateStore.open(copy)) {
            assertThat(store.table("note", CODEC).all()).hasSize(20);
        }
    }

    @Test
    void shouldTakeWhatIsLeftOnceTheMarkIsGone() throws IOException {
        Path copy = killed();
        Files.delete(copy.resolve("functions.db-wal"));
        Files.delete(copy.resolve("functions.mark"));
        try (StateStore store = StateStore.open(copy)) {
            assertThat(store.table("note", CODEC).all()).isEmpty();
        }
    }

    /** What a killed process leaves of twenty-one transactions. */
    private Path killed() throws IOException {
        Path copy = Files.createDirectories(folder.resolve("copy"));
        Path made = folder.resolve("made");
        try (StateStore left = StateStore.open(made)) {
            Table<Note> notes = left.table("note", CODEC);
            for (int i = 0; i <= 20; i++) {
                notes.put("note-" + i, new Note("x".repeat(1_000), i));
                if (i == 20) {
                    notes.remove("note-0");
                }
                left.commit();
            }
            for (String name : new String[] {"functions.db", "functions.db-wal", "functions.mark", "environment.key"}) {
                Files.copy(made.resolve(name), copy.resolve(name));
            }
        }
        return copy;
    }

    @Test
    void shouldRefuseAFolderThatHadAState() throws IOException {
        write(folder);
        Files.delete(folder.resolve("functions.db"));
        assertRefused("functions.db: cannot be used: is missing", "functions.mark is there");
        Files.delete(folder.resolve("functions.mark"));
        assertRefused("functions.db: cannot be used: is missing", "environment.key is there");
        Files.delete(folder.resolve("environment.key"));
        Files.createDirectories(folder.resolve("code/abc"));
        assertRefused("functions.db: cannot be used: is missing", "code is there");
        Files.delete(folder.resolve("code/abc"));
        StateStore.open(folder).close();
    }

    @Test
    void shouldGoOnWithAFirstStartThatWasKilled() throws IOException {
        write(folder);
        for (String name : new String[] {"functions.db", "functions.mark"}) {
            Files.delete(folder.resolve(name));
        }
        Files.write(folder.resolve("functions.db.new"), new byte[100]);
        try (StateStore store = StateStore.open(folder)) {
            assertThat(store.table("note", CODEC).all()).isEmpty();
        }
    }

    @Test
    void shouldRefuseASecondServer() throws IOException {
        try (StateStore first = StateStore.open(folder)) {
            first.table("note", CODEC).put("a", new Note("x", 1));
            first.commit();
            assertRefused("is in use by another thaw");
        }
    }

    @Test
    void shouldRefuseAWrongOrMissingKey() throws IOException {
        write(folder);
        Path key = folder.resolve("environment.key");
        byte[] right = Files.readAllBytes(key);
        Files.write(key, new byte[32]);
        assertRefused("environment.key: is not the key");
        Files.write(key, new byte[5]);
        assertRefused("environment.key: 5 bytes, a key has 32");
        Files.delete(key);
        assertRefused("environment.key: missing");
        Files.write(key, right);
        StateStore.open(folder).close();
    }

    @Test
    void shouldKeepTheKeyAndTheDocumentsToTheirOwner() throws IOException {
        try (StateStore store = StateStore.open(folder)) {
            store.table("note", CODEC).put("a", new Note("x", 1));
            store.commit();
            for (String name : new String[] {"environment.key", "functions.db", "functions.db-wal"}) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(name))))
                        .as(name)
                        .isEqualTo("rw-------");
            }
        }
    }

    @Test
    void shouldNotSetAsideWhatIsWhole() throws IOException {
        List<String> told = new ArrayList<>();
        try (StateStore first = StateStore.open(folder)) {
            assertThatExceptionOfType(StateException.class)
                    .isThrownBy(() -> StateFolder.recover(folder, "now", told::add))
                    .withMessageContaining("is in use by another thaw");
            first.table("note", CODEC).put("a", new Note("kept", 1));
            first.commit();
        }
        Path key = folder.resolve("environment.key");
        byte[] right = Files.readAllBytes(key);
        Files.delete(key);
        assertThatExceptionOfType(StateException.class)
                .isThrownBy(() -> StateFolder.recover(folder, "now", told::add))
                .withMessageContaining("environment.key: missing");
        Files.write(key, right);
        try (StateStore store = StateFolder.recover(folder, "now", told::add)) {
            assertThat(store.table("note", CODEC).all()).containsOnlyKeys("a");
        }
        assertThat(told).isEmpty();
        assertThat(folder.resolve("aside-now")).doesNotExist();
    }

    @Test
    void shouldSetAsideAndBeginAnew() throws IOException {
        write(folder);
        Files.createDirectories(folder.resolve("code/abc"));
        Path file = folder.resolve("functions.db");
        Files.write(file, new byte[0]);
        List<String> told = new ArrayList<>();
        StateFolder.recover(folder, "now", told::add).close();
        Path aside = folder.resolve("aside-now");
        assertThat(told).singleElement().asString().contains("functions.db: cannot be used", "set aside in " + aside);
        assertThat(aside.resolve("functions.db")).exists();
        assertThat(aside.resolve("environment.key")).exists();
        assertThat(aside.resolve("code/abc")).isDirectory();
        try (StateStore store = StateStore.open(folder)) {
            assertThat(store.table("note", CODEC).all()).isEmpty();
        }
    }

    @Test
    void shouldSealTextsUnderTheirName() throws IOException {
        try (StateStore store = StateStore.open(folder)) {
            String sealed = store.sealer().seal("version/a", "PASSWORD=geheim");
            assertThat(sealed)
                    .doesNotContain("geheim")
                    .isNotEqualTo(store.sealer().seal("version/a", "PASSWORD=geheim"));
            assertThat(store.sealer().open("version/a", sealed)).isEqualTo("PASSWORD=geheim");
            assertThatExceptionOfType(StateException.class)
                    .isThrownBy(() -> store.sealer().open("version/b", sealed))
                    .withMessage("version/b: cannot be decrypted with this key");
            assertThatExceptionOfType(StateException.class)
                    .isThrownBy(() -> store.sealer().open("version/a", "short"));
        }
    }

    private static void write(Path folder) throws IOException {
        try (StateStore store = StateStore.open(folder)) {
            Table<Note> notes = store.table("note", CODEC);
            for (int i = 0; i < 200; i++) {
                notes.put("note-" + i, new Note("x".repeat(100), i));
            }
            store.commit();
        }
        assertThat(Files.readString(folder.resolve("functions.db"), StandardCharsets.ISO_8859_1))
                .contains("note-7");
    }

    private void assertRefused(String... parts) {
        assertRefused(folder, parts);
    }

    private static void assertRefused(Path folder, String... parts) {
        assertThatExceptionOfType(StateException.class)
                .isThrownBy(() -> StateStore.open(folder))
                .satisfies(refusal ->
                        assertThat(refusal.getMessage()).contains(parts).doesNotContain("\n"));
    }
}
