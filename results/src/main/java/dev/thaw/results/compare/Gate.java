package dev.thaw.results.compare;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Whether a change may pass: it may not where a metric is worse by more than the limit and the permutation test's p,
 * corrected for all metrics that the gate looks at, is below 0.01 (the rule of Firecracker's A/B tests). So with no
 * difference it stops at most one change in a hundred, whatever the number of metrics.
 *
 * @param limit 0.05 for 5 %
 */
public record Gate(double limit) {
    static final double LEVEL = 0.01;

    public Gate {
        if (!(limit >= 0)) {
            throw new IllegalArgumentException("--fail-over: " + limit + " must be at least 0 %");
        }
    }

    /** A finding that stops the change. */
    public record Stop(String row, Finding finding) {}

    /**
     * What stops it: metrics of the whole and geometric means; where there are no metrics of the whole, as of
     * benchmarks, single rows too.
     */
    public List<Stop> stops(Comparison comparison) {
        List<Stop> stops = new ArrayList<>();
        boolean rowsToo = comparison.findings().stream()
                .allMatch(each -> each.metric().name().endsWith(Comparison.MEAN_SUFFIX));
        int families = 1 + (rowsToo ? metrics(comparison) : 0);
        for (Finding finding : comparison.findings()) {
            if (stops(finding, families)) {
                stops.add(new Stop("", finding));
            }
        }
        if (rowsToo) {
            comparison
                    .cells()
                    .forEach((row, findings) -> findings.stream()
                            .filter(finding -> stops(finding, families))
                            .forEach(finding -> stops.add(new Stop(row, finding))));
        }
        return stops;
    }

    private static int metrics(Comparison comparison) {
        Set<String> names = new HashSet<>();
        comparison
                .cells()
                .values()
                .forEach(row -> row.forEach(each -> names.add(each.metric().name())));
        return names.size();
    }

    boolean stops(Finding finding, int families) {
        return finding.pHolm() < LEVEL / families && finding.worseBy() > limit;
    }
}
