package dev.thaw.results;

import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import de.siegmar.fastcsv.writer.CsvWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Measurements that were made elsewhere, on their way into a bundle of kind {@code imported}: values by cell (a
 * function, a runtime with its memory, a setting) and metric. The manifest says which files they came from and nothing
 * of this host.
 *
 * <p>Threading: one thread.
 */
public final class ImportedBundle {
    public static final String KIND = "imported";
    /** {@code at} of a value whose time is not known. */
    public static final double NO_TIME = Double.NaN;

    private static final String[] HEADER = {"cell", "group", "metric", "unit", "better", "form", "at", "value", "count"
    };

    private final String name;
    private final Provenance provenance;
    private final SortedMap<String, String> facts = new TreeMap<>();
    private final SortedMap<String, SortedMap<String, Series>> cells = new TreeMap<>();
    private final SortedMap<String, String> groups = new TreeMap<>();
    private double from = Double.POSITIVE_INFINITY;
    private double to = Double.NEGATIVE_INFINITY;

    public ImportedBundle(String name, Provenance provenance) {
        this.name = name;
        this.provenance = provenance;
        fact("format", provenance.format());
    }

    /**
     * What is told of a metric.
     *
     * @param sample the values are single measurements, of which percentiles can be told; otherwise each is a figure
     *     that somebody computed
     */
    public record Kind(String metric, String unit, boolean lowerIsBetter, boolean sample) {}

    private static final class Series {
        private final Kind kind;
        private double[] at = new double[4];
        private double[] values = new double[4];
        private long[] counts = new long[4];
        private int size;

        Series(Kind kind) {
            this.kind = kind;
        }

        void add(double atSeconds, double value, long count) {
            if (size == values.length) {
                at = Arrays.copyOf(at, size * 2);
                values = Arrays.copyOf(values, size * 2);
                counts = Arrays.copyOf(counts, size * 2);
            }
            at[size] = atSeconds;
            values[size] = value;
            counts[size++] = count;
        }
    }

    /** Something that holds for all of it: architecture, region. */
    public void fact(String key, String value) {
        facts.put(key, value);
    }

    public void group(String cell, String group) {
        groups.put(cell, group);
    }

    /** {@code atSeconds} since the epoch, or {@link #NO_TIME}; an empty cell is all of it. */
    public void add(String cell, Kind kind, double atSeconds, double value, long count) {
        cells.computeIfAbsent(cell, _ -> new TreeMap<>())
                .computeIfAbsent(kind.metric(), _ -> new Series(kind))
                .add(atSeconds, value, count);
        if (!Double.isNaN(atSeconds)) {
            from = Math.min(from, atSeconds);
            to = Math.max(to, atSeconds);
        }
    }

    public boolean isEmpty() {
        return cells.isEmpty();
    }

    /** Writes {@code runsDirectory/<utc>-<name>} and returns it. */
    public Path write(String command, Path runsDirectory) throws IOException {
        return new WholeBundle(KIND, name, command, provenance).write(runsDirectory, (directory, manifest) -> {
            WholeBundle.configure(manifest, facts);
            if (to >= from) {
                manifest.putObject("timeRange").put("fromSeconds", from).put("toSeconds", to);
            }
            writeSamples(directory.resolve(RunBundle.SAMPLES));
            return summary();
        });
    }

    private void writeSamples(Path file) throws IOException {
        try (var out = new OutputStreamWriter(
                        new ZstdOutputStreamNoFinalizer(Files.newOutputStream(file)), StandardCharsets.UTF_8);
                CsvWriter csv = CsvWriter.builder().build(out)) {
            csv.writeRecord(HEADER);
            cells.forEach((cell, byMetric) -> byMetric.values().forEach(series -> write(csv, cell, series)));
        }
    }

    private void write(CsvWriter csv, String cell, Series series) {
        Kind kind = series.kind;
        for (int i = 0; i < series.size; i++) {
            csv.writeRecord(
                    cell,
                    groups.getOrDefault(cell, ""),
                    kind.metric,
                    kind.unit,
                    kind.lowerIsBetter ? "lower" : "higher",
                    kind.sample ? "sample" : "value",
                    Double.isNaN(series.at[i]) ? "" : Double.toString(series.at[i]),
                    Double.toString(series.values[i]),
                    Long.toString(series.counts[i]));
        }
    }

    private ObjectNode summary() {
        ObjectNode summary = Json.MAPPER.createObjectNode();
        summary.put("schema", Summary.SCHEMA).put("kind", KIND);
        summary.put("emulated", false);
        summary.put("format", provenance.format());
        ArrayNode rows = summary.putArray("cells");
        cells.forEach((cell, byMetric) -> {
            ObjectNode row = rows.addObject().put("name", cell).put("group", groups.get(cell));
            ObjectNode metrics = row.putObject("metrics");
            byMetric.forEach((metric, series) -> put(metrics.putObject(metric), series));
        });
        return summary;
    }

    private static void put(ObjectNode node, Series series) {
        double sum = 0;
        long count = 0;
        double[] values = Arrays.copyOf(series.values, series.size);
        for (int i = 0; i < series.size; i++) {
            sum += series.values[i] * series.counts[i];
            count += series.counts[i];
        }
        node.put("unit", series.kind.unit).put("count", count);
        node.put("mean", sum / count);
        if (series.kind.sample && count == series.size) {
            Arrays.sort(values);
            for (Percentile percentile : Percentile.ALL) {
                if (percentile.isKnown(count)) {
                    int rank = (int) Math.ceil(percentile.percent * count / 100 - 1e-9);
                    node.put(percentile.key, values[Math.max(1, rank) - 1]);
                } else {
                    node.putNull(percentile.key);
                }
            }
            node.put("max", values[values.length - 1]);
        }
    }
}
