package dev.thaw.sandbox.microvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thaw.sandbox.HostTraces;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MemoryDiskTest {
    @TempDir
    Path folder;

    @Test
    void shouldHoldAnImageFromItsStart() throws IOException {
        Path image = Files.writeString(folder.resolve("image"), "a function");
        MemoryDisk disk = MemoryDisk.empty(1 << 20);
        try {
            disk.write(image);
            assertThat(Files.size(disk.path())).isEqualTo(1 << 20);
            assertThat(Files.readAllBytes(disk.path())).startsWith(Files.readAllBytes(image));
        } finally {
            disk.close();
        }
    }

    @Test
    void shouldLeaveNothingOpenWhereTheKernelRefusesItsSize() throws IOException {
        Set<String> before = HostTraces.descriptors();
        assertThatThrownBy(() -> MemoryDisk.empty(-1)).isInstanceOf(IOException.class);
        assertThat(HostTraces.descriptors()).isSubsetOf(before);
    }
}
