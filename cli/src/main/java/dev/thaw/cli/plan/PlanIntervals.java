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
    /** What another order of a sum may change is beyond it. */
    private static final MathContext DIGITS = new MathContext(6);

    private final PlanQuestion question;
    private final Windows windows;
    private final BlockBootstrap bootstrap;
    private final SortedMap<Integer, WindowFigures> fleets = new TreeMap<>();

    PlanIntervals(PlanQuestion question, long durationNs) {
        this.question = question;
        int count = Math.clamp(question.workload().invocations() / FEWEST_INVOCATIONS, 1, MOST_WINDOWS);
        windows = Windows.of(count, durationNs);
        bootstrap = BlockBootstrap.of(count, DRAWS, question.seed());
    }

    Windows windows() {
        return windows;
    }

    /** Draws them, always the same. */
    BlockBootstrap bootstrap() {
        return bootstrap;
    }

    WindowFigures simulate(Scenario scenario, PlanFigures figures) {
        return new WindowFigures(scenario, figures, windows);
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
        boolean larger = found.needsLarger() && fleets.lastKey() < question.maxHosts();
        return around(fleets.firstKey(), fleets.lastKey(), found.needsSmaller(), larger, question.maxHosts());
    }

    /** Beyond the ends that are open, as many again as there are, shared by both. */
    static List<Integer> around(int first, int last, boolean smaller, boolean larger, int maxHosts) {
        int size = last - first + 1;
        int more = Math.min(Math.max(2, size), MOST_FLEETS - size);
        int above = larger ? Math.min(smaller ? Math.ceilDiv(more, 2) : more, maxHosts - last) : 0;
        int below = smaller ? Math.min(larger ? more / 2 : more, first - 1) : 0;
        return IntStream.concat(IntStream.range(first - below, first), IntStream.rangeClosed(last + 1, last + above))
                .boxed()
                .toList();
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
                hosts,
                found.needsSmaller() ? null : (Double) (double) found.low(),
                found.needsLarger() ? null : (Double) (double) found.high());
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
                : new PlanRun.Interval(value, end(figure, drawn.low()), end(figure, drawn.high()));
    }

    /** Without ends where there are none. */
    static PlanRun.Interval rounded(Interval drawn) {
        return Double.isNaN(drawn.low())
                ? new PlanRun.Interval(drawn.value(), null, null)
                : new PlanRun.Interval(drawn.value(), rounded(drawn.low()), rounded(drawn.high()));
    }

    /** Stretching knows of no whole. */
    private static double end(PlanFigure figure, double value) {
        return rounded(figure.unit() == PlanFigure.Unit.PERCENT ? Math.min(100, value) : value);
    }

    private static double rounded(double value) {
        return new BigDecimal(value).round(DIGITS).doubleValue();
    }

    private static String open(FleetConfidence found) {
        return (found.needsLarger() ? "; in more than that none of these do" : "")
                + (found.needsSmaller() ? "; fewer hosts than were looked at might do in more than that" : "");
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
                        " hosts are the fewest of %d to %d that hold all objectives in them, but for %s %% of the"
                                + " draws at either end%s.",
                        fleets.firstKey(),
                        fleets.lastKey(),
                        PlanFigure.text(100 * bootstrap.outer()),
                        open(confidence()))
                : " there is no number of hosts to draw.";
        return String.format(
                        Locale.ROOT,
                        "95 %%, by drawing the trace's time again: it is cut into %d windows of %s s; blocks of %d"
                                + " neighbouring windows are drawn with replacement until there are as many again, %,d"
                                + " times (seed %d). Each figure is counted anew of what the fleet did with the arrivals of"
                                + " the drawn windows;",
                        windows.count(),
                        PlanFigure.text(windows.seconds()),
                        bootstrap.block(),
                        bootstrap.draws(),
                        question.seed())
                + hosts
                + " What changes more slowly than a block, another model and other functions are not in it.";
    }
}
