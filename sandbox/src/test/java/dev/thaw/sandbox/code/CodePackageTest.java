package dev.thaw.sandbox.code;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CodePackageTest {
    @TempDir
    Path folder;

    @Test
    void shouldTakeAFolderAsItIs() throws IOException {
        assertThat(CodePackage.prepare(folder, folder.resolve("cache"))).isEqualTo(folder);
        assertThat(folder.resolve("cache")).doesNotExist();
    }

    @Test
    void shouldUnpackAZipOnceWithItsModes() throws IOException {
        Path zip = folder.resolve("code.zip");
        try (FileSystem content =
                FileSystems.newFileSystem(zip, Map.of("create", "true", "enablePosixFileAttributes", "true"))) {
            Files.writeString(content.getPath("/bootstrap"), "#!/bin/sh\n");
            Files.setPosixFilePermissions(content.getPath("/bootstrap"), PosixFilePermissions.fromString("rwxr-xr-x"));
            Files.createDirectory(content.getPath("/lib"));
            Files.writeString(content.getPath("/lib/data"), "secret");
            Files.setPosixFilePermissions(content.getPath("/lib/data"), PosixFilePermissions.fromString("rw-------"));
        }
        Path unpacked = CodePackage.prepare(zip, folder.resolve("cache"));
        assertThat(unpacked.resolve("bootstrap")).hasContent("#!/bin/sh\n").isExecutable();
        assertThat(modeOf(unpacked.resolve("lib/data"))).isEqualTo("rw-r--r--");
        assertThat(modeOf(unpacked)).isEqualTo("rwxr-xr-x");

        Files.writeString(unpacked.resolve("mark"), "kept");
        assertThat(CodePackage.prepare(zip, folder.resolve("cache"))).isEqualTo(unpacked);
        assertThat(unpacked.resolve("mark")).hasContent("kept");
    }

    private static String modeOf(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    @Test
    void shouldRefuseAnEntryThatLeadsOut() throws IOException {
        Path zip = zipWith("../../outside", new byte[] {1});
        assertThatThrownBy(() -> CodePackage.prepare(zip, folder.resolve("cache")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(zip.toString())
                .hasMessageNotContaining("\n");
        assertThat(folder.resolve("outside")).doesNotExist();
        assertThat(folder.resolve("cache")).isEmptyDirectory();
    }

    @Test
    void shouldRefuseMoreThanTheQuotaUnzipped() throws IOException {
        Path zip = zipWith("zeros", new byte[(250 << 20) + 1]);
        assertThatThrownBy(() -> CodePackage.prepare(zip, folder.resolve("cache")))
                .hasMessage(zip + ": holds more than 262144000 bytes unzipped (250 MiB)");
        assertThat(folder.resolve("cache")).isEmptyDirectory();
    }

    @Test
    void shouldNameWhatIsNoPackage() throws IOException {
        Path text = Files.writeString(folder.resolve("text.zip"), "no zip");
        assertThatThrownBy(() -> CodePackage.prepare(text, folder.resolve("cache")))
                .hasMessageStartingWith(text + ": cannot be read as a zip");
        assertThatThrownBy(() -> CodePackage.prepare(folder.resolve("absent"), folder))
                .hasMessage(folder.resolve("absent") + ": no such folder or zip");
    }

    private Path zipWith(String name, byte[] content) throws IOException {
        Path zip = folder.resolve("made.zip");
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
            out.putNextEntry(new ZipEntry(name));
            out.write(content);
            out.closeEntry();
        }
        return zip;
    }
}
