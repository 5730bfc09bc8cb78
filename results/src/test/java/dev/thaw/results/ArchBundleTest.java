package dev.thaw.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

final class ArchBundleTest {
    @TempDir
    private Path runs;

    /** Dot in four builds, one of them emulated; {@code checksum} is what that one gives. */
    static ArchRun run(String checksum) {
        return new ArchRun(
                "x86_64",
                List.of(new ArchRun.Kernel("dot", "multiply-adds", 4160, "00000000000000aa")),
                List.of(
                        new ArchRun.Build("x86_64-scalar", "C", "x86_64", "scalar", 0, null),
                        new ArchRun.Build("x86_64-sse2", "C", "x86_64", "sse2", 0, null),
                        new ArchRun.Build("java-vector", "Java", "x86_64", "vector", 512, null),
                        new ArchRun.Build("arm64-sve-256", "C", "arm64", "sve", 256, "qemu-aarch64")),
                List.of(
                        outcome("x86_64-scalar", "00000000000000aa", 1e9, Map.of("all", 27, "scalarFloat", 16)),
                        outcome("x86_64-sse2", "00000000000000aa", 4e9, Map.of("all", 50, "xmm", 24)),
                        outcome("java-vector", "00000000000000aa", 8e9, null),
                        new ArchRun.Outcome("dot", "arm64-sve-256", checksum, List.of(), Map.of("z", 23))),
                List.of("x86_64-avx512: this processor lacks avx512f"));
    }

    private static ArchRun.Outcome outcome(
            String build, String checksum, double unitsPerSecond, @Nullable Map<String, Integer> instructions) {
        List<Double> rounds = List.of(1.0, 1.1, 0.9, 1.0, 1.2, 0.8, 1.0);
        return new ArchRun.Outcome(
                "dot",
                build,
                checksum,
                rounds.stream().map(each -> each * unitsPerSecond).toList(),
                instructions);
    }

    private JsonNode summary(String checksum) throws IOException {
        Path directory = ArchBundle.write(run(checksum), "arch", "thaw arch", 7, Map.of("rounds", "7"), runs);
        RunBundle bundle = RunBundle.load(directory);
        assertThat(bundle.kind()).isEqualTo("arch");
        assertThat(bundle.manifest().path("seed").asInt()).isEqualTo(7);
        assertThat(bundle.manifest().path("emulated").asBoolean()).isTrue();
        assertThat(bundle.manifest().path("host").path("cpuModel").asString()).isNotEmpty();
        return bundle.summary();
    }

    @Test
    void shouldKeepSpeedRatioAndCostOfEachNativeBuild() throws IOException {
        JsonNode summary = summary("00000000000000aa");
        JsonNode builds = summary.path("kernels").path(0).path("builds");
        JsonNode vector = builds.path(2);

        assertThat(summary.path("architecture").asString()).isEqualTo("x86_64");
        assertThat(vector.path("build").asString()).isEqualTo("java-vector");
        assertThat(vector.path("unitsPerSecond").path("rounds").size()).isEqualTo(7);
        assertThat(vector.path("unitsPerSecond").path("median").asDouble()).isEqualTo(8e9);
        assertThat(vector.path("unitsPerSecond").path("low").asDouble()).isEqualTo(6.4e9, within(1.0));
        assertThat(vector.path("ratioTo").path("x86_64-scalar").path("median").asDouble())
                .isEqualTo(8, within(1e-9));
        assertThat(vector.path("ratioTo").path("x86_64-sse2").path("median").asDouble())
                .isEqualTo(2, within(1e-9));
        // 1769 MB at 0.0000166667 USD a GB-second, 125 s for 10^12 units.
        assertThat(vector.path("usdPerTrillionUnits").asDouble())
                .isEqualTo(1769 / 1024.0 * 0.0000166667 * 125, within(1e-9));
        assertThat(summary.path("usdPerGbSecond").path("x86_64").asDouble()).isEqualTo(0.0000166667);
        assertThat(summary.path("usdPerGbSecond").path("arm64").asDouble()).isEqualTo(0.0000133334);
        assertThat(builds.path(1).path("instructions").path("xmm").asInt()).isEqualTo(24);
        assertThat(vector.path("instructions").isNull()).isTrue();
    }

    @Test
    void shouldTellNoSpeedOfAnEmulatedBuild() throws IOException {
        JsonNode summary = summary("00000000000000aa");
        JsonNode emulated = summary.path("kernels").path(0).path("builds").path(3);

        assertThat(emulated.path("emulated").asBoolean()).isTrue();
        assertThat(emulated.path("unitsPerSecond").isNull()).isTrue();
        assertThat(emulated.path("ratioTo").isNull()).isTrue();
        assertThat(emulated.path("usdPerTrillionUnits").isNull()).isTrue();
        assertThat(summary.path("emulation").asString()).isEqualTo("mixed");
        assertThat(summary.path("builds").path(3).path("emulator").asString()).isEqualTo("qemu-aarch64");
        assertThat(summary.path("builds").path(3).path("vectorBits").asInt()).isEqualTo(256);
        assertThat(summary.path("verdict").path("withinBudget").asBoolean()).isTrue();
        assertThat(summary.path("notRun").path(0).asString()).contains("avx512f");
    }

    @Test
    void shouldSayWhichBuildIsWrong() throws IOException {
        JsonNode summary = summary("00000000000000bb");

        assertThat(run("00000000000000bb").agrees()).isFalse();
        assertThat(summary.path("verdict").path("withinBudget").asBoolean()).isFalse();
        assertThat(summary.path("verdict").path("overBudget").path(0).asString())
                .isEqualTo("dot in arm64-sve-256 gave 00000000000000bb, the reference 00000000000000aa");
        assertThat(summary.path("kernels").path(0).path("agree").asBoolean()).isFalse();
    }

    @Test
    void shouldRenderATableForEachKernel() throws IOException {
        Path directory = ArchBundle.write(run("00000000000000aa"), "arch", "thaw arch", 1, Map.of(), runs);

        assertThat(Files.readString(directory.resolve(Report.NAME)))
                .contains("All builds agree.", "<h2>dot</h2>", "M multiply-adds/s", "8,000", "8.00", "xmm 24")
                .contains("arm64-sve-256 <span class=\"badge\">emulated</span>", "this processor lacks avx512f")
                .doesNotContain("latency.hlog");
    }
}
