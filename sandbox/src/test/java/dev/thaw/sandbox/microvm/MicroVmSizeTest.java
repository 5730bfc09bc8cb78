package dev.thaw.sandbox.microvm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.sandbox.Architecture;
import dev.thaw.sandbox.Bench;
import dev.thaw.sandbox.ExitStatus;
import dev.thaw.sandbox.Functions;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Machines of the largest functions: six processors, and more memory than 32 bits address. */
@Tag("slow")
@Timeout(120)
final class MicroVmSizeTest {
    private static final int MOST_MIB = 10_240;

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(Architecture.class)
    void shouldHoldTheLargestFunction(Architecture architecture) {
        Path code = Functions.shell(folder, "size", "grep -c ^processor /proc/cpuinfo; grep MemTotal /proc/meminfo");
        try (MicroVmBackend backend = MicroVms.openOrSkip(architecture);
                Bench bench = new Bench(backend, Functions.spec("largest", code, MOST_MIB, architecture))) {
            String said = bench.start().outputAfter(new ExitStatus(0, 0, false));

            assertThat(said).startsWith("6\n");
            long kib = Long.parseLong(said.substring(said.indexOf(':') + 1).replaceAll("\\D", ""));
            assertThat(kib).isGreaterThan((long) MOST_MIB << 10);
        }
    }
}
