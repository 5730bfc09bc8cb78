package dev.thaw.results;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a search for the smallest fleet found. Its JSON is {@code summary.json}.
 *
 * @param objectives as they were understood
 * @param assumed what neither trace nor model says, and what was taken in its place
 * @param impossible objectives that no fleet holds, one line each
 * @param host of which the fleet is made
 * @param holds the fleet holds all objectives; otherwise it is the best that was reached
 * @param fleet the answer
 * @param hosts interval of the smallest number of hosts
 * @param figures of the fleet with their intervals, by {@link PlanFigure#key()}
 * @param oneFewer the same settings with a host fewer; null where that leaves none
 * @param oneMore the same with a host more
 * @param confidence how the intervals were drawn, in words
 * @param memory of functions that cost most
 * @param trials everything that was simulated on the way
 */
public record PlanRun(
        List<String> objectives,
        List<String> assumed,
        Bound bound,
        List<String> impossible,
        Host host,
        int maxHosts,
        boolean holds,
        Fleet fleet,
        Interval hosts,
        SortedMap<String, Interval> figures,
        @Nullable Fleet oneFewer,
        Fleet oneMore,
        String confidence,
        Memory memory,
        List<Fleet> trials) {
    public PlanRun {
        objectives = List.copyOf(objectives);
        assumed = List.copyOf(assumed);
        impossible = List.copyOf(impossible);
        figures = Collections.unmodifiableSortedMap(new TreeMap<>(figures));
        trials = List.copyOf(trials);
    }

    /** What a host has. */
    public record Host(int memoryMib, int milliVcpus) {}

    /**
     * What can be told without a simulation.
     *
     * @param lruMib memory with which LRU could hold the cold starts, by the hit-ratio curve; null: with none, or nobody
     *     asked for it
     * @param leastMib memory below which no keep-alive can, not even one that knows what comes; null likewise
     * @param firstPercent invocations that are the first of their function: cold, unless it is provisioned
     * @param busyVcpus what is at work on average
     * @param curveMib memory of the curve's points
     * @param curvePercent cold invocations with so much, by the hit-ratio curve
     * @param notes in words
     */
    public record Bound(
            @Nullable Long lruMib,
            @Nullable Long leastMib,
            double firstPercent,
            double busyVcpus,
            List<Long> curveMib,
            List<Double> curvePercent,
            List<String> notes) {
        public Bound {
            curveMib = List.copyOf(curveMib);
            curvePercent = List.copyOf(curvePercent);
            notes = List.copyOf(notes);
        }
    }

    /**
     * A number and its 95 % interval.
     *
     * @param low null, as {@code high}, where the trace is too short for one; null alone where fewer than was simulated may be
     *     enough in as many draws
     * @param high null alone where nothing that was simulated is enough in as many draws
     */
    public record Interval(
            double value, @Nullable Double low, @Nullable Double high) {}

    /**
     * A fleet and what was simulated of it.
     *
     * @param settings keep-alive, placement, and so on
     * @param broken objectives that it does not hold, each with what it has
     */
    public record Fleet(
            int hosts, SortedMap<String, String> settings, SortedMap<String, Double> figures, List<String> broken) {
        public Fleet {
            settings = Collections.unmodifiableSortedMap(new TreeMap<>(settings));
            figures = Collections.unmodifiableSortedMap(new TreeMap<>(figures));
            broken = List.copyOf(broken);
        }

        double figure(PlanFigure which) {
            return figures.getOrDefault(which.key, Double.NaN);
        }
    }

    /**
     * Memory by function.
     *
     * @param objective what each function is to hold
     * @param notes what was assumed, what the trace cannot tell
     * @param functions those that cost most, dearest first
     * @param together the fleet with all of it; null where nothing changes
     */
    public record Memory(
            String objective,
            List<String> notes,
            List<Sizing> functions,
            @Nullable Fleet together) {
        public Memory {
            notes = List.copyOf(notes);
            functions = List.copyOf(functions);
        }
    }

    /**
     * A function's memory.
     *
     * @param cpuPart how much of its duration is CPU, from 0 to 1; null where nobody knows: no size is chosen then
     * @param memoryMib as it is
     * @param chosenMib the cheapest that holds the objective, or as it is
     * @param latencyMs at the objective's percentile, as it is and as chosen
     * @param usd as it is and as chosen
     * @param percentilesMs p50 and p99 of latency, each as it is and as chosen
     * @param latencyRatio as chosen by as it is, in the same draws; null where nothing changes
     * @param usdRatio likewise
     * @param chosenIn the share of the draws, from 0 to 1, in which each size is chosen; empty where nobody knows the CPU, or
     *     there are too few data
     * @param tooFew why there are no intervals; null where there are
     * @param verdict in words
     */
    public record Sizing(
            String function,
            @Nullable Double cpuPart,
            int memoryMib,
            int chosenMib,
            List<Interval> latencyMs,
            List<Interval> usd,
            SortedMap<String, List<Interval>> percentilesMs,
            @Nullable Interval latencyRatio,
            @Nullable Interval usdRatio,
            SortedMap<Integer, Double> chosenIn,
            @Nullable String tooFew,
            String verdict) {
        public Sizing {
            latencyMs = List.copyOf(latencyMs);
            usd = List.copyOf(usd);
            percentilesMs = Collections.unmodifiableSortedMap(new TreeMap<>(percentilesMs));
            chosenIn = Collections.unmodifiableSortedMap(new TreeMap<>(chosenIn));
        }
    }

    /** Its settings in one line. */
    static String name(Map<String, String> settings) {
        return BakeoffSummary.name(settings);
    }
}
