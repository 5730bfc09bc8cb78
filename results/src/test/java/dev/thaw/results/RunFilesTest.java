package dev.thaw.results;

import static dev.thaw.results.RecordedSamples.MILLI_NS;
import static dev.thaw.results.RecordedSamples.assertNear;
import static dev.thaw.results.RecordedSamples.ok;
import static dev.thaw.results.RecordedSamples.plan;
import static dev.thaw.results.RecordedSamples.record;
import static dev.thaw.results.RecordedSamples.summaryOf;
import static dev.thaw.results.SyntheticRun.SECOND_NS;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.ZstdInputStream;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogProcessor;
import org.HdrHistogram.HistogramLogReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Rows, interval logs, seconds and fleet, as other programs read them. */
final class RunFilesTest {
    @TempDir
    private Path runs;

    @Test
    void shouldWriteOneRowForEachInvocationWhosePhasesAddUp() throws IOException {
        SyntheticRun run = new SyntheticRun(5, 2, 500);
        List<NamedCsvRecord> rows = rows(run.record("rows", runs).bundle());

        assertThat(rows).hasSize(1_000);
        int known = 0;
        for (NamedCsvRecord row : rows) {
            if (row.getField("queue_ns").isEmpty()) {
                continue;
            }
            known++;
            long sumNs = number(row, "outside_ns");
            for (Phase phase : Phase.ALL) {
                sumNs += number(row, phase.key().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT) + "_ns");
            }
            assertThat(sumNs).isEqualTo(number(row, "done_ns") - number(row, "sent_ns"));
        }
        assertThat(known).isGreaterThan(900);
    }

    @Test
    void shouldQuoteNamesAndLeaveTheUnknownEmpty() throws IOException {
        RunPlan plan = SyntheticRun.plan("quote", List.of("a,\"b\" c"), 1, SECOND_NS);
        Sample sample = ok(0, 5, 7, 0);
        sample.status = SampleStatus.LOST;

        Path bundle = record(runs, plan, List.of(sample));

        NamedCsvRecord row = rows(bundle).getFirst();
        assertThat(row.getField("function")).isEqualTo("a,\"b\" c");
        assertThat(row.getField("sent_ns")).isEqualTo("7");
        assertThat(row.getField("done_ns")).isEmpty();
        assertThat(row.getField("status")).isEqualTo("lost");
        assertThat(row.getField("billed_ms")).isEmpty();
    }

    @Test
    void shouldWriteLogsThatHdrHistogramReads() throws IOException {
        RunOutcome outcome = new SyntheticRun(3, 4, 300).record("logs", runs);
        JsonNode summary = summaryOf(outcome.bundle());

        Map<String, Histogram> latency = byTag(outcome.bundle().resolve("latency.hlog"));
        assertThat(latency.keySet()).contains("", "app00-fn0000", "app01-fn0001", "app02-fn0002");
        Histogram all = tagged(latency, "");
        latency.remove("");
        assertNear(summary.path("latencyUs").path("fromIntended").path("p99"), all.getValueAtPercentile(99) / 1e3);
        assertThat(latency.values().stream().mapToLong(Histogram::getTotalCount).sum())
                .isEqualTo(all.getTotalCount());
        for (JsonNode function : summary.path("functions")) {
            assertThat(tagged(latency, function.path("name").asString()).getTotalCount())
                    .isEqualTo(function.path("latencyUs").path("count").asLong());
        }
        assertThat(byTag(outcome.bundle().resolve("phases.hlog")).keySet())
                .contains("cold.create", "cold.invoke", "warm.invoke", "warm.thaw", "victim.queue");
        assertThat(tagged(byTag(outcome.bundle().resolve("lateness.hlog")), "").getTotalCount())
                .isEqualTo(1_200);
        assertThat(tagged(byTag(outcome.bundle().resolve("service.hlog")), "").getTotalCount())
                .isEqualTo(all.getTotalCount());
    }

    @Test
    void shouldWriteLogsThatHistogramLogProcessorTakes() throws Exception {
        Path bundle = new SyntheticRun(2, 3, 200).record("tool", runs).bundle();
        Path output = runs.resolve("processed");

        Thread processor = new HistogramLogProcessor(new String[] {
            "-i", bundle.resolve("latency.hlog").toString(), "-o", output.toString(), "-tag", "app00-fn0000"
        });
        processor.start();
        processor.join();

        assertThat(Files.readString(runs.resolve("processed.hgrm"))).contains("#[Mean", "Total count");
    }

    @Test
    void shouldWriteOneIntervalASecond() throws IOException {
        List<Sample> samples = new ArrayList<>();
        for (int second : new int[] {0, 1, 1, 4}) {
            samples.add(ok(0, second * SECOND_NS, second * SECOND_NS, second * SECOND_NS + 10 * MILLI_NS));
        }
        Path bundle = record(runs, plan(4), samples);

        List<Long> starts = new ArrayList<>();
        try (HistogramLogReader reader =
                new HistogramLogReader(bundle.resolve("service.hlog").toFile())) {
            while (reader.hasNext()) {
                EncodableHistogram interval = reader.nextIntervalHistogram();
                starts.add((interval.getStartTimeStamp() - (long) (reader.getStartTimeSec() * 1000)) / 1000);
            }
        }

        assertThat(starts).containsExactly(0L, 1L, 4L);
    }

    @Test
    void shouldCountRowsThatTheWriterCouldNotTake() throws IOException {
        try (BundleRecorder recorder = BundleRecorder.open(plan(5_000_000), runs, RunClock.SYSTEM, 2)) {
            Sample sample = ok(0, 0, 0, MILLI_NS);
            for (int i = 0; i < 100_000; i++) {
                recorder.record(sample);
            }

            RunOutcome outcome = recorder.finish();

            JsonNode summary = summaryOf(outcome.bundle());
            long dropped = summary.path("verdict").path("rowsDropped").asLong();
            assertThat(dropped).isPositive();
            assertThat(rows(outcome.bundle())).hasSize((int) (100_000 - dropped));
            assertThat(summary.path("latencyUs").path("service").path("count").asLong())
                    .isEqualTo(100_000);
            assertThat(outcome.overBudget()).anyMatch(line -> line.startsWith(dropped + " rows dropped"));
        }
    }

    @Test
    void shouldCountInTheSecondInWhichItHappened() throws IOException {
        Sample sample = ok(0, 0, SECOND_NS, 3 * SECOND_NS);
        Path bundle = record(runs, plan(1), List.of(sample));

        List<String> lines = Files.readAllLines(bundle.resolve("seconds.csv"), UTF_8);

        assertThat(lines)
                .containsExactly(
                        "second,planned,sent,completed,failed,throttled,lost,cold_triggers,cold_victims,suppressed_inits",
                        "0,1,0,0,0,0,0,0,0,0",
                        "1,0,1,0,0,0,0,0,0,0",
                        "2,0,0,0,0,0,0,0,0,0",
                        "3,0,0,1,0,0,0,0,0,0");
    }

    @Test
    void shouldKeepTheFleet() throws IOException {
        try (RunRecorder recorder = RunRecorder.open(plan(0), runs)) {
            recorder.recordFleet(new FleetSample(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12));

            Path bundle = recorder.finish().bundle();

            assertThat(Files.readAllLines(bundle.resolve("fleet.csv"), UTF_8).get(1))
                    .isEqualTo("1,2,3,4,5,6,7,8,9,10,11,12");
        }
    }

    private static List<NamedCsvRecord> rows(Path bundle) throws IOException {
        try (InputStreamReader in = new InputStreamReader(
                        new ZstdInputStream(Files.newInputStream(bundle.resolve(RowsFile.NAME))), UTF_8);
                Stream<NamedCsvRecord> rows = CsvReader.builder().ofNamedCsvRecord(in).stream()) {
            return rows.toList();
        }
    }

    private static long number(NamedCsvRecord row, String column) {
        return Long.parseLong(row.getField(column));
    }

    private static Map<String, Histogram> byTag(Path log) throws IOException {
        Map<String, Histogram> byTag = new HashMap<>();
        try (HistogramLogReader reader = new HistogramLogReader(log.toFile())) {
            while (reader.hasNext()) {
                Histogram interval = (Histogram) reader.nextIntervalHistogram();
                String tag = interval.getTag() == null ? "" : interval.getTag();
                byTag.computeIfAbsent(tag, each -> new Histogram(3)).add(interval);
            }
        }
        return byTag;
    }

    private static Histogram tagged(Map<String, Histogram> logs, String tag) {
        return Objects.requireNonNull(logs.get(tag), tag);
    }
}
