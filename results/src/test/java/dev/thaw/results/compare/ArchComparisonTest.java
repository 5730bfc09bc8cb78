package dev.thaw.results.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.thaw.results.ArchBundle;
import dev.thaw.results.ArchRun;
import dev.thaw.results.RunBundle;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kernels on hosts of two architectures, each native, stand side by side with both prices; emulated ones do not. */
final class ArchComparisonTest {
    private static final String CHECKSUM = "00000000000000aa";
    private static final ComparisonSettings SETTINGS =
            new ComparisonSettings(ComparisonSettings.UnitChoice.AUTO, false, java.util.Set.of(), null, 0, 1, 300, 999);

    @TempDir
    private Path runs;

    private record Speed(ArchRun.Build build, double perSecond) {}

    private static Speed c(String architecture, String instructionSet, int bits, double perSecond) {
        String name = architecture + "-" + instructionSet;
        return new Speed(new ArchRun.Build(name, "C", architecture, instructionSet, bits, null), perSecond);
    }

    private static Speed emulated(String architecture, String instructionSet) {
        String name = architecture + "-" + instructionSet;
        return new Speed(new ArchRun.Build(name, "C", architecture, instructionSet, 128, "qemu"), 0);
    }

    private static Speed java(String architecture, double perSecond) {
        return new Speed(new ArchRun.Build("java-vector", "Java", architecture, "vector", 128, null), perSecond);
    }

    private RunBundle host(String architecture, Speed... speeds) throws IOException {
        ArchRun run = new ArchRun(
                architecture,
                List.of(new ArchRun.Kernel("dot", "multiply-adds", 4160, CHECKSUM)),
                List.of(speeds).stream().map(Speed::build).toList(),
                List.of(speeds).stream().map(ArchComparisonTest::outcome).toList(),
                List.of());
        return RunBundle.load(
                ArchBundle.write(run, "arch-" + architecture, "thaw arch", 7, Map.of("rounds", "7"), runs));
    }

    private static ArchRun.Outcome outcome(Speed speed) {
        List<Double> rounds = speed.perSecond == 0
                ? List.of()
                : DoubleStream.of(1.0, 1.01, 0.99, 1.0, 1.02, 0.98, 1.0)
                        .mapToObj(each -> each * speed.perSecond)
                        .toList();
        @Nullable Map<String, Integer> instructions = null;
        return new ArchRun.Outcome("dot", speed.build.name(), CHECKSUM, rounds, instructions);
    }

    private static Finding finding(Comparison comparison, String cell, String metric) {
        return comparison.cells().getOrDefault(cell, List.of()).stream()
                .filter(each -> each.metric().name().equals(metric))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void shouldPutTwoHostsSideBySideWithThePriceOfEither() throws IOException {
        RunBundle x86 = host(
                "x86_64",
                c("x86_64", "scalar", 0, 1e9),
                c("x86_64", "sse2", 128, 2e9),
                c("x86_64", "avx2", 256, 4e9),
                java("x86_64", 8e9),
                emulated("arm64", "neon"));
        RunBundle arm = host(
                "arm64",
                c("arm64", "scalar", 0, 0.9e9),
                c("arm64", "neon", 128, 3e9),
                java("arm64", 8e9),
                emulated("x86_64", "avx2"));

        Comparison comparison = Comparison.of(List.of(x86), List.of(arm), SETTINGS);

        assertThat(comparison.cells().keySet())
                .containsExactly("dot, C scalar", "dot, C vectors, fastest", "dot, java-vector");
        Finding vectors = finding(comparison, "dot, C vectors, fastest", "speed");
        assertThat(vectors.estimate().ratio()).as("neon to avx2").isCloseTo(0.75, within(1e-9));
        assertThat(vectors.verdict()).isEqualTo(Verdict.WORSE);
        assertThat(finding(comparison, "dot, java-vector", "speed").verdict()).isEqualTo(Verdict.UNDECIDED);
        // As fast, but 20 % cheaper: 125 s of a vCPU's 1,769 MB.
        Finding cost = finding(comparison, "dot, java-vector", "cost");
        assertThat(cost.estimate().a()).isCloseTo(1769 / 1024.0 * 0.0000166667 * 125, within(1e-5));
        assertThat(cost.estimate().b()).isCloseTo(1769 / 1024.0 * 0.0000133334 * 125, within(1e-5));
        assertThat(cost.verdict()).isEqualTo(Verdict.BETTER);
        assertThat(comparison.notes())
                .contains("List price of a GB-second: 0.0000133334 USD on arm64, 0.0000166667 USD on x86_64.");
        assertThat(new ComparisonTable(comparison).text()).contains("0.0000166667 USD on x86_64");
    }

    @Test
    void shouldRefuseEmulatedSpeedAgainstNative() throws IOException {
        RunBundle x86 = host("x86_64", c("x86_64", "scalar", 0, 1e9));
        RunBundle emulated = host("x86_64", emulated("arm64", "scalar"));

        assertThatThrownBy(() -> Comparison.of(List.of(x86), List.of(emulated), SETTINGS))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("compare: " + emulated.id() + " ran emulated, " + x86.id()
                        + " native: emulated speed says nothing about a processor");
    }
}
