package dev.thaw.scheduler.core;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Everything that one simulated schedule consists of, drawn from one seed: hosts, functions, settings, arrivals and how
 * often things go wrong. Times are from the start of the schedule.
 */
record SimulatedWorld(
        long originNs,
        SchedulerConfig config,
        List<HostSpec> hosts,
        List<FunctionSpec> functions,
        List<Arrival> arrivals,
        List<Change> changes,
        String placement,
        String keepAlive,
        String queueing,
        int burst,
        double faultRate,
        long pollLatenessNs,
        long shutdownNs) {
    private static final long NS_PER_MS = 1_000_000;

    /** Environments come as fast as they can. */
    static final int NO_BURST = 0;

    record Arrival(long atNs, int functionId) {}

    /** Something that the control plane changes; {@code amount} of reserved or provisioned concurrency. */
    record Change(long atNs, Kind kind, int functionId, int amount) {
        enum Kind {
            RESERVE,
            PROVISION,
            RETIRE
        }
    }

    static SimulatedWorld draw(SplittableRandom random) {
        List<HostSpec> hosts = new ArrayList<>();
        int hostCount = random.nextInt(1, 4);
        for (int host = 0; host < hostCount; host++) {
            hosts.add(new HostSpec("h" + host, random.nextInt(128, 2_500), random.nextInt(70, 2_000)));
        }
        int account = random.nextInt(2, 25);
        List<FunctionSpec> functions = drawFunctions(random);
        List<Arrival> arrivals = drawArrivals(random, functions.size());
        long lastNs = arrivals.getLast().atNs();
        return new SimulatedWorld(
                one(random, 0, 1_000, -5 * NS_PER_MS, Long.MAX_VALUE - 300 * NS_PER_MS, Long.MIN_VALUE),
                drawConfig(random, account),
                hosts,
                functions,
                arrivals,
                drawChanges(random, account, functions.size(), lastNs),
                one(random, "mru", "least-loaded", "bin-packing", "bounded-hash", "snapshot-locality:2"),
                one(
                        random,
                        "fixed-ttl:0ms",
                        "fixed-ttl:50ms",
                        "fixed-ttl:1s",
                        "lru",
                        "greedy-dual",
                        "hybrid-histogram:bin=5ms,range=1s,fallback=50ms",
                        "hybrid-histogram:bin=1ms,range=20ms,variation=0,head=50"),
                one(random, "fifo", "shortest-expected", "earliest-deadline", "weighted-fair:f0=3"),
                random.nextInt(4) == 0 ? random.nextInt(1, 20) : NO_BURST,
                random.nextInt(4) == 0 ? 0 : random.nextDouble(0.3),
                one(random, 0, 0, 3 * NS_PER_MS),
                random.nextInt(3) == 0 ? random.nextLong(lastNs + 1) : Long.MAX_VALUE);
    }

    private static SchedulerConfig drawConfig(SplittableRandom random, int account) {
        return new SchedulerConfig(
                account,
                one(random, 0, 50 * NS_PER_MS, 1_000 * NS_PER_MS, Long.MAX_VALUE),
                200 * NS_PER_MS,
                one(random, 0, 20 * NS_PER_MS, Long.MAX_VALUE),
                one(random, 0, 100 * NS_PER_MS, 2_000 * NS_PER_MS, Long.MAX_VALUE),
                (int) one(random, 1, 3, 100));
    }

    /** Some are versions of one name. */
    private static List<FunctionSpec> drawFunctions(SplittableRandom random) {
        List<FunctionSpec> functions = new ArrayList<>();
        int count = random.nextInt(1, 6);
        for (int function = 0; function < count; function++) {
            int name = random.nextInt(4) == 0 ? random.nextInt(function + 1) : function;
            int memoryMib = (int) one(random, 128, 200, 512, 1_769);
            long timeoutNs = random.nextLong(1_000, 1_500) * NS_PER_MS;
            functions.add(new FunctionSpec("f" + name, memoryMib, timeoutNs, random.nextInt(4) == 0));
        }
        return functions;
    }

    /** Reservations at the beginning, and, in every second schedule, changes while it runs. */
    private static List<Change> drawChanges(SplittableRandom random, int account, int functions, long lastNs) {
        List<Change> changes = new ArrayList<>();
        for (int function = 0; function < functions; function++) {
            if (random.nextInt(3) == 0) {
                changes.add(new Change(0, Change.Kind.RESERVE, function, random.nextInt(account)));
            }
        }
        int count = random.nextBoolean() ? 0 : random.nextInt(1, 12);
        for (int change = 0; change < count; change++) {
            int kind = random.nextInt(8);
            changes.add(new Change(
                    random.nextInt(4) == 0 ? 0 : random.nextLong(lastNs + 1),
                    kind == 0 ? Change.Kind.RETIRE : kind < 3 ? Change.Kind.RESERVE : Change.Kind.PROVISION,
                    random.nextInt(functions),
                    kind == 1 ? FunctionSpec.UNRESERVED : random.nextInt(account)));
        }
        changes.sort(Comparator.comparingLong(Change::atNs));
        return changes;
    }

    private static List<Arrival> drawArrivals(SplittableRandom random, int functions) {
        List<Arrival> arrivals = new ArrayList<>();
        int count = random.nextInt(1, 60);
        long gapNs = one(random, 1, 2 * NS_PER_MS, 30 * NS_PER_MS, 200 * NS_PER_MS);
        long atNs = 0;
        for (int arrival = 0; arrival < count; arrival++) {
            atNs += random.nextBoolean() ? 0 : random.nextLong(gapNs + 1);
            arrivals.add(new Arrival(atNs, random.nextInt(functions)));
        }
        return arrivals;
    }

    String scaling() {
        return burst == NO_BURST ? "none" : "regional:" + burst;
    }

    private static String one(SplittableRandom random, String... choices) {
        return choices[random.nextInt(choices.length)];
    }

    private static long one(SplittableRandom random, long... choices) {
        return choices[random.nextInt(choices.length)];
    }
}
