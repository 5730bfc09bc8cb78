package dev.thaw.loadgen.trace;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads FaaSRail's specification (anchors.md section 3): a row is a function, several share one benchmark; memory comes
 * from the pool of workloads where that lies beside it, {@code workload_pool*.json}.
 */
final class FaasrailTraces {
    private static final double MAX_DURATION_MS = 366 * 86_400_000.0;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private FaasrailTraces() {}

    static Trace read(CsvTable table, TraceOptions options, TraceProgress progress) {
        BrokenRows broken = new BrokenRows(options.skipBrokenRows());
        StepSurvey survey = new StepSurvey(options);
        Map<String, Double> memories = pool(table.path(), progress);
        int average = table.column("avg");
        int mapped = table.column("mapped_wreq");
        int firstMinute = mapped + 1;
        long windowMinutes = (options.windowNs() - 1) / MinuteTable.MINUTE_NS + 1;
        int[] counts = new int[(int) Math.min(table.columnCount() - firstMinute, windowMinutes)];
        MinuteTable minutes = new MinuteTable(counts.length, options);
        int[] row = {0};
        table.forEachRow(broken, () -> {
            row[0]++;
            Quantiles durationUs = Quantiles.constant(table.number(average, 0, MAX_DURATION_MS) * 1e3);
            boolean invoked = table.counts(firstMinute, counts);
            JsonNode workload = workload(table, mapped);
            if (invoked) {
                String bench = workload.path("bench").asString("workload");
                String number = Integer.toString(row[0]);
                int function = survey.function(number, bench, null, bench, number);
                survey.memory(function, memories.getOrDefault(poolKey(bench, workload), Double.NaN));
                for (int minute = 0; minute < counts.length; minute++) {
                    long startNs = minute * MinuteTable.MINUTE_NS;
                    survey.add(function, startNs, MinuteTable.MINUTE_NS, counts[minute], durationUs);
                }
                minutes.add(function, counts, durationUs);
            }
        });
        return survey.toTrace(
                TraceFormat.FAASRAIL,
                table.path(),
                broken,
                counts.length * MinuteTable.MINUTE_NS,
                () -> minutes.steps(0));
    }

    private static JsonNode workload(CsvTable table, int mapped) {
        JsonNode workload;
        try {
            workload = JSON.readTree(table.text(mapped));
        } catch (JacksonException e) {
            throw table.bad(mapped, "a JSON object");
        }
        if (!workload.isObject()) {
            throw table.bad(mapped, "a JSON object");
        }
        return workload;
    }

    /** A specification's benchmark ends with a hash of its payload, the pool's does not. */
    private static String poolKey(String bench, JsonNode workload) {
        return bench.replaceFirst("-[0-9a-f]+$", "")
                + '\n'
                + workload.path("payload").asString("");
    }

    private static double memoryMib(Path pool, JsonNode value) {
        if (value.isMissingNode()) {
            return Double.NaN;
        }
        double mib = value.asDouble(-1);
        if (!(mib >= 0 && mib <= RowTraces.MAX_MIB)) {
            throw new TraceException(pool + ": mem_mib: '" + value + "', must be a number 0..1000000");
        }
        return mib;
    }

    private static Map<String, Double> pool(Path specification, TraceProgress progress) {
        Map<String, Double> memories = new HashMap<>();
        try (Stream<Path> beside = Files.list(TraceInput.folderOf(specification))) {
            Path file = beside.filter(f -> String.valueOf(f.getFileName()).matches("workload_pool.*\\.json"))
                    .sorted()
                    .findFirst()
                    .orElse(null);
            if (file != null) {
                progress.opened(file);
                JsonNode entries = JSON.readTree(file.toFile());
                progress.rowsRead(file, entries.size());
                for (JsonNode entry : entries) {
                    String bench = entry.path("bench").asString("");
                    memories.put(poolKey(bench, entry), memoryMib(file, entry.path("mem_mib")));
                }
            }
        } catch (IOException e) {
            throw TraceInput.unreadable(specification, e);
        } catch (JacksonException e) {
            throw new TraceException(specification + ": workload_pool: " + MapperFile.firstLine(e) + ", must be JSON");
        }
        return memories;
    }
}
