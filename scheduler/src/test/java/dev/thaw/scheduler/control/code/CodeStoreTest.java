package dev.thaw.scheduler.control.code;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.zip.UnixStat;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CodeStoreTest {
    private static final int PLAIN = UnixStat.FILE_FLAG | 0644;
    private static final int LINK = UnixStat.LINK_FLAG | 0777;

    @TempDir
    private Path folder;

    @Test
    void shouldUnpackWithModesFoldersAndLinks() throws Exception {
        CodeStore store = new CodeStore(folder);
        StoredCode code = store.put(zip(
                entry("bootstrap", UnixStat.FILE_FLAG | 0755, "run"),
                entry("secret", UnixStat.FILE_FLAG | 0600, "s"),
                entry("no-mode", 0, "n"),
                entry("./lib//a/b.txt", PLAIN, "deep"),
                entry("lib/link", LINK, "a/b.txt"),
                entry("setuid", UnixStat.FILE_FLAG | 04755, "u")));
        Path files = store.files(code.sha256());
        assertThat(mode(files.resolve("bootstrap"))).isEqualTo("rwxr-xr-x");
        assertThat(mode(files.resolve("secret"))).isEqualTo("rw-r--r--");
        assertThat(mode(files.resolve("no-mode"))).isEqualTo("rw-r--r--");
        assertThat(mode(files.resolve("setuid"))).isEqualTo("rwxr-xr-x");
        assertThat(files.resolve("lib/link")).isSymbolicLink().hasContent("deep");
        assertThat(code.unzippedBytes()).isEqualTo("run".length() + 3 + "deep".length());
    }

    @Test
    void shouldKeepOneOfTheSameContent() throws Exception {
        CodeStore store = new CodeStore(folder);
        byte[] zip = zip(entry("a", PLAIN, "x"));
        StoredCode first = store.put(zip);
        assertThat(store.put(zip)).isEqualTo(first);
        store.release(first);
        store.delete(first.sha256(), _ -> false);
        assertThat(store.files(first.sha256())).as("somebody holds it").exists();
        store.release(first);
        store.delete(first.sha256(), _ -> true);
        assertThat(store.files(first.sha256())).as("somebody needs it").exists();
        store.delete(first.sha256(), _ -> false);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void shouldPackTheSameFolderToTheSameContent() throws Exception {
        Path one = folder.resolve("one");
        Files.createDirectories(one.resolve("sub"));
        Files.writeString(one.resolve("bootstrap"), "run");
        Files.setPosixFilePermissions(one.resolve("bootstrap"), PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.writeString(one.resolve("sub/b"), "b");
        Files.createSymbolicLink(one.resolve("c"), Path.of("sub/b"));
        CodeStore store = new CodeStore(folder.resolve("store"));
        StoredCode first = store.put(one);
        Files.move(one, folder.resolve("two"));
        assertThat(store.put(folder.resolve("two"))).isEqualTo(first);
        assertThat(mode(store.files(first.sha256()).resolve("bootstrap"))).isEqualTo("rwxr-xr-x");
        assertThat(store.files(first.sha256()).resolve("c")).isSymbolicLink().hasContent("b");
    }

    @Test
    void shouldRefuseWhatLeadsOutOfThePackageAndLeaveNothing() throws Exception {
        assertRefused("leads out of the package", entry("../evil", PLAIN, "x"));
        assertRefused("leads out of the package", entry("a/../../evil", PLAIN, "x"));
        assertRefused("must be a relative path", entry("/etc/evil", PLAIN, "x"));
        assertRefused("must lead to a relative path", entry("link", LINK, "/etc/passwd"));
        assertRefused("leads out of the package or nowhere", entry("link", LINK, "../../etc/passwd"));
        assertRefused("leads out of the package or nowhere", entry("link", LINK, "nowhere"));
        assertRefused("leads out of the package or nowhere", entry("x/up", LINK, ".."), entry("out", LINK, "x/up/.."));
        assertRefused("is a folder and a file", entry("dir", LINK, "."), entry("dir/file", PLAIN, "x"));
    }

    @Test
    void shouldRefuseNamesThatCannotBe() throws Exception {
        assertRefused("is there twice", entry("a", PLAIN, "x"), entry("./a", PLAIN, "y"));
        assertRefused("is a folder and a file", entry("a", PLAIN, "x"), entry("a/b", PLAIN, "y"));
        assertRefused("has a name of more than 255 bytes", entry("n".repeat(256), PLAIN, "x"));
        assertRefused("of at most 4000 bytes", entry("n/".repeat(2_100) + "n", PLAIN, "x"));
        assertRefused("is no file, folder or link", entry("device", 0020644, "x"));
    }

    @Test
    void shouldRefuseTooManyEntries() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(bytes)) {
            for (int i = 0; i <= PackageRules.MAX_ENTRIES; i++) {
                ZipArchiveEntry entry = new ZipArchiveEntry("f" + i);
                entry.setMethod(ZipArchiveEntry.STORED);
                entry.setSize(0);
                entry.setCrc(0);
                zip.putArchiveEntry(entry);
                zip.closeArchiveEntry();
            }
        }
        assertRefused("holds more than 100000 entries", bytes.toByteArray());
    }

    @Test
    void shouldRefuseABombByWhatComesOut() throws Exception {
        byte[] bomb = bomb();
        assertThat(bomb.length).isLessThan(1 << 20);
        CodeStore store = new CodeStore(folder);
        assertThatExceptionOfType(PackageRefused.class)
                .isThrownBy(() -> store.put(bomb))
                .satisfies(refused -> assertThat(refused.isOversized()).isTrue());
        lie(bomb);
        assertThatExceptionOfType(PackageRefused.class)
                .as("also where its sizes lie")
                .isThrownBy(() -> store.put(bomb));
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void shouldRefuseWhatIsNoZipOrDamaged() throws Exception {
        byte[] good = zip(entry("a", PLAIN, "hello".repeat(100)));
        assertRefused("is damaged", "no zip at all".getBytes(StandardCharsets.UTF_8));
        assertRefused("is damaged", new byte[0]);
        assertRefused("is damaged", Arrays.copyOf(good, good.length - 30));
        byte[] flipped = good.clone();
        flipped[40] ^= 0x40;
        assertRefused("damaged", flipped);
    }

    @Test
    void shouldSetAsideWhatNobodyUsesAndDeleteWhatIsHalfDone() throws Exception {
        long weekMs = 7L * 24 * 60 * 60 * 1_000;
        long nowMs = 1_700_000_000_000L;
        Path code = folder.resolve("code");
        CodeStore store = new CodeStore(code);
        StoredCode kept = store.put(zip(entry("a", PLAIN, "kept")));
        StoredCode left = store.put(zip(entry("a", PLAIN, "left")));
        Files.createDirectories(code.resolve(".partial-7/files"));
        CodeStore again = new CodeStore(code);
        String name = code.relativize(again.zip(left.sha256())).getName(0).toString();
        Path unused = folder.resolve("unused").resolve(name);
        again.keepOnly(Set.of(kept.sha256()), nowMs);
        assertThat(again.files(kept.sha256())).exists();
        assertThat(again.files(left.sha256())).doesNotExist();
        assertThat(unused.resolve("files/a")).hasContent("left");
        try (Stream<Path> all = Files.list(code)) {
            assertThat(all).hasSize(1);
        }
        again.keepOnly(Set.of(kept.sha256()), nowMs + weekMs);
        assertThat(unused).exists();
        again.keepOnly(Set.of(kept.sha256()), nowMs + weekMs + 1);
        assertThat(unused).doesNotExist();
        assertThat(again.files(kept.sha256())).exists();
    }

    @Test
    void shouldUnpackAgainWhatAStopOfTheMachineHasTorn() throws Exception {
        CodeStore store = new CodeStore(folder, "boot 1");
        store.recover(Set.of());
        StoredCode torn = store.put(zip(entry("a", PLAIN, "whole"), entry("b", LINK, "a")));
        StoredCode lost = store.put(zip(entry("a", PLAIN, "lost")));
        Set<String> used = Set.of(torn.sha256(), lost.sha256());
        Files.writeString(store.files(torn.sha256()).resolve("a"), "");
        Files.writeString(store.files(torn.sha256()).resolveSibling("seal"), "");
        Files.write(store.zip(lost.sha256()), new byte[3]);
        CodeStore rebooted = new CodeStore(folder, "boot 2");
        assertThat(rebooted.recover(used))
                .singleElement()
                .asString()
                .contains(rebooted.files(lost.sha256()).getParent() + ": was torn");
        assertThat(rebooted.files(torn.sha256()).resolve("b")).hasContent("whole");
        assertThat(rebooted.put(Files.readAllBytes(rebooted.zip(torn.sha256()))))
                .isEqualTo(torn);
        assertThat(rebooted.files(lost.sha256())).doesNotExist();
        assertThat(rebooted.put(zip(entry("a", PLAIN, "lost")))).isEqualTo(lost);
        assertThat(rebooted.files(lost.sha256()).resolve("a")).hasContent("lost");
    }

    @Test
    void shouldUnpackAgainWhatSomebodyHasAlteredBetweenTwoStarts() throws Exception {
        CodeStore store = new CodeStore(folder, "boot");
        store.recover(Set.of());
        StoredCode whole = store.put(zip(entry("a", PLAIN, "whole")));
        StoredCode altered = store.put(zip(entry("a", PLAIN, "altered")));
        StoredCode lost = store.put(zip(entry("a", PLAIN, "lost")));
        Files.writeString(store.files(altered.sha256()).resolve("a"), "");
        Files.delete(store.files(lost.sha256()).resolve("a"));
        Files.write(store.zip(lost.sha256()), new byte[3]);
        CodeStore restarted = new CodeStore(folder, "boot");
        assertThat(restarted.recover(Set.of(whole.sha256(), altered.sha256(), lost.sha256())))
                .satisfiesExactlyInAnyOrder(
                        line -> assertThat(line)
                                .contains("a was altered: 0 bytes, 7 when it was unpacked; it is unpacked again"),
                        line -> assertThat(line).contains("a is gone; it is kept as damaged-"));
        assertThat(restarted.files(altered.sha256()).resolve("a")).hasContent("altered");
        assertThat(restarted.files(lost.sha256())).doesNotExist();
        assertThat(restarted.recover(Set.of(whole.sha256(), altered.sha256()))).isEmpty();
    }

    @Test
    void shouldTellWhatWasAlteredUntilTheSameIsPutAgain() throws Exception {
        CodeStore store = new CodeStore(folder);
        byte[] zip = zip(entry("a", PLAIN, "text"), entry("b/c", PLAIN, "more"), entry("d", LINK, "a"));
        StoredCode code = store.put(zip);
        Path files = store.files(code.sha256());
        assertThat(PackageSeal.isOn(files)).isTrue();
        assertThat(PackageSeal.problemOf(files)).isNull();
        Object unpacked = Files.getAttribute(files.resolve("a"), "unix:ctime");
        FileTime written = Files.getLastModifiedTime(files.resolve("a"));
        do { // the kernel's clock of files has ticks of some milliseconds
            Files.writeString(files.resolve("a"), "next");
            Files.setLastModifiedTime(files.resolve("a"), written);
        } while (Files.getAttribute(files.resolve("a"), "unix:ctime").equals(unpacked));
        assertThat(PackageSeal.problemOf(files)).isEqualTo("a was altered: 4 bytes, 4 when it was unpacked");
        assertThat(store.put(zip)).isEqualTo(code);
        assertThat(PackageSeal.problemOf(files)).isNull();
        assertThat(files.resolve("a")).hasContent("text");
        Files.writeString(files.resolve("b/new"), "");
        assertThat(PackageSeal.problemOf(files)).isEqualTo("b/new was not in it");
        CodeStore.deleteTree(files.resolve("b"));
        assertThat(PackageSeal.problemOf(files)).isEqualTo("b is gone");
        CodeStore.deleteTree(files);
        assertThat(PackageSeal.problemOf(files)).isEqualTo("its files cannot be read");
        assertThat(PackageSeal.isOn(folder.resolve("elsewhere"))).isFalse();
    }

    private record Entry(String name, int mode, String content) {}

    private static Entry entry(String name, int mode, String content) {
        return new Entry(name, mode, content);
    }

    private static byte[] zip(Entry... entries) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(bytes)) {
            for (Entry each : List.of(entries)) {
                ZipArchiveEntry entry = new ZipArchiveEntry(each.name);
                if (each.mode != 0) {
                    entry.setUnixMode(each.mode);
                }
                zip.putArchiveEntry(entry);
                zip.write(each.content.getBytes(StandardCharsets.UTF_8));
                zip.closeArchiveEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** 300 MB of zeros in a few hundred KB. */
    private static byte[] bomb() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(bytes)) {
            zip.putArchiveEntry(new ZipArchiveEntry("zeros"));
            byte[] zeros = new byte[1 << 20];
            for (int i = 0; i < 300; i++) {
                zip.write(zeros);
            }
            zip.closeArchiveEntry();
        }
        return bytes.toByteArray();
    }

    /** The table of contents says that the only entry has one byte. */
    private static void lie(byte[] zip) {
        for (int i = zip.length - 46; i >= 0; i--) {
            if (zip[i] == 'P' && zip[i + 1] == 'K' && zip[i + 2] == 1 && zip[i + 3] == 2) {
                zip[i + 24] = 1;
                zip[i + 25] = 0;
                zip[i + 26] = 0;
                zip[i + 27] = 0;
            }
        }
    }

    private void assertRefused(String part, Entry... entries) throws IOException {
        assertRefused(part, zip(entries));
    }

    private void assertRefused(String part, byte[] zip) throws IOException {
        CodeStore store = new CodeStore(folder);
        assertThatExceptionOfType(PackageRefused.class)
                .isThrownBy(() -> store.put(zip))
                .withMessageContaining(part);
        assertThat(folder).isEmptyDirectory();
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }
}
