package dev.thaw.results.compare;

import dev.thaw.results.statistics.RatioEstimate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** A table for each metric, with a row for each function, benchmark or setting. A table's rows are one family. */
final class Tables {
    private record Row(String name, Metric metric, RatioEstimate estimate) {}

    private final double level;
    private final SequencedMap<String, List<Row>> byMetric = new LinkedHashMap<>();

    /** {@code level}: as of {@link Family}. */
    Tables(double level) {
        this.level = level;
    }

    void add(String row, Metric metric, RatioEstimate estimate) {
        byMetric.computeIfAbsent(metric.name(), _ -> new ArrayList<>()).add(new Row(row, metric, estimate));
    }

    /** Each metric with the ratios of all its rows. */
    void forEachRatios(BiConsumer<Metric, double[]> each) {
        byMetric.values()
                .forEach(rows -> each.accept(
                        rows.getFirst().metric,
                        rows.stream()
                                .mapToDouble(row -> row.estimate.ratio())
                                .filter(Double::isFinite)
                                .toArray()));
    }

    /** By row. */
    SortedMap<String, List<Finding>> findings() {
        SortedMap<String, List<Finding>> byRow = new TreeMap<>();
        for (List<Row> rows : byMetric.values()) {
            Family family = new Family(level);
            rows.forEach(row -> family.add(row.metric, row.estimate));
            List<Finding> findings = family.findings();
            for (int i = 0; i < rows.size(); i++) {
                byRow.computeIfAbsent(rows.get(i).name, _ -> new ArrayList<>()).add(findings.get(i));
            }
        }
        return byRow;
    }
}
