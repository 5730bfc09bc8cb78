package dev.thaw.results.compare;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import dev.thaw.results.Phase;
import dev.thaw.results.RunBundle;
import dev.thaw.results.SampleStatus;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.HdrHistogram.HistogramLogProcessor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * The figures of a bundle against readers that share nothing with what wrote them: its rows, split at their commas and
 * sorted, and HdrHistogram's own log processor.
 */
final class IndependentReaderTest {
    private static final double RESOLUTION = 1e-3; // three digits

    @TempDir
    private Path directory;

    private Path bundle = Path.of("");
    private JsonNode summary = tools.jackson.databind.node.MissingNode.getInstance();
    private final List<Map<String, String>> rows = new ArrayList<>();

    @BeforeEach
    void recordOneRunWithATail() throws IOException {
        RunBundle run = RecordedRun.write(
                directory.resolve("runs"), RecordedRun.plan("tail", false, Map.of()), 7, (sample, random) -> {
                    long[] phases = sample.server.phasesNs;
                    phases[Phase.INVOKE.ordinal()] += random.nextInt(50) == 0 ? random.nextLong(90_000_000) : 0;
                    if (random.nextInt(20) == 0) {
                        sample.status = SampleStatus.THROTTLED;
                    }
                });
        bundle = run.directory();
        summary = run.summary();
        try (BufferedReader in = new BufferedReader(new InputStreamReader(
                new ZstdInputStreamNoFinalizer(Files.newInputStream(bundle.resolve("invocations.csv.zst"))),
                StandardCharsets.UTF_8))) {
            List<String> head = List.of(in.readLine().split(",", -1));
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String[] fields = line.split(",", -1);
                Map<String, String> row = new java.util.HashMap<>();
                for (int i = 0; i < fields.length; i++) {
                    row.put(head.get(i), fields[i]);
                }
                rows.add(row);
            }
        }
    }

    /** Ascending. */
    private long[] ofRows(String from, String to, Predicate<Map<String, String>> which) {
        return rows.stream()
                .filter(which)
                .mapToLong(row -> number(row, to) - number(row, from))
                .sorted()
                .toArray();
    }

    private static long number(Map<String, String> row, String column) {
        return Long.parseLong(row.getOrDefault(column, ""));
    }

    private static boolean ran(Map<String, String> row) {
        return "ok".equals(row.get("status"));
    }

    @Test
    void shouldTellThePercentilesOfTheRowsInItsSummary() {
        long[] latency = ofRows("intended_start_ns", "done_ns", IndependentReaderTest::ran);
        long[] service = ofRows("sent_ns", "done_ns", IndependentReaderTest::ran);

        assertThat(rows).hasSize(RecordedRun.SECONDS * RecordedRun.PER_SECOND);
        assertThat(latency.length).isBetween(1_400, 1_590);
        assertSame(summary.path("latencyUs").path("fromIntended"), latency);
        assertSame(summary.path("latencyUs").path("service"), service);
    }

    private static void assertSame(JsonNode us, long[] ns) {
        assertThat(us.path("count").asLong()).isEqualTo(ns.length);
        Map.of("p50", 0.5, "p90", 0.9, "p99", 0.99, "p999", 0.999, "max", 1.0).forEach((key, share) -> {
            double exactUs = ns[(int) Math.ceil(share * ns.length - 1e-9) - 1] / 1e3;
            assertThat(us.path(key).asDouble())
                    .as(key)
                    .isBetween(exactUs * (1 - RESOLUTION), exactUs * (1 + RESOLUTION));
        });
    }

    @Test
    void shouldCountWhatHdrHistogramsOwnToolCounts() throws IOException, InterruptedException {
        assertSame(processed("latency.hlog", ""), ofRows("intended_start_ns", "done_ns", IndependentReaderTest::ran));
        assertSame(processed("service.hlog", ""), ofRows("sent_ns", "done_ns", IndependentReaderTest::ran));
        for (String function : List.of("echo", "resize")) {
            assertSame(
                    processed("latency.hlog", function),
                    ofRows("intended_start_ns", "done_ns", row -> ran(row) && function.equals(row.get("function"))));
        }
    }

    /** Value in ns and how many are at most so long, line by line. */
    private List<String[]> processed(String log, String tag) throws IOException, InterruptedException {
        Path out = directory.resolve(log + tag);
        List<String> arguments = new ArrayList<>(
                List.of("-i", bundle.resolve(log).toString(), "-o", out.toString(), "-outputValueUnitRatio", "1"));
        arguments.addAll(tag.isEmpty() ? List.of() : List.of("-tag", tag));
        Thread processor = new HistogramLogProcessor(arguments.toArray(String[]::new));
        processor.start();
        processor.join();
        try (var lines = Files.lines(Path.of(out + ".hgrm"))) {
            return lines.filter(line -> line.matches("\\s*[0-9.]+\\s+[0-9.]+\\s+[0-9]+.*"))
                    .map(line -> line.strip().split("\\s+"))
                    .toList();
        }
    }

    private static void assertSame(List<String[]> lines, long[] ns) {
        assertThat(lines.size()).isGreaterThan(20);
        for (String[] line : lines) {
            double atMost = Double.parseDouble(line[0]);
            assertThat(Arrays.stream(ns).filter(each -> each <= atMost).count())
                    .as("rows of at most %s ns", line[0])
                    .isEqualTo(Long.parseLong(line[2]));
        }
        assertThat(lines.getLast()[2]).isEqualTo(Integer.toString(ns.length));
    }
}
