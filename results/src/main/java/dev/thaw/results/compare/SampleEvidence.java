package dev.thaw.results.compare;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import dev.thaw.results.CauseText;
import dev.thaw.results.RunBundle;
import dev.thaw.results.statistics.PooledValues;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * Reads imported measurements. Samples whose times are known are cut into stretches of the bundle's time range, others
 * in the order in which they stand; a computed figure is one unit.
 */
final class SampleEvidence {
    private static final List<Tail> TAILS = List.of(Tail.P50, Tail.P90, Tail.P99);

    private record Sample(double at, double value, long count) {}

    private record Key(String cell, String metric, String unit, boolean lower, boolean sample) {}

    private final int stretches;
    private final double from;
    private final double seconds;
    private final Map<Key, List<Sample>> series = new LinkedHashMap<>();
    private final Map<String, String> groups = new LinkedHashMap<>();

    private SampleEvidence(RunBundle run, int stretches) {
        this.stretches = stretches;
        JsonNode range = run.manifest().path("timeRange");
        from = range.path("fromSeconds").asDouble(0);
        seconds = range.path("toSeconds").asDouble(0) - from;
    }

    /** Fails with one line that names the file. */
    static Evidence read(RunBundle run, Path file, int stretches) throws IOException {
        SampleEvidence reader = new SampleEvidence(run, stretches);
        try (var text = new InputStreamReader(
                        new ZstdInputStreamNoFinalizer(new BufferedInputStream(Files.newInputStream(file))), UTF_8);
                CsvReader<NamedCsvRecord> csv = CsvReader.builder().ofNamedCsvRecord(text)) {
            csv.forEach(reader::add);
        } catch (RuntimeException e) {
            throw new IOException(file + ": not a table of samples: " + CauseText.of(e), e);
        }
        return reader.evidence();
    }

    private void add(NamedCsvRecord row) {
        String cell = row.getField("cell");
        if (!row.getField("group").isEmpty()) {
            groups.put(cell, row.getField("group"));
        }
        Key key = new Key(
                cell,
                row.getField("metric"),
                row.getField("unit"),
                row.getField("better").equals("lower"),
                row.getField("form").equals("sample"));
        String at = row.getField("at");
        series.computeIfAbsent(key, _ -> new ArrayList<>())
                .add(new Sample(
                        at.isEmpty() ? Double.NaN : Double.parseDouble(at),
                        Double.parseDouble(row.getField("value")),
                        Long.parseLong(row.getField("count"))));
    }

    private Evidence evidence() {
        List<Figure> overall = new ArrayList<>();
        series.forEach((key, samples) -> {
            if (key.cell.isEmpty()) {
                overall.add(figure(key, samples));
            }
        });
        Evidence evidence = Evidence.of(stretches, overall);
        evidence.groups().putAll(groups);
        series.forEach((key, samples) -> {
            if (!key.cell.isEmpty()) {
                evidence.put(key.cell, figure(key, samples));
            }
        });
        return evidence;
    }

    private Figure figure(Key key, List<Sample> samples) {
        if (!key.sample) {
            double above = 0;
            double below = 0;
            for (Sample sample : samples) {
                above += sample.value * sample.count;
                below += sample.count;
            }
            Metric metric = new Metric(key.metric, key.unit, key.lower);
            return new Figure.Quotient(metric, new double[] {above}, new double[] {below});
        }
        List<List<Sample>> byStretch = new ArrayList<>();
        for (int i = 0; i < stretches; i++) {
            byStretch.add(new ArrayList<>());
        }
        for (int i = 0; i < samples.size(); i++) {
            byStretch.get(stretch(samples.get(i), i, samples.size())).add(samples.get(i));
        }
        return new Figure.Distribution(
                key.metric,
                key.unit,
                byStretch.stream().map(SampleEvidence::unit).toList(),
                TAILS,
                false);
    }

    private int stretch(Sample sample, int index, int size) {
        double share = Double.isNaN(sample.at) || !(seconds > 0) ? (double) index / size : (sample.at - from) / seconds;
        return (int) Math.clamp(Math.floor(share * stretches), 0, stretches - 1);
    }

    private static PooledValues.Unit unit(List<Sample> samples) {
        List<Sample> sorted = new ArrayList<>(samples);
        sorted.sort((x, y) -> Double.compare(x.value, y.value));
        double[] values = new double[sorted.size()];
        long[] counts = new long[sorted.size()];
        Arrays.setAll(values, i -> sorted.get(i).value);
        Arrays.setAll(counts, i -> sorted.get(i).count);
        return new PooledValues.Unit(values, counts);
    }
}
