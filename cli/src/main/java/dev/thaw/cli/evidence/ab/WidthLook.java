package dev.thaw.cli.evidence.ab;

import dev.thaw.results.compare.Comparison;
import dev.thaw.results.compare.ComparisonSettings;
import dev.thaw.results.compare.Finding;
import dev.thaw.results.compare.Gate;
import dev.thaw.results.compare.Tightness;
import dev.thaw.results.statistics.RatioEstimate;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Looks at how tight the intervals are, and tells nothing of where they lie: who sees a verdict coming stops too soon. */
public final class WidthLook implements Alternation.Look {
    private static final int EXCHANGES = 999; // an interval of a maximum is made of them
    private static final double PERCENT = 100;
    /** Percentiles that few runs may not have, and many do. */
    private static final Set<String> LATER = Set.of("p90", "p99", "p999");

    private final Comparisons comparisons;
    private final List<Tightness> wanted;
    private final ComparisonSettings settings;
    private final Gated gated;

    /** A gate, or none, and how many rounds there are for it. */
    public record Gated(@Nullable Gate gate, int atMost) {}

    /** {@code settings}: of the verdicts at the end. */
    public WidthLook(Comparisons comparisons, List<Tightness> wanted, ComparisonSettings settings, Gated gated) {
        this.comparisons = comparisons;
        this.wanted = List.copyOf(wanted);
        this.settings = settings;
        this.gated = gated;
    }

    @Override
    public boolean isTightEnough(int rounds) throws IOException {
        if (rounds == 1) {
            findMistakes();
            return false;
        }
        if (wanted.isEmpty()) {
            return false;
        }
        Collection<Comparison> all = comparisons.all(ofWidths()).values();
        boolean tight = true;
        for (Tightness each : wanted) {
            List<RatioEstimate> estimates = all.stream()
                    .flatMap(comparison -> each.in(comparison).stream())
                    .map(Finding::estimate)
                    .toList();
            boolean complete = estimates.size() == all.size();
            System.out.println(line(
                    rounds,
                    each,
                    complete
                            ? estimates.stream()
                                    .mapToDouble(Tightness::width)
                                    .max()
                                    .orElse(0)
                            : Double.POSITIVE_INFINITY));
            tight &= complete && estimates.stream().allMatch(estimate -> each.isMet(estimate));
        }
        return tight;
    }

    private static String line(int rounds, Tightness wanted, double width) {
        String known = Double.isInfinite(width)
                ? "has no interval yet"
                : String.format(Locale.ROOT, "is known to %.1f %%", PERCENT * width);
        return String.format(
                Locale.ROOT,
                "after %d rounds: %s %s (asked: %s %%)",
                rounds,
                wanted.metric(),
                known,
                PERCENT * wanted.limit());
    }

    private ComparisonSettings ofWidths() {
        Set<String> metrics = wanted.stream().map(Tightness::metric).collect(Collectors.toSet());
        return new ComparisonSettings(
                settings.unit(),
                settings.pairedRuns(),
                metrics,
                settings.cells(),
                settings.minCount(),
                settings.seed(),
                settings.draws(),
                EXCHANGES,
                settings.level());
    }

    /** Runs that cannot be compared, and metrics that there will never be, are told before they cost hours. */
    private void findMistakes() throws IOException {
        for (Comparison comparison : comparisons.all(settings).values()) {
            int needed = gated.gate == null ? 0 : gated.gate.pairsNeeded(comparison);
            if (needed > gated.atMost) {
                throw new IllegalArgumentException(
                        "--fail-over: " + gated.atMost + " rounds are too few to stop anything"
                                + " by all that these runs tell: must be " + needed
                                + " or more (--rounds), or fewer --metrics");
            }
        }
        ComparisonSettings any = new ComparisonSettings(
                settings.unit(), false, Set.of(), settings.cells(), settings.minCount(), 1, 1, 1, settings.level());
        for (Comparison comparison :
                wanted.isEmpty() ? List.<Comparison>of() : comparisons.all(any).values()) {
            for (Tightness each : wanted) {
                String name = each.metric();
                String group = name.substring(0, name.lastIndexOf('.') + 1);
                boolean later = LATER.contains(name.substring(group.length()))
                        && comparison.findings().stream()
                                .anyMatch(found -> found.metric().name().startsWith(group));
                if (each.in(comparison).isEmpty() && !later) {
                    throw new IllegalArgumentException("--until: the runs tell nothing of " + name + ", but of "
                            + comparison.findings().stream()
                                    .map(found -> found.metric().name())
                                    .collect(Collectors.joining(", ")));
                }
            }
        }
    }
}
