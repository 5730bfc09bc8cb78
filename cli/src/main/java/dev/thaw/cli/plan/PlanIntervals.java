package dev.thaw.cli.plan;

import dev.thaw.cli.virtual.Scenario;
import dev.thaw.results.PlanFigure;
import dev.thaw.results.PlanRun;
import dev.thaw.results.statistics.BlockBootstrap;
import dev.thaw.results.statistics.BlockBootstrap.Interval;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * How sure a plan's answers are. Says which fleets to simulate by windows, until the interval of the number of hosts has its
 * ends.
 */
final class PlanIntervals {
    private static final int MOST_WINDOWS = 64;
    private static final int FEWEST_INVOCATIONS = 50;
    private static final int DRAWS = 1_000;
    private static final int MOST_FLEETS = 24;
    private static final double NS_PER_S = 1e9;
    /** What another order of a sum may change is beyond it. */
    private static final MathContext DIGITS = new MathContext(6);

    private final PlanQuestion question;
    private final long durationNs;
    private final int windows;
    private final BlockBootstrap bootstrap;
    private final SortedMap<Integer, WindowFigures> fleets = new TreeMap<>();

    PlanIntervals(PlanQuestion question, long durationNs) {
        this.question = question;
        this.durationNs = durationNs;
        windows = Math.clamp(question.workload().invocations() / FEWEST_INVOCATIONS, 1, MOST_WINDOWS);
        bootstrap = BlockBootstrap.of(windows, DRAWS, question.seed());
    }

    WindowFigures simulate(Scenario scenario, PlanFigures figures) {
        return new WindowFigures(scenario, figures, windows, durationNs);
    }

    /** Fleets to simulate; none where all that is needed was. */
    List<Integer> next(int hosts, boolean holds) {
        if (fleets.isEmpty()) {
            return IntStream.rangeClosed(Math.max(1, hosts - 1), hosts + 1)
                    .boxed()
                    .toList();
        }
        if (!holds || !bootstrap.isLongEnough() || fleets.size() >= MOST_FLEETS) {
            return List.of();
        }
        FleetConfidence found = confidence();
        int more = Math.max(2, fleets.size());
        if (found.needsLarger() && fleets.lastKey() < question.maxHosts()) {
            int last = fleets.lastKey();
            return IntStream.rangeClosed(last + 1, Math.min(last + more, question.maxHosts()))
                    .boxed()
                    .toList();
        }
        if (found.needsSmaller()) {
            int first = fleets.firstKey();
            return IntStream.range(Math.max(1, first - more), first).boxed().toList();
        }
        return List.of();
    }

    private FleetConfidence confidence() {
        return new FleetConfidence(fleets, question.objectives(), bootstrap);
    }

    void learn(List<Integer> sizes, List<WindowFigures> made) {
        for (int at = 0; at < made.size(); at++) {
            fleets.put(sizes.get(at), made.get(at));
        }
    }

    Map<String, Double> totals(int hosts) {
        return Optional.ofNullable(fleets.get(hosts)).orElseThrow().totals();
    }

    PlanRun.Interval hosts(int hosts, boolean holds) {
        if (!holds || !bootstrap.isLongEnough()) {
            return new PlanRun.Interval(hosts, null, null);
        }
        FleetConfidence found = confidence();
        return new PlanRun.Interval(
                hosts, (double) found.low(), found.needsLarger() ? null : (Double) (double) found.high());
    }

    SortedMap<String, PlanRun.Interval> figures(int hosts) {
        WindowFigures fleet = Optional.ofNullable(fleets.get(hosts)).orElseThrow();
        SortedMap<String, PlanRun.Interval> all = new TreeMap<>();
        for (PlanFigure figure : PlanFigure.values()) {
            Double value = fleet.totals().get(figure.key());
            if (value != null) {
                all.put(figure.key(), interval(fleet, figure, value));
            }
        }
        return all;
    }

    private PlanRun.Interval interval(WindowFigures fleet, PlanFigure figure, double value) {
        Interval drawn = fleet.measure(figure).map(bootstrap::of).orElse(new Interval(value, Double.NaN, Double.NaN));
        return Double.isNaN(drawn.low())
                ? new PlanRun.Interval(value, null, null)
                : new PlanRun.Interval(value, rounded(drawn.low()), rounded(drawn.high()));
    }

    private static double rounded(double value) {
        return new BigDecimal(value).round(DIGITS).doubleValue();
    }

    /** How all of it was drawn. */
    String words(boolean holds) {
        if (!bootstrap.isLongEnough()) {
            return "none: " + question.workload().invocations() + " invocations are too few for windows of "
                    + FEWEST_INVOCATIONS;
        }
        String hosts = holds
                ? String.format(
                        Locale.ROOT,
                        " hosts are the fewest of %d to %d that hold all objectives in them%s.",
                        fleets.firstKey(),
                        fleets.lastKey(),
                        confidence().needsLarger() ? "; in more than 2.5 % of the draws none of these do" : "")
                : " there is no number of hosts to draw.";
        return String.format(
                        Locale.ROOT,
                        "95 %%, by drawing the trace's time again: it is cut into %d windows of %s s; blocks of %d"
                                + " neighbouring windows are drawn with replacement until there are as many again, %,d"
                                + " times (seed %d). Each figure is counted anew of what the fleet did with the arrivals of"
                                + " the drawn windows;",
                        windows,
                        PlanFigure.text(durationNs / NS_PER_S / windows),
                        bootstrap.block(),
                        bootstrap.draws(),
                        question.seed())
                + hosts
                + " What changes more slowly than a block, another model and other functions are not in it.";
    }
}
