package dev.thaw.cli.plan;

import dev.thaw.results.PlanFigure;
import dev.thaw.results.PlanRun;
import dev.thaw.results.statistics.BlockBootstrap;
import dev.thaw.results.statistics.PooledValues;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Which of the sizes of a function, and how sure: the cheapest that holds a latency, of the whole trace and of each draw of
 * its windows, in which all sizes are looked at alike. Pure.
 */
final class SizeChoice {
    private final List<SizeOption> options;
    private final Optional<Objective> objective;

    /** The first option is as it is. */
    SizeChoice(List<SizeOption> options, Optional<Objective> objective) {
        this.options = options;
        this.objective = objective;
    }

    /** At which percentile such objectives look at latencies. */
    static double percentile(Optional<Objective> objective) {
        return objective.map(each -> each.figure().percentile()).orElse(PlanFigure.P99.percentile());
    }

    SizeOption now() {
        return options.getFirst();
    }

    /** The cheapest that holds; as it is where nothing is cheaper, or nothing holds. */
    SizeOption chosen() {
        return options.get(
                choose(at -> options.get(at).latencyMs(), at -> options.get(at).usd()));
    }

    boolean holds(SizeOption option) {
        return holds(option.latencyMs(), now().latencyMs());
    }

    private boolean holds(double latencyMs, double nowMs) {
        return objective.map(each -> each.holds(latencyMs)).orElse(latencyMs <= nowMs);
    }

    /** Of equal cost the smallest. */
    private int choose(IntToDoubleFunction latencyMs, IntToDoubleFunction usd) {
        int chosen = -1;
        for (int at = 0; at < options.size(); at++) {
            if (holds(latencyMs.applyAsDouble(at), latencyMs.applyAsDouble(0))) {
                int order = chosen < 0 ? -1 : Double.compare(usd.applyAsDouble(at), usd.applyAsDouble(chosen));
                boolean smaller = chosen >= 0
                        && options.get(at).memoryMib() < options.get(chosen).memoryMib();
                chosen = order < 0 || (order == 0 && smaller) ? at : chosen;
            }
        }
        return Math.max(0, chosen);
    }

    /** The chosen size and each that is in any of the draws, in which share of them; empty without draws. */
    SortedMap<Integer, Double> shares() {
        SortedMap<Integer, Double> shares = new TreeMap<>();
        double[] now = now().draws().latencyMs();
        int[] drawn = IntStream.range(0, tooFewDraws() ? 0 : now.length)
                .filter(draw -> !Double.isNaN(now[draw]))
                .map(this::choose)
                .toArray();
        if (drawn.length > 0) {
            shares.put(chosen().memoryMib(), 0.0);
        }
        for (int at = 0; at < options.size(); at++) {
            int option = at;
            long times = Arrays.stream(drawn).filter(each -> each == option).count();
            if (times > 0) {
                shares.put(options.get(at).memoryMib(), (double) times / drawn.length);
            }
        }
        return shares;
    }

    private int choose(int draw) {
        return choose(
                at -> options.get(at).draws().latencyMs()[draw],
                at -> options.get(at).draws().usd()[draw]);
    }

    private boolean tooFewDraws() {
        return options.stream().anyMatch(each -> each.draws().isEmpty());
    }

    /** Why there are no intervals; null where there are. */
    @Nullable
    String tooFew(BlockBootstrap bootstrap) {
        if (!bootstrap.isLongEnough()) {
            return "the trace is too short to be drawn again";
        }
        double percentile = percentile(objective);
        double beyond = 1 - percentile / 100;
        if (!PooledValues.hasInterval(now().served(), beyond)) {
            return now().served() + " invocations, must be " + PooledValues.leastForInterval(beyond) + " for p"
                    + PlanFigure.text(percentile);
        }
        int windows = now().draws().windows();
        if (windows < bootstrap.leastUnits()) {
            return "invoked in " + windows + " of " + bootstrap.units() + " windows, must be " + bootstrap.leastUnits();
        }
        return tooFewDraws() ? "another size serves too few" : null;
    }

    /** Each percentile that is told beside, as it is and as chosen, by its name. */
    SortedMap<String, List<PlanRun.Interval>> percentilesMs(BlockBootstrap bootstrap) {
        SortedMap<String, List<PlanRun.Interval>> percentiles = new TreeMap<>();
        for (SizeOption option : List.of(now(), chosen())) {
            for (SizeOption.Tail tail : option.tails()) {
                percentiles
                        .computeIfAbsent(tail.figure().objective(), _ -> new ArrayList<>())
                        .add(PlanIntervals.rounded(bootstrap.of(tail.ms(), tail.drawnMs())));
            }
        }
        return percentiles;
    }

    static PlanRun.Interval latencyMs(SizeOption option, BlockBootstrap bootstrap) {
        return PlanIntervals.rounded(
                bootstrap.of(option.latencyMs(), option.draws().latencyMs()));
    }

    static PlanRun.Interval usd(SizeOption option, BlockBootstrap bootstrap) {
        return PlanIntervals.rounded(bootstrap.of(option.usd(), option.draws().usd()));
    }

    /** Of the chosen size by as it is, in the same draws; null where they are the same or one of them is nothing. */
    PlanRun.@Nullable Interval latencyRatio(BlockBootstrap bootstrap) {
        return ratio(
                chosen().latencyMs(),
                now().latencyMs(),
                chosen().draws().latencyMs(),
                now().draws().latencyMs(),
                bootstrap);
    }

    PlanRun.@Nullable Interval usdRatio(BlockBootstrap bootstrap) {
        return ratio(
                chosen().usd(),
                now().usd(),
                chosen().draws().usd(),
                now().draws().usd(),
                bootstrap);
    }

    private PlanRun.@Nullable Interval ratio(
            double then, double now, double[] drawnThen, double[] drawnNow, BlockBootstrap bootstrap) {
        if (chosen().memoryMib() == now().memoryMib() || !(now > 0)) {
            return null;
        }
        double[] drawn = new double[Math.min(drawnThen.length, drawnNow.length)];
        Arrays.setAll(drawn, draw -> drawnNow[draw] > 0 ? drawnThen[draw] / drawnNow[draw] : Double.NaN);
        return PlanIntervals.rounded(bootstrap.of(then / now, drawn));
    }
}
