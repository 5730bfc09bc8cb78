package dev.thaw.sandbox.microvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thaw.sandbox.HostTraces;
import dev.thaw.sandbox.kernel.Kernel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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

    /** The number of a closed descriptor is the next file's. */
    @Test
    void shouldWriteToNoOtherFileOnceItIsClosed() throws IOException {
        Path image = Files.writeString(folder.resolve("image"), "a function");
        Path other = Files.writeString(folder.resolve("other"), "somebody else's");
        MemoryDisk disk = MemoryDisk.empty(1 << 20);
        int before = Integer.parseInt(disk.path().getFileName().toString());
        disk.close();
        List<Integer> taken = new ArrayList<>();
        while (!taken.contains(before)) {
            taken.add((int) Kernel.check(Kernel.open(other.toString(), Kernel.O_RDWR), "open"));
        }
        try {
            assertThatThrownBy(() -> disk.write(image)).isInstanceOf(IOException.class);
            disk.close();
            assertThat(other).hasContent("somebody else's");
            assertThat(Path.of("/proc/self/fd/" + before)).exists();
        } finally {
            taken.forEach(Kernel::close);
        }
    }

    @Test
    void shouldLeaveNothingOpenWhereTheKernelRefusesItsSize() throws IOException {
        Set<String> before = HostTraces.descriptors();
        assertThatThrownBy(() -> MemoryDisk.empty(-1)).isInstanceOf(IOException.class);
        assertThat(HostTraces.descriptors()).isSubsetOf(before);
    }
}
