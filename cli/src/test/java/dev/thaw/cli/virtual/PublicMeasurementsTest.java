package dev.thaw.cli.virtual;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models out of public measurements of Lambda: in their formats, and in their own files where these are. */
final class PublicMeasurementsTest {
    private static final Path SHARED =
            Path.of("../../shared/traces").toAbsolutePath().normalize();

    @TempDir
    private Path directory;

    private static QuantileTable init(MeasuredFunction function) {
        return function.table(Part.INIT_FUNCTION).orElseThrow();
    }

    @Test
    void shouldReadDaysOfLambdaPerf() throws IOException {
        Files.writeString(directory.resolve("1.json"), """
                {"runtimeData":[{"d":"go","a":"x86_64","m":128,"i":[50.5,51.5]},{"d":"go","a":"arm64","m":128,"i":[1]},
                {"d":"rust","a":"x86_64","m":128,"i":[10]}]}""");
        Files.writeString(
                directory.resolve("2.json"),
                "{\"runtimeData\":[{\"d\":\"go\",\"a\":\"x86_64\",\"m\":256,\"i\":[60]}]}");

        MeasuredModel model = LambdaPerf.read(directory, "go", "x86_64");

        assertThat(init(model.pooled()).n()).isEqualTo(3);
        assertThat(init(model.pooled()).at(1)).isCloseTo(60_000_000, within(60_000));
        assertThat(model.functions()).extracting(MeasuredFunction::memoryMib).containsExactly(128, 256);
        assertThat(model.provenance()).containsEntry("dataset", "lambda-perf");
    }

    private static org.assertj.core.data.Offset<Long> within(long ns) {
        return org.assertj.core.data.Offset.offset(ns);
    }

    @Test
    void shouldReadSamplesOfLambdaPerf() throws IOException {
        Path file = Files.writeString(directory.resolve("samples.csv"), """
                date,runtime,package,memory_mb,arch,init_ms_samples
                2025-09-01,go,zip,128,x86_64,50.5;51.5
                2025-09-02,go,zip,128,x86_64,52.5;0
                2025-09-02,go,zip,256,x86_64,0.00
                """);

        MeasuredModel model = LambdaPerf.read(file, "go", "x86_64");

        assertThat(init(model.pooled()).n()).as("a zero is none").isEqualTo(3);
        assertThat(init(model.pooled()).at(0)).isGreaterThan(50_000_000);
        assertThat(model.functions()).extracting(MeasuredFunction::memoryMib).containsExactly(128);
    }

    @Test
    void shouldNameWhatIsWrongInOneLine() throws IOException {
        Path json = Files.writeString(directory.resolve("day.json"), "{\"runtimeData\": [");
        Path csv = Files.writeString(directory.resolve("s.csv"), """
                runtime,memory_mb,arch,init_ms_samples
                go,128,x86_64,50.5;fast
                """);
        Path good = Files.writeString(directory.resolve("good.csv"), """
                runtime,memory_mb,arch,init_ms_samples
                go,128,x86_64,50.5
                """);

        assertThatThrownBy(() -> LambdaPerf.read(json, "go", "x86_64")).hasMessage(json + ":1: not JSON");
        assertThatThrownBy(() -> LambdaPerf.read(csv, "go", "x86_64")).hasMessage(csv + ":2: init: 'fast', must be ms");
        assertThatThrownBy(() -> LambdaPerf.read(good, "cobol", "x86_64"))
                .hasMessage(good + ": runtime: 'cobol' on x86_64, must be one of go");
        assertThatThrownBy(() -> Cebert.read(directory, "go", "x86_64"))
                .hasMessageStartingWith(directory.resolve("cold.md") + ": cannot be read");
    }

    @Test
    void shouldReadTablesByMemorySize() throws IOException {
        String head = "| Memory (MB) | ARM64 Duration (ms) | ARM64 Init (ms) | x86 Duration (ms) | x86 Init (ms) |"
                + " ARM64 P99 (ms) | x86 P99 (ms) |\n|---:|---:|---:|---:|---:|---:|---:|\n";
        Files.writeString(directory.resolve("cold.md"), "## go\n" + head + "| 128 | 30 | 70 | 40 | 80 | 60 | 90 |\n");
        Files.writeString(
                directory.resolve("warm.md"),
                "## go\n" + head + "| 128 | 20 | 0 | 10 | 0 | 25 | 20 |\n## rust\n" + head
                        + "| 128 | 2 | 0 | 1 | 0 | 5 | 6 |\n");

        MeasuredModel model = Cebert.read(directory, "go", "x86_64");

        MeasuredFunction small = model.functions().getFirst();
        assertThat(init(small).at(0.5)).isEqualTo(80_000_000);
        QuantileTable work = small.table(Part.INVOKE).orElseThrow();
        assertThat(work.at(0.99)).isCloseTo(20_000_000, within(1_000));
        assertThat(work.at(0.5)).isBetween(9_000_000L, 10_000_000L);
    }

    @Test
    void shouldReadTheirOwnFiles() {
        assumeTrue(isThere(SHARED.resolve("lambda-perf")) && isThere(SHARED.resolve("lambda-arch-bench")));

        MeasuredModel perf = LambdaPerf.read(SHARED.resolve("lambda-perf"), "rust (prov.al2023)", "arm64");
        MeasuredModel cebert =
                Cebert.read(SHARED.resolve("lambda-arch-bench/cebert/november-2025/light"), "nodejs22", "arm64");

        assertThat(init(perf.pooled()).at(0.5)).isBetween(5_000_000L, 50_000_000L);
        // Inits hardly depend on memory: 334 ms at 128 MB, 333 ms at 2048 MB, in the table itself.
        assertThat(init(cebert.functions().getFirst()).at(0.5)).isBetween(325_000_000L, 340_000_000L);
        assertThat(init(cebert.functions().getLast()).at(0.5)).isBetween(325_000_000L, 340_000_000L);
    }

    private static boolean isThere(Path data) {
        boolean there = Files.isDirectory(data);
        if (!there) {
            System.out.println("skipped: " + data.getFileName() + " is not here");
        }
        return there;
    }
}
