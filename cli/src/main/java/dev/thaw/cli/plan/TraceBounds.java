package dev.thaw.cli.plan;

import dev.thaw.cli.virtual.Workload;
import dev.thaw.results.PlanFigure;
import dev.thaw.results.PlanRun;
import dev.thaw.scheduler.virtual.ArrivalSource;
import dev.thaw.scheduler.virtual.FunctionModel;
import dev.thaw.scheduler.virtual.HitRatioCurve;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.HdrHistogram.Histogram;

/**
 * What a trace says of every fleet before anything is simulated, in one walk over it: the hit-ratio curve, what keep-alive
 * must hold at least, how busy it is, how long handlers work.
 */
final class TraceBounds {
    private static final int POINTS = 60;
    private static final double PERCENT = 100;
    private static final double NS_PER_MS = 1e6;

    private final List<FunctionModel> functions;
    private final HitRatioCurve curve;
    private final KeptMemory kept;
    private final BusyLevels levels;
    private final Histogram work = new Histogram(3);
    private final long endNs;
    private double busyVcpuNs;
    /** Durations are the model's, of which only the middle was looked at. */
    private boolean workIsGuessed;

    TraceBounds(Workload workload) {
        functions = workload.functions();
        int[] memoryMib =
                functions.stream().mapToInt(each -> each.spec().memoryMib()).toArray();
        curve = new HitRatioCurve(memoryMib);
        kept = new KeptMemory(memoryMib);
        levels = new BusyLevels(memoryMib.length);
        long atNs = 0;
        for (ArrivalSource arrivals = workload.walk(); arrivals.next(); ) {
            atNs = arrivals.atNs();
            arrived(arrivals.functionId(), atNs, arrivals.workNs());
        }
        endNs = levels.close(atNs);
    }

    private void arrived(int functionId, long atNs, long arrivalWorkNs) {
        FunctionModel function = functions.get(functionId);
        workIsGuessed |= arrivalWorkNs == ArrivalSource.DRAW_WORK;
        long workNs = BusyLevels.workNs(function, arrivalWorkNs);
        curve.invoked(functionId);
        kept.invoked(functionId, atNs);
        levels.arrived(functionId, atNs, workNs);
        work.recordValue(workNs);
        busyVcpuNs += workNs * (function.workMilliVcpus() / 1_000.0);
    }

    BusyLevels levels() {
        return levels;
    }

    long endNs() {
        return endNs;
    }

    private double busyVcpus() {
        return endNs == 0 ? 0 : busyVcpuNs / endNs;
    }

    private double firstPercent() {
        return curve.invocations() == 0 ? 0 : PERCENT * curve.first() / curve.invocations();
    }

    /** Of cold starts and of those that they delay, which are no fewer. */
    private static Optional<Objective> cold(Objectives objectives) {
        return objectives.all().stream()
                .filter(each -> each.figure() == PlanFigure.COLD || each.figure() == PlanFigure.DELAYED)
                .min((left, right) -> Double.compare(left.bound(), right.bound()));
    }

    /** As few invocations may be cold as the objective says, at most. */
    private long hitsFor(Objective cold) {
        long most = (long) Math.floor(cold.bound() / PERCENT * curve.invocations());
        while (most > 0 && !cold.holds(PERCENT * most / curve.invocations())) {
            most--;
        }
        return curve.invocations() - most;
    }

    /** Every invocation is served: those that are refused are in neither latencies nor cold starts. */
    private static boolean serveAll(Objectives objectives) {
        return objectives.all().stream().anyMatch(each -> each.figure() == PlanFigure.THROTTLED && each.bound() == 0);
    }

    /** Objectives that no fleet holds with any of the settings, one line each. */
    List<String> impossible(Objectives objectives, boolean provisions) {
        List<String> lines = new ArrayList<>();
        if (!serveAll(objectives)) {
            return lines;
        }
        for (Objective each : objectives.all()) {
            double percentile = each.figure().percentile();
            boolean cold = each.figure() == PlanFigure.COLD || each.figure() == PlanFigure.DELAYED;
            if (cold && !provisions && !each.holds(firstPercent())) {
                lines.add(each.text() + ": the first invocation of each function is cold, and these alone are "
                        + PlanFigure.text(firstPercent())
                        + " %: only provisioned concurrency can hold it (--provisioned 1)");
            }
            if (percentile > 0 && !each.figure().isAdded() && !workIsGuessed) {
                double ms = work.getValueAtPercentile(percentile) / NS_PER_MS;
                if (!each.holds(ms)) {
                    lines.add(
                            each.text() + ": handlers alone work for " + PlanFigure.text(ms) + " ms at that percentile;"
                                    + " added-" + each.figure().objective() + " leaves their work out");
                }
            }
        }
        return lines;
    }

    /** Where the search begins: enough for LRU by its curve, and for what is at work on average. */
    int guess(Objectives objectives, PlanRun.Host host, int maxHosts) {
        long cpus = (long) Math.ceil(busyVcpus() * 1_000 / host.milliVcpus());
        long memory = cold(objectives)
                .map(each -> curve.smallestMib(hitsFor(each)))
                .map(mib -> mib == HitRatioCurve.NEVER ? maxHosts : Math.ceilDiv(mib, host.memoryMib()))
                .orElse(1L);
        return Math.clamp(Math.max(cpus, memory), 1, maxHosts);
    }

    PlanRun.Bound describe(Objectives objectives, PlanRun.Host host) {
        List<String> notes = new ArrayList<>();
        Long lru = null;
        Long least = null;
        Objective cold = cold(objectives).orElse(null);
        if (cold == null) {
            notes.add("no objective on cold starts: the hit-ratio curve bounds nothing");
        } else {
            long mib = curve.smallestMib(hitsFor(cold));
            if (mib == HitRatioCurve.NEVER) {
                notes.add(cold.text() + ": no memory is enough by the hit-ratio curve");
            } else {
                lru = mib;
                least = serveAll(objectives) ? kept.leastMib(hitsFor(cold), endNs) : null;
                notes.add(String.format(
                        Locale.ROOT,
                        "%s: %,d MiB by the hit-ratio curve (LRU, one environment for each function), %d of such hosts",
                        cold.text(),
                        mib,
                        Math.max(1, Math.ceilDiv(mib, host.memoryMib()))));
                notes.add(
                        least == null
                                ? cold.text() + ": no least memory of any keep-alive, for some may be refused"
                                : String.format(
                                        Locale.ROOT,
                                        "%s: with less than %,d MiB no keep-alive can, not even one that knows what"
                                                + " comes; only starts ahead of invocations",
                                        cold.text(),
                                        least));
            }
        }
        notes.add("first invocations of functions, cold unless provisioned: " + PlanFigure.text(firstPercent()) + " %");
        notes.add("at work on average: " + PlanFigure.text(busyVcpus()) + " vCPUs");
        List<Long> points = points();
        return new PlanRun.Bound(
                lru,
                least,
                firstPercent(),
                busyVcpus(),
                points,
                points.stream()
                        .map(mib ->
                                PERCENT * (curve.invocations() - curve.hits(mib)) / Math.max(1, curve.invocations()))
                        .toList(),
                notes);
    }

    private List<Long> points() {
        long all = curve.smallestMib(curve.invocations() - curve.first());
        List<Long> points = new ArrayList<>();
        for (int point = 0; point <= POINTS; point++) {
            long mib = Math.ceilDiv(all * point, POINTS);
            if (points.isEmpty() || mib > points.getLast()) {
                points.add(mib);
            }
        }
        return points;
    }
}
