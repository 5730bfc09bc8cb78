package dev.thaw.results.compare;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import dev.thaw.results.CauseText;
import dev.thaw.results.Phase;
import dev.thaw.results.RunBundle;
import dev.thaw.results.SampleStatus;
import dev.thaw.results.cost.PriceList;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Reads the rows of a run, one for each invocation, into a {@link Timeline}. */
final class RowsEvidence {
    private static final Set<String> RAN =
            Set.of(SampleStatus.OK.key(), SampleStatus.FUNCTION_ERROR.key(), SampleStatus.TIMED_OUT.key());
    private static final double MB_PER_GB = 1024;
    private static final double MS_PER_S = 1e3;
    private static final double NS_PER_MS = 1e6;
    private static final double MILLION = 1e6;

    private final Map<String, Integer> columns = new HashMap<>();
    private final Map<String, String> architectures = new HashMap<>();
    private final boolean priced;
    private final Timeline timeline;
    private List<String> row = List.of();
    private long completedRows;

    private RowsEvidence(RunBundle run, int stretches) {
        double durationNs = run.manifest().path("durationNs").asDouble(0);
        if (!(durationNs > 0)) {
            throw new IllegalArgumentException(run.directory() + ": manifest.json: durationNs must be above 0");
        }
        timeline = new Timeline(stretches, durationNs);
        JsonNode emulation = run.summary().path("emulated");
        // Rows do not tell which of them ran on provisioned concurrency, which has prices of its own.
        JsonNode cost = run.summary().path("costUsd");
        boolean onDemand = cost.path("provisionedInvocations").asLong(0) == 0
                && !cost.path("provisioned").isObject();
        priced = emulation.isBoolean() && !emulation.asBoolean() && onDemand;
        run.summary()
                .path("functions")
                .forEach(each -> architectures.put(
                        each.path("name").asString(""),
                        each.path("architecture").asString("")));
    }

    /** Fails with one line that names the file and the row. */
    static Evidence read(RunBundle run, Path file, int stretches) throws IOException {
        RowsEvidence reader = new RowsEvidence(run, stretches);
        long line = 0;
        try (var text = new InputStreamReader(
                        new ZstdInputStreamNoFinalizer(new BufferedInputStream(Files.newInputStream(file))), UTF_8);
                CsvReader<CsvRecord> csv = CsvReader.builder().ofCsvRecord(text)) {
            Iterator<CsvRecord> records = csv.iterator();
            if (records.hasNext()) {
                reader.header(records.next().getFields());
            }
            while (records.hasNext()) {
                CsvRecord record = records.next();
                line = record.getStartingLineNumber();
                reader.row = record.getFields();
                reader.add();
            }
        } catch (RuntimeException e) {
            throw new IOException(file + ":" + line + ": not a row: " + CauseText.of(e), e);
        }
        reader.completeSample(run);
        return reader.timeline.evidence();
    }

    /** Of a simulation, rows are those of one in so many: what is told of all of it comes from where all of it is. */
    private void completeSample(RunBundle run) throws IOException {
        long completed = run.summary().path("invocations").path("completed").asLong(0);
        if (completedRows > 0 && completed > completedRows) {
            timeline.scale(Timeline.Sum.DONE_IN_TIME, completed / (double) completedRows);
            LogEvidence.replaceLatencies(run, timeline);
        }
    }

    private void header(List<String> names) {
        for (int i = 0; i < names.size(); i++) {
            columns.put(names.get(i), i);
        }
    }

    private void add() {
        String status = text("status");
        long intendedNs = number("intended_start_ns", 0);
        int stretch = timeline.stretchAt(intendedNs);
        if (status.equals(SampleStatus.UNSENT.key())) {
            return;
        }
        timeline.add(Timeline.Sum.SENT, stretch, 1);
        timeline.add(Timeline.Sum.FAILED, stretch, status.equals(SampleStatus.OK.key()) ? 0 : 1);
        completedRows += status.equals(SampleStatus.LOST.key()) ? 0 : 1;
        timeline.latenesses(stretch).recordValue(Math.max(0, number("sent_ns", intendedNs) - intendedNs));
        if (RAN.contains(status)) {
            long doneNs = number("done_ns", intendedNs);
            String function = text("function");
            timeline.latency(stretch, function, doneNs - intendedNs);
            timeline.add(Timeline.Sum.DONE_IN_TIME, timeline.stretchAt(doneNs), timeline.isInTime(doneNs) ? 1 : 0);
            if (!text("frontend_ns").isEmpty()) {
                server(stretch, function);
            }
        }
    }

    private void server(int stretch, String function) {
        timeline.add(Timeline.Sum.KNOWN, stretch, 1);
        timeline.add(Timeline.Sum.COLD, stretch, flag("cold_trigger"));
        timeline.add(Timeline.Sum.VICTIMS, stretch, flag("cold_victim"));
        timeline.add(Timeline.Sum.SUPPRESSED, stretch, flag("suppressed_init"));
        long throttledNs = number("throttled_ns", -1);
        if (throttledNs >= 0) {
            timeline.add(Timeline.Sum.THROTTLED_KNOWN, stretch, 1);
            timeline.add(Timeline.Sum.THROTTLED_MS, stretch, throttledNs / NS_PER_MS);
        }
        double gbSeconds = number("billed_ms", 0) / MS_PER_S * (number("memory_mib", 0) / MB_PER_GB);
        timeline.add(Timeline.Sum.GB_SECONDS, stretch, gbSeconds);
        cost(stretch, function, gbSeconds);
        for (Phase phase : Phase.ALL) {
            long phaseNs = number(column(phase), 0);
            if (phaseNs > 0) {
                timeline.phase(phase)[stretch].recordValue(phaseNs);
            }
        }
    }

    private void cost(int stretch, String function, double gbSeconds) {
        PriceList price = PriceList.of(architectures.getOrDefault(function, ""));
        if (!priced || price == null) {
            return;
        }
        double usd = price.usd(gbSeconds) * MILLION + PriceList.USD_PER_MILLION_REQUESTS;
        timeline.add(Timeline.Sum.PRICED, stretch, 1);
        timeline.add(Timeline.Sum.USD, stretch, usd);
        long initMs = number("unbilled_init_ms", -1);
        if (initMs >= 0) {
            double initGbSeconds = initMs / MS_PER_S * (number("memory_mib", 0) / MB_PER_GB);
            timeline.add(Timeline.Sum.PRICED_WITH_INITS, stretch, 1);
            timeline.add(Timeline.Sum.USD_WITH_INITS, stretch, usd + price.usd(initGbSeconds) * MILLION);
        }
    }

    private static final Map<Phase, String> PHASE_COLUMNS = phaseColumns();

    private static Map<Phase, String> phaseColumns() {
        Map<Phase, String> names = new HashMap<>();
        for (Phase phase : Phase.ALL) {
            names.put(phase, phase.key().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT) + "_ns");
        }
        return names;
    }

    private static String column(Phase phase) {
        return PHASE_COLUMNS.getOrDefault(phase, "");
    }

    private int flag(String column) {
        return text(column).equals("1") ? 1 : 0;
    }

    private String text(String column) {
        Integer at = columns.get(column);
        return at == null ? "" : row.get(at);
    }

    private long number(String column, long otherwise) {
        String text = text(column);
        return text.isEmpty() ? otherwise : Long.parseLong(text);
    }
}
