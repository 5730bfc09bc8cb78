package dev.thaw.cli.plan;

import dev.thaw.cli.virtual.Workload;
import dev.thaw.scheduler.virtual.ArrivalSource;
import dev.thaw.scheduler.virtual.FunctionModel;
import java.util.Arrays;
import java.util.List;
import java.util.PriorityQueue;

/**
 * How many invocations of each function are under way at the same time, would none wait: for how long it was how many.
 * Memory for each function and level, and for each invocation under way.
 */
final class BusyLevels {
    /** The median, of models that draw by quantiles. */
    private static final long MIDDLE = Long.MIN_VALUE;

    private final int[] now;
    private final long[] sinceNs;
    private final long[][] ns;
    private final PriorityQueue<End> ends = new PriorityQueue<>((left, right) -> Long.compare(left.atNs, right.atNs));

    private record End(long atNs, int functionId) {}

    BusyLevels(int functions) {
        now = new int[functions];
        sinceNs = new long[functions];
        ns = new long[functions][0];
    }

    /** Of a whole trace, in a walk of its own. */
    static BusyLevels of(Workload workload) {
        List<FunctionModel> functions = workload.functions();
        BusyLevels levels = new BusyLevels(functions.size());
        long atNs = 0;
        for (ArrivalSource arrivals = workload.walk(); arrivals.next(); ) {
            atNs = arrivals.atNs();
            int functionId = arrivals.functionId();
            levels.arrived(functionId, atNs, workNs(functions.get(functionId), arrivals.workNs()));
        }
        levels.close(atNs);
        return levels;
    }

    /** How long an invocation is under way: of durations that the model draws the middle; a timeout ends it. */
    static long workNs(FunctionModel function, long arrivalWorkNs) {
        long untilDoneNs = arrivalWorkNs == ArrivalSource.DRAW_WORK
                ? function.work().handler().drawNs(MIDDLE)
                : arrivalWorkNs;
        return Math.min(untilDoneNs, function.spec().timeoutNs());
    }

    void arrived(int functionId, long atNs, long workNs) {
        endUntil(atNs);
        change(functionId, 1, atNs);
        ends.add(new End(atNs + workNs, functionId));
    }

    private void endUntil(long atNs) {
        for (End end = ends.peek(); end != null && end.atNs <= atNs; end = ends.peek()) {
            ends.remove();
            change(end.functionId, -1, end.atNs);
        }
    }

    private void change(int functionId, int by, long atNs) {
        int level = now[functionId];
        if (level >= ns[functionId].length) {
            ns[functionId] = Arrays.copyOf(ns[functionId], Math.max(2, 2 * level));
        }
        ns[functionId][level] += atNs - sinceNs[functionId];
        sinceNs[functionId] = atNs;
        now[functionId] += by;
    }

    /** Ends it: what is under way then goes on until then. Returns when the last invocation ended. */
    long close(long atNs) {
        long lastNs = ends.stream().mapToLong(End::atNs).max().orElse(atNs);
        long endNs = Math.max(atNs, lastNs);
        endUntil(endNs);
        for (int functionId = 0; functionId < now.length; functionId++) {
            change(functionId, 0, endNs);
        }
        return endNs;
    }

    /** The fewest environments of a function that are enough in this share of the time, from 0 to 1. */
    int enough(int functionId, double share) {
        long all = Arrays.stream(ns[functionId]).sum();
        long sum = 0;
        for (int level = 0; level < ns[functionId].length; level++) {
            sum += ns[functionId][level];
            if (sum >= share * all) {
                return level;
            }
        }
        return 0;
    }
}
