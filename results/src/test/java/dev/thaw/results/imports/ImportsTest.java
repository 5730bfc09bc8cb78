package dev.thaw.results.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.thaw.results.RunBundle;
import dev.thaw.results.compare.Comparison;
import dev.thaw.results.compare.ComparisonSettings;
import dev.thaw.results.compare.ComparisonSettings.UnitChoice;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Files as other tools write them, small ones. */
final class ImportsTest {
    @TempDir
    private Path directory;

    private RunBundle only(Path file) throws IOException {
        return only(file, null);
    }

    private RunBundle only(Path file, @Nullable String architecture) throws IOException {
        List<RunBundle> bundles = bundles(architecture, file);
        assertThat(bundles).hasSize(1);
        return bundles.getFirst();
    }

    private List<RunBundle> bundles(@Nullable String architecture, Path... files) throws IOException {
        Imports imports =
                new Imports(Imports.AUTO, null, architecture, 1_000, "thaw import", directory.resolve("runs"));
        List<RunBundle> bundles = new ArrayList<>();
        for (Path bundle : imports.of(List.of(files))) {
            bundles.add(RunBundle.load(bundle));
        }
        return bundles;
    }

    private Path file(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }

    private static JsonNode metric(RunBundle bundle, String cell, String metric) {
        for (JsonNode each : bundle.summary().path("cells")) {
            if (each.path("name").asString("").equals(cell)) {
                return each.path("metrics").path(metric);
            }
        }
        throw new AssertionError(cell + " is not in " + bundle.summary());
    }

    private static double mean(RunBundle bundle, String cell, String metric) {
        return metric(bundle, cell, metric).path("mean").asDouble();
    }

    @Test
    void shouldReadTheDailyJsonOfLambdaPerfIntoABundleForEachArchitecture() throws IOException {
        Path day = file("day.json", """
                {"metadata":{"generatedAt":"2026-02-01T14:00:07.716Z"},"runtimeData":[
                 {"r":"x","p":"zip","d":"go (al2)","i":[50,60,70],"m":128,"a":"x86_64","mu":20,"ad":40,"acd":60},
                 {"r":"y","p":"zip","d":"go (al2)","i":[40,44,48],"m":128,"a":"arm64","mu":20,"ad":30,"acd":44}]}
                """);
        List<RunBundle> bundles = bundles(null, day);

        assertThat(bundles)
                .extracting(each -> each.manifest()
                        .path("configuration")
                        .path("architecture")
                        .asString())
                .containsExactly("arm64", "x86_64");
        RunBundle x86 = bundles.getLast();
        assertThat(metric(x86, "go (al2)/zip/128", "init").path("p50").asDouble())
                .isEqualTo(60);
        assertThat(metric(x86, "go (al2)/zip/128", "init").path("count").asInt())
                .isEqualTo(3);
        // 0.1 s of an eighth of a GB, and a request.
        assertThat(mean(x86, "go (al2)/zip/128", "coldStartCost"))
                .isCloseTo(1e6 * 0.1 / 8 * 0.0000166667 + 0.2, within(1e-9));
        JsonNode source = x86.manifest().path("source");
        assertThat(source.path("format").asString()).isEqualTo("lambda-perf");
        assertThat(source.path("files").path(0).path("name").asString()).isEqualTo("day.json");
        assertThat(source.path("files").path(0).path("sha256").asString()).matches("[0-9a-f]{64}");
        assertThat(x86.manifest().has("host")).isFalse();
        assertThat(x86.kind()).isEqualTo("imported");
        assertThat(Files.readString(x86.directory().resolve("report.html"))).contains("go (al2)/zip/128");
    }

    @Test
    void shouldReadTablesOfCebertWithTheSpeedRelativeToOneVcpu() throws IOException {
        Path folder = Files.createDirectories(directory.resolve("cpu-intensive"));
        Path table = Files.writeString(folder.resolve("warm.md"), """
                ## rust
                ### Performance Comparison
                | Memory (MB) | ARM64 Duration (ms) | ARM64 Init (ms) | x86 Duration (ms) | x86 Init (ms) | Perf Improvement | ARM64 P99 (ms) | x86 P99 (ms) |
                | ----------: | :---: |:---|---:|---:|---:|---:|---:|
                |         128 |  1000.00 | 0.00 | 2000.00 | 0.00 | +1% | 1100.00 | 2200.00 |
                |        1769 |   100.00 | 0.00 |  N/A    | N/A  | N/A |  110.00 | N/A |
                ### Cost Analysis (Region: us-east-2)
                | Memory (MB) | ARM64 Cost/1M | x86 Cost/1M | Cost Savings | Winner |
                |         128 | $ 1 | $ 2 | 3% | ARM64 |
                """);
        List<RunBundle> bundles = bundles(null, table);

        assertThat(mean(bundles.getFirst(), "cpu-intensive/warm/rust/128", "speedOf1769MB"))
                .isEqualTo(0.1);
        assertThat(mean(bundles.getFirst(), "cpu-intensive/warm/rust/1769", "speedOf1769MB"))
                .isEqualTo(1);
        assertThat(mean(bundles.getLast(), "cpu-intensive/warm/rust/128", "duration.p99"))
                .isEqualTo(2200);
        assertThat(metric(bundles.getLast(), "cpu-intensive/warm/rust/128", "speedOf1769MB")
                        .isMissingNode())
                .isTrue();
    }

    @Test
    void shouldReadReportLinesOfALog() throws IOException {
        RunBundle bundle = only(file("log.txt", """
                2026-02-01T14:00:00.000Z START RequestId: a Version: $LATEST
                2026-02-01T14:00:00.200Z REPORT RequestId: a\tDuration: 10.50 ms\tBilled Duration: 111 ms\tMemory Size: 512 MB\tMax Memory Used: 40 MB\tInit Duration: 100.25 ms\t
                REPORT RequestId: b\tDuration: 2.50 ms\tBilled Duration: 3 ms\tMemory Size: 512 MB\tMax Memory Used: 41 MB\t
                """), "arm64");

        assertThat(metric(bundle, "512 MB", "duration").path("count").asInt()).isEqualTo(2);
        assertThat(metric(bundle, "512 MB", "duration").path("max").asDouble()).isEqualTo(10.5);
        assertThat(mean(bundle, "512 MB", "init")).isEqualTo(100.25);
        assertThat(mean(bundle, "512 MB", "billedDuration")).isEqualTo(57);
        assertThat(mean(bundle, "512 MB", "cost")).isCloseTo(0.2 + 1e6 * 0.057 / 2 * 0.0000133334, within(1e-9));
    }

    @Test
    void shouldReadEveryReportOfALineOfJsonThatHoldsEvents() throws IOException {
        RunBundle bundle = only(file("events.json", """
                {"events":[{"at":"2026-02-01T14:00:00.000Z","message":"START RequestId: a"},
                """.stripTrailing() + """
                {"at":"2026-02-01T14:00:01.000Z","message":"REPORT RequestId: a\\tDuration: 10.50 ms\\tBilled Duration: 11 ms\\tMemory Size: 512 MB\\tMax Memory Used: 40 MB\\tInit Duration: 100.25 ms\\t\\n"},
                """.stripTrailing() + """
                {"at":"2026-02-01T14:00:02.000Z","message":"REPORT RequestId: b\\tDuration: 2.50 ms\\tBilled Duration: 3 ms\\tMemory Size: 512 MB\\tMax Memory Used: 41 MB\\t\\n"}]}
                """));

        JsonNode duration = metric(bundle, "512 MB", "duration");
        assertThat(duration.path("count").asInt()).isEqualTo(2);
        assertThat(duration.path("mean").asDouble()).isEqualTo(6.5);
        assertThat(metric(bundle, "512 MB", "init").path("count").asInt()).isEqualTo(1);
        JsonNode range = bundle.manifest().path("timeRange");
        assertThat(range.path("toSeconds").asDouble()
                        - range.path("fromSeconds").asDouble())
                .isEqualTo(1);
    }

    @Test
    void shouldReadReportsOfLogsInJson() throws IOException {
        RunBundle bundle = only(file("json.log", """
                {"time":"2026-02-01T14:00:00.000Z","type":"platform.start","record":{"requestId":"a"}}
                {"time":"2026-02-01T14:00:00.200Z","type":"platform.report","record":{"requestId":"a","status":"success",
                """.stripTrailing() + """
                "metrics":{"durationMs":10.5,"billedDurationMs":111,"memorySizeMB":512,"maxMemoryUsedMB":40,"initDurationMs":100.25}}}
                """));

        assertThat(mean(bundle, "512 MB", "duration")).isEqualTo(10.5);
        assertThat(mean(bundle, "512 MB", "billedDuration")).isEqualTo(111);
        assertThat(mean(bundle, "512 MB", "init")).isEqualTo(100.25);
        assertThat(mean(bundle, "512 MB", "memoryUsed")).isEqualTo(40);
        assertThat(bundle.manifest().path("timeRange").path("fromSeconds").asDouble())
                .isEqualTo(1769954400.2);
    }

    @Test
    void shouldReadPowerTuningWithAndWithoutStatistics() throws IOException {
        // 128 and 256 MB, 20 and 10 ms, 0.0001 and 0.0002 USD.
        RunBundle picture = only(file("picture.json", """
                {"power":256,"cost":0.0002,"duration":10,"stateMachine":{"executionCost":0.1,"lambdaCost":0.1,
                 "visualization":"https://example.org/#gAAAAQ==;AACgQQAAIEE=;F7fROBe3UTk="}}
                """));
        RunBundle stats = only(file("stats.json", """
                {"power":256,"cost":0.0002,"duration":10,"stateMachine":{"visualization":"https://example.org/#x"},
                 "stats":[{"averagePrice":0.0001,"averageDuration":20,"totalCost":1,"value":128}]}
                """));

        assertThat(mean(picture, "128 MB", "duration")).isEqualTo(20);
        assertThat(mean(picture, "256 MB", "duration")).isEqualTo(10);
        assertThat(mean(picture, "256 MB", "cost")).isCloseTo(200.2, within(0.001));
        assertThat(mean(stats, "128 MB", "cost")).isCloseTo(100.2, within(1e-9));
    }

    @Test
    void shouldReadWhatWrkPrintsAndCompareSeveralRunsOfIt() throws IOException {
        List<Path> files = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            int us = (i < 5 ? 250 : 300) + i;
            files.add(file("wrk" + i + ".txt", """
                    Running 30s test @ http://127.0.0.1:8080/
                      2 threads and 10 connections
                      Thread Stats   Avg      Stdev     Max   +/- Stdev
                        Latency   635.91us    0.89ms  12.92ms   93.69%%
                        Req/Sec    56.20k     8.07k   62.00k    86.54%%
                      Latency Distribution
                         50%%  %d.00us
                         99%%    5.80ms
                      1000 requests in 30.00s, 17.76GB read
                      Non-2xx or 3xx responses: 10
                    Requests/sec: 748868.53
                    """.formatted(us)));
        }
        List<RunBundle> runs = bundles(null, files.toArray(Path[]::new));

        assertThat(runs).hasSize(10);
        assertThat(mean(runs.getFirst(), "", "latency.p50")).isEqualTo(250);
        assertThat(mean(runs.getFirst(), "", "latency.p99")).isEqualTo(5800);
        assertThat(mean(runs.getFirst(), "", "latency.max")).isEqualTo(12920);
        assertThat(mean(runs.getFirst(), "", "throughput")).isEqualTo(748868.53);
        assertThat(mean(runs.getFirst(), "", "failures")).isEqualTo(0.01);
        ComparisonSettings p50 =
                new ComparisonSettings(UnitChoice.AUTO, false, Set.of("latency.p50"), null, 0, 1, 500, 1999);
        Comparison comparison = Comparison.of(runs.subList(0, 5), runs.subList(5, 10), p50);
        assertThat(comparison.findings())
                .singleElement()
                .satisfies(each -> assertThat(each.verdict().key()).isEqualTo("worse"));
    }

    @Test
    void shouldReadTotalsOfHyperfoil() throws IOException {
        RunBundle bundle = only(file("total.json", """
                {"status":"TERMINATED","statistics":[{"phase":"steady","metric":"get","summary":
                 {"startTime":1000,"endTime":11000,"minResponseTime":1,"meanResponseTime":2000000,
                  "maxResponseTime":9000000,"percentileResponseTime":{"50.0":1500000,"99.9":8000000},
                  "requestCount":500,"responseCount":500}}]}
                """));

        assertThat(mean(bundle, "steady/get", "latency.p50")).isEqualTo(1500);
        assertThat(mean(bundle, "steady/get", "latency.p999")).isEqualTo(8000);
        assertThat(mean(bundle, "steady/get", "throughput")).isEqualTo(50);
    }

    @Test
    void shouldReadJmhAndIntervalLogsAsWhatTheyAre() throws IOException {
        RunBundle jmh = only(file("result.json", """
                [{"jmhVersion":"1.37","benchmark":"x.Y.run","mode":"avgt","threads":1,
                  "primaryMetric":{"score":1.5,"scoreUnit":"us/op","rawData":[[1,2]]},"secondaryMetrics":{}}]
                """));
        Path log = directory.resolve("latency.hlog");
        try (PrintStream out = new PrintStream(log.toFile(), StandardCharsets.UTF_8)) {
            HistogramLogWriter writer = new HistogramLogWriter(out);
            writer.outputLogFormatVersion();
            writer.outputStartTime(1_700_000_000_000L); // intervals count from it
            writer.outputLegend();
            for (int second = 0; second < 4; second++) {
                Histogram histogram = new Histogram(3);
                histogram.recordValueWithCount(1500 + second, 100); // us
                writer.outputIntervalHistogram(second, second + 1, histogram, 1);
            }
        }
        RunBundle hlog = only(log);

        assertThat(jmh.kind()).isEqualTo("jmh");
        assertThat(jmh.manifest().path("source").path("imported").asBoolean()).isTrue();
        assertThat(jmh.manifest().has("host")).isFalse();
        assertThat(hlog.summary()
                        .path("latencyUs")
                        .path("fromIntended")
                        .path("p50")
                        .asDouble())
                .isCloseTo(1501, within(2.0));
        assertThat(hlog.manifest().path("durationNs").asLong()).isEqualTo(4_000_000_000L);
        Comparison same = Comparison.of(List.of(hlog), List.of(only(log)), ComparisonSettings.defaults());
        assertThat(same.findings()).anyMatch(each -> each.metric().name().equals("latency.p50"));
        // Four intervals: more stretches would be empty.
        assertThat(same.design().a()).isEqualTo(4);
    }

    @Test
    void shouldSayInOneLineWhatItCannotRead() throws IOException {
        Path unknown = file("unknown.txt", "hello\n");
        Path cut = file("cut.txt", "Running 30s test @ http://x/\n  Thread Stats   Avg\n");
        Path report = file("report.txt", "REPORT RequestId: a\tDuration: 1 ms\n");

        assertThatThrownBy(() -> only(unknown)).hasMessageStartingWith(unknown + ": looks like none of lambda-perf, ");
        assertThatThrownBy(() -> only(cut))
                .hasMessage(cut + ": not wrk: no line 'Requests/sec:': the output is cut off");
        assertThatThrownBy(() -> only(report)).hasMessage(report + ":1: a REPORT line without Memory Size");
        assertThatThrownBy(() -> new Imports("x", null, null, 1, "", directory))
                .hasMessageStartingWith("--format: 'x', must be auto or one of");
        assertThatThrownBy(() -> new Imports("wrk", null, "mips", 1, "", directory))
                .hasMessage("--architecture: 'mips', must be x86_64 or arm64");
    }

    /** No init that anybody measured took no time; warm starts have a 0 where they had none. */
    @Test
    void shouldTakeAZeroForNone() throws IOException {
        Path samples = file("samples.csv", """
                date,runtime,package,memory_mb,arch,avg_max_memory_used_mb,avg_duration_ms,avg_init_ms,init_ms_samples
                2025-09-01,go,zip,128,x86_64,0,0,25,0;50.5;0.00;51.5;
                """);
        RunBundle bundle = only(samples);

        assertThat(metric(bundle, "go/zip/128", "init").path("count").asInt()).isEqualTo(2);
        assertThat(mean(bundle, "go/zip/128", "init")).isEqualTo(51);
        assertThat(metric(bundle, "go/zip/128", "firstInvoke").isMissingNode()).isTrue();
        assertThat(metric(bundle, "go/zip/128", "coldStartCost").isMissingNode())
                .isTrue();
    }

    @Test
    void shouldReadTheCorrectedLatenciesOfWrk2AndCountBrokenConnections() throws IOException {
        RunBundle bundle = only(file("wrk2.txt", """
                Running 30s test @ http://127.0.0.1:8080/
                  Thread calibration: mean lat.: 1.0ms, rate sampling interval: 10ms
                  Thread Stats   Avg      Stdev     Max   +/- Stdev
                    Latency     1.00ms    0.89ms  12.92ms   93.69%
                  Latency Distribution (HdrHistogram - Recorded Latency)
                 50.000%    1.50ms
                 99.900%    9.00ms
                  Latency Distribution (HdrHistogram - Uncorrected Latency (measured without taking delayed starts into account))
                 50.000%    0.50ms
                 99.900%    1.00ms
                  90 requests in 30.00s, 1.00MB read
                  Socket errors: connect 1, read 2, write 3, timeout 4
                  Non-2xx or 3xx responses: 15
                Requests/sec:      3.00
                """));

        assertThat(mean(bundle, "", "latency.p50")).isEqualTo(1500);
        assertThat(mean(bundle, "", "latency.p999")).isEqualTo(9000);
        assertThat(mean(bundle, "", "failures")).isEqualTo(0.25);
    }

    @Test
    void shouldReadWhatBeginsWithAMarkOrWithBlanks() throws IOException {
        String day = """
                {"metadata":{"generatedAt":"2026-02-01T04:00:00Z"},"runtimeData":[
                 {"d":"go","p":"zip","m":128,"a":"arm64","i":["50.1"],"ad":1.5,"mu":20}]}
                """;
        String table = """
                date,runtime,package,memory_mb,arch,avg_duration_ms,avg_max_memory_used_mb,init_ms_samples
                2026-02-01,go,zip,128,arm64,1.5,20,50.1
                """;

        for (String text : List.of("\uFEFF" + day, "\r\n  " + day, "\uFEFF" + table)) {
            RunBundle bundle = only(file("day" + text.hashCode(), text));
            assertThat(bundle.summary().path("format").asString()).isEqualTo("lambda-perf");
            assertThat(mean(bundle, "go/zip/128", "init")).isEqualTo(50.1);
        }
    }

    @Test
    void shouldReadPackedLogsAndResults() throws IOException {
        Path log = directory.resolve("latency.hlog.gz");
        try (PrintStream out =
                new PrintStream(new GZIPOutputStream(Files.newOutputStream(log)), false, StandardCharsets.UTF_8)) {
            Histogram histogram = new Histogram(3);
            histogram.recordValueWithCount(1000, 100);
            HistogramLogWriter writer = new HistogramLogWriter(out);
            writer.outputStartTime(1_700_000_000_000L);
            writer.outputLegend();
            writer.outputIntervalHistogram(0, 1, histogram, 1);
        }

        RunBundle bundle = only(log);
        assertThat(bundle.summary()
                        .path("latencyUs")
                        .path("fromIntended")
                        .path("count")
                        .asLong())
                .isEqualTo(100);
        assertThat(bundle.manifest()
                        .path("source")
                        .path("files")
                        .path(0)
                        .path("name")
                        .asString())
                .isEqualTo("latency.hlog.gz");
    }

    @Test
    void shouldLeaveNothingOfASetInWhichOneFileIsBroken() throws IOException {
        Path good = file("good.txt", "REPORT RequestId: a\tDuration: 1 ms\tMemory Size: 128 MB\n");
        Path bad = file("bad.txt", "\nREPORT RequestId: a\tDuration: x ms\tMemory Size: 128 MB\n");

        assertThat(only(good).kind()).isEqualTo("imported");
        assertThatThrownBy(() -> bundles(null, good, bad)).hasMessage(bad + ":2: Duration: 'x', must be ms");
        try (Stream<Path> left = Files.list(directory.resolve("runs"))) {
            assertThat(left).as("of the first call").hasSize(1);
        }
    }
}
