package dev.thaw.results.compare;

import dev.thaw.results.statistics.Design;
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
 * @param comparisons how many are judged together: each one more makes it harder for all
 */
public record Gate(double limit, int comparisons) {
    static final double LEVEL = 0.01;

    public Gate {
        if (!(limit >= 0)) {
            throw new IllegalArgumentException("--fail-over: " + limit + " must be at least 0 %");
        }
    }

    public Gate(double limit) {
        this(limit, 1);
    }

    /** Without any difference, the chance that one comparison stops the change. */
    public double level() {
        return LEVEL / comparisons;
    }

    /** A finding that stops the change. */
    public record Stop(String row, Finding finding) {}

    /**
     * What stops it: metrics of the whole and geometric means; where there are no metrics of the whole, as of
     * benchmarks, single rows too.
     */
    public List<Stop> stops(Comparison comparison) {
        int families = families(comparison);
        return looksAt(comparison).stream()
                .filter(each -> stops(each.finding, families))
                .toList();
    }

    /** Whether these units are enough for the gate to stop anything, whatever they hold. */
    public boolean canStop(Comparison comparison) {
        int families = families(comparison);
        return looksAt(comparison).stream()
                .map(Stop::finding)
                .anyMatch(each -> each.estimate().smallestP() < level() / families / Math.max(1, each.familySize()));
    }

    /**
     * How many pairs of runs the gate needs before it could stop anything by what this comparison knows; 0 where it knows
     * nothing.
     */
    public int pairsNeeded(Comparison comparison) {
        int families = families(comparison);
        return looksAt(comparison).stream()
                .mapToInt(each -> Design.pairsFor(
                        level() / families / Math.max(1, each.finding().familySize())))
                .min()
                .orElse(0);
    }

    private static List<Stop> looksAt(Comparison comparison) {
        List<Stop> all = new ArrayList<>();
        comparison.findings().forEach(finding -> all.add(new Stop("", finding)));
        if (rowsToo(comparison)) {
            comparison.cells().forEach((row, findings) -> findings.forEach(each -> all.add(new Stop(row, each))));
        }
        return all;
    }

    private static boolean rowsToo(Comparison comparison) {
        return comparison.findings().stream()
                .allMatch(each -> each.metric().name().endsWith(Comparison.MEAN_SUFFIX));
    }

    private static int families(Comparison comparison) {
        return 1 + (rowsToo(comparison) ? metrics(comparison) : 0);
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
        return finding.pHolm() < level() / families && finding.worseBy() > limit;
    }
}
