package dev.thaw.scheduler.core;

import java.util.ArrayList;
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
        double faultRate,
        long pollLatenessNs,
        long shutdownNs) {
    private static final long NS_PER_MS = 1_000_000;

    record Arrival(long atNs, int functionId) {}

    static SimulatedWorld draw(SplittableRandom random) {
        List<HostSpec> hosts = new ArrayList<>();
        int hostCount = random.nextInt(1, 4);
        for (int host = 0; host < hostCount; host++) {
            hosts.add(new HostSpec("h" + host, random.nextInt(128, 2_500), random.nextInt(70, 2_000)));
        }
        int account = random.nextInt(2, 25);
        List<FunctionSpec> functions = drawFunctions(random, account);
        List<Arrival> arrivals = drawArrivals(random, functions.size());
        long lastNs = arrivals.getLast().atNs();
        return new SimulatedWorld(
                one(random, 0, 1_000, -5 * NS_PER_MS, Long.MAX_VALUE - 300 * NS_PER_MS, Long.MIN_VALUE),
                drawConfig(random, account),
                hosts,
                functions,
                arrivals,
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

    private static List<FunctionSpec> drawFunctions(SplittableRandom random, int account) {
        List<FunctionSpec> functions = new ArrayList<>();
        int unreserved = account;
        int count = random.nextInt(1, 6);
        for (int function = 0; function < count; function++) {
            int reserved = random.nextInt(3) == 0 ? random.nextInt(unreserved) : FunctionSpec.UNRESERVED;
            unreserved -= Math.max(0, reserved);
            int memoryMib = (int) one(random, 128, 200, 512, 1_769);
            long timeoutNs = random.nextLong(1_000, 1_500) * NS_PER_MS;
            functions.add(new FunctionSpec("f" + function, memoryMib, timeoutNs, reserved));
        }
        return functions;
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

    private static long one(SplittableRandom random, long... choices) {
        return choices[random.nextInt(choices.length)];
    }
}
