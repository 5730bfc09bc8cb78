package dev.thaw.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files that are not what they seem to be: one line that says where and what, exit code 2, and no bundle. */
@Tag("slow") // a verb for each broken file
final class ImportCommandTest {
    private static final String WRK = "Running 30s test @ http://x/\n  Thread Stats   Avg\n";
    private static final Map<String, String> BROKEN = Map.ofEntries(
            Map.entry("cut.json", "{\"runtimeData\":[{\"d\":\"go\",\n\"i\":[1,"),
            Map.entry("none.json", "{\"runtimeData\":7}"),
            Map.entry(
                    "word.json",
                    "{\"runtimeData\":[{\"d\":\"go\",\"a\":\"arm64\",\"m\":128,\"i\":[1]},"
                            + "{\"d\":\"go\",\"a\":\"arm64\",\"m\":128,\"i\":[\"fast\"]}]}"),
            Map.entry("day.csv", samples("yesterday,go,zip,128,arm64,50.5")),
            Map.entry("arch.csv", samples("2025-09-01,go,zip,128,mips,50.5")),
            Map.entry("memory.csv", samples("2025-09-01,go,zip,much,arm64,50.5")),
            Map.entry("below.csv", samples("2025-09-01,go,zip,128,arm64,50.5\n2025-09-01,go,zip,128,arm64,-1")),
            Map.entry("short.csv", samples("2025-09-01,go,zip")),
            Map.entry("empty.csv", samples("")),
            Map.entry(
                    "warm.md",
                    "## go\n| Memory (MB) | ARM64 Duration (ms) |\n|---:|---:|\n| 128 | 1.00 |\n| 256 | soon |\n"),
            Map.entry("cells.md", "## go\n| Memory (MB) | ARM64 Duration (ms) |\n|---:|---:|\n| 128 | 1.00 | 2.00 |\n"),
            Map.entry("power.json", "{\"stateMachine\":{\"visualization\":\"https://x/#gAA=;AACgQQ==;\"}}"),
            Map.entry("coded.json", "{\"stateMachine\":{\"visualization\":\"https://x/#%;;\"}}"),
            Map.entry(
                    "stats.json",
                    "{\"stateMachine\":{\"visualization\":\"\"},\"stats\":[{\"value\":128,\"averagePrice\":1}]}"),
            Map.entry("log.txt", "x\n2026-13-01T00:00:00Z REPORT RequestId: a Duration: 1 ms Memory Size: 128 MB\n"),
            Map.entry("json.log", "{\"type\":\"platform.start\"}\n{\"type\":\"platform.report\",\"record\":\n"),
            Map.entry("wrk.txt", WRK),
            Map.entry("unit.txt", WRK + "    Latency   1.00y    0.89ms  12.92ms   93.69%\n"),
            Map.entry("foil.json", "{\"statistics\":[{\"summary\":{\"percentileResponseTime\":{\"50.0\":null}}}]}"),
            Map.entry("jmh.json", "[{\"jmhVersion\":\"1.37\",\"benchmark\":\"x\",\"primaryMetric\":{}}]"),
            Map.entry("half.json", "[{\"jmhVersion\":\"1.37\""),
            Map.entry("bad.hlog", "#[StartTime: 0 (seconds since epoch)]\n0.0,1.0,2.0,HISTFAAA\n"),
            Map.entry("tagged.hlog", "#[Histogram log format version 1.3]\n"),
            Map.entry("packed.csv.gz", "date,runtime"),
            Map.entry("unknown.txt", "hello\n"));

    @TempDir
    private Path directory;

    private static String samples(String rows) {
        return "date,runtime,package,memory_mb,arch,init_ms_samples\n" + rows + "\n";
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "cut.json | :2: not JSON",
                "none.json | :1: runtimeData: missing, must be an array",
                "word.json | :1: runtimeData[1]: init: 'fast', must be ms",
                "day.csv | :2: date: 'yesterday', must be a date",
                "arch.csv | :2: arch: 'mips', must be x86_64 or arm64",
                "memory.csv | :2: memory_mb: 'much', must be MB",
                "below.csv | :3: init: '-1' ms, must be 0 to 1000000",
                "short.csv | :2: not lambda-perf's samples: ",
                "empty.csv | : holds nothing of lambda-perf",
                "warm.md | :5: ARM64 Duration (ms): 'soon', must be ms",
                "cells.md | :4: 3 cells, must be 2 as in the table's head",
                "power.json | :1: stateMachine.visualization: 1 sizes, but 1 times and 0 costs",
                "coded.json | :1: stateMachine.visualization: '%' is not base 64",
                "stats.json | :1: stats[0]: averageDuration: '', must be ms",
                "log.txt | :2: '2026-13-01T00:00:00Z' is no moment",
                "json.log | :2: not JSON",
                "wrk.txt | : not wrk: no line 'Requests/sec:': the output is cut off",
                "unit.txt | :3: latency.mean: '1.00y' is no time such as 12.5ms",
                "foil.json | :1: statistics[0]: latency.p50: ",
                "jmh.json | : JMH result: [0].primaryMetric.score: missing, must be a number",
                "half.json | : JMH result: not JSON",
                "bad.hlog | : not an interval log: ",
                "tagged.hlog | : holds no interval without a tag",
                "packed.csv.gz | : cannot be read: ",
                "unknown.txt | : looks like none of lambda-perf, cebert",
            })
    void shouldSayInOneLineWhatIsWrongAndLeaveNoBundle(String name, String what) throws IOException {
        Path file = Files.writeString(directory.resolve(name), BROKEN.getOrDefault(name, ""));
        Path runs = directory.resolve("runs");

        Cli cli = Cli.run("import", file.toString(), "--runs", runs.toString());

        assertThat(cli.errLines()).singleElement().asString().startsWith("thaw: " + file + what);
        assertThat(cli.exit()).isEqualTo(Main.EXIT_WRONG_USE);
        assertThat(cli.out()).isEmpty();
        assertThat(runs.toFile().list()).isNullOrEmpty();
    }

    @Test
    void shouldNameTheBundleThatItMade() throws IOException {
        Path file = Files.writeString(
                directory.resolve("log.txt"), "REPORT RequestId: a Duration: 1.5 ms Memory Size: 128 MB\n");
        Path runs = directory.resolve("runs");

        Cli cli = Cli.run("import", file.toString(), "--runs", runs.toString());

        assertThat(cli.exit()).isZero();
        assertThat(cli.out()).startsWith("run: " + runs).endsWith("-log\n");
    }
}
