package dev.thaw.results.compare;

import dev.thaw.results.statistics.Holm;
import dev.thaw.results.statistics.RatioEstimate;
import java.util.ArrayList;
import java.util.List;

/** Metrics that are judged together: each one more makes it harder for all. */
final class Family {
    private final double level;
    private final List<Metric> metrics = new ArrayList<>();
    private final List<RatioEstimate> estimates = new ArrayList<>();

    /** {@code level}: the chance of even one false finding among all of them. */
    Family(double level) {
        this.level = level;
    }

    void add(Metric metric, RatioEstimate estimate) {
        metrics.add(metric);
        estimates.add(estimate);
    }

    int size() {
        return metrics.size();
    }

    /** In the order in which they came. */
    List<Finding> findings() {
        double[] known = estimates.stream()
                .mapToDouble(RatioEstimate::p)
                .filter(p -> !Double.isNaN(p))
                .toArray();
        double[] adjusted = Holm.adjust(known);
        List<Finding> findings = new ArrayList<>();
        int next = 0;
        for (int i = 0; i < metrics.size(); i++) {
            RatioEstimate estimate = estimates.get(i);
            double p = Double.isNaN(estimate.p()) ? Double.NaN : adjusted[next++];
            findings.add(Finding.of(metrics.get(i), estimate, p, level, known.length));
        }
        return findings;
    }
}
