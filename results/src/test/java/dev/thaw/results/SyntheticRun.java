package dev.thaw.results;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A seeded run that looks like a real one: skewed functions, cold starts with victims, bursts, errors, freezing. */
final class SyntheticRun {
    static final long SECOND_NS = 1_000_000_000L;
    static final long US = 1_000L;

    private final Random random = new Random(7);
    private final int functions;
    private final int seconds;
    private final int ratePerSec;

    SyntheticRun(int functions, int seconds, int ratePerSec) {
        this.functions = functions;
        this.seconds = seconds;
        this.ratePerSec = ratePerSec;
    }

    static RunPlan plan(String name, List<String> functions, long planned, long durationNs) {
        return plan(
                name,
                false,
                functions.stream()
                        .map(each -> new RunPlan.RunFunction(each, 128, "x86_64"))
                        .toList(),
                planned,
                durationNs);
    }

    static RunPlan plan(
            String name, boolean emulated, List<RunPlan.RunFunction> functions, long planned, long durationNs) {
        Map<String, String> features = new LinkedHashMap<>();
        features.put("user namespace", "bubblewrap 0.8.0");
        features.put("network namespace", "own loopback, listening socket opened from the host");
        features.put("CPU quota", "cgroup v1 cpu, period 20 ms");
        features.put("memory limit", "cgroup v1 memory");
        features.put("seccomp filter", "missing: no filter built for this architecture");
        return new RunPlan(
                "replay",
                name,
                "thaw replay trace.csv --duration 60s",
                Map.of("duration", "60s", "keepAlive", "10m", "arrivals", "trace", "boost", "2 vCPU during init"),
                42,
                "process",
                "process/degraded: no seccomp filter",
                features,
                emulated,
                functions,
                planned,
                durationNs,
                RunPlan.DEFAULT_LATENESS_BUDGET_NS);
    }

    RunPlan plan(String name) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < functions; i++) {
            names.add(String.format("app%02d-fn%04d", i % 17, i));
        }
        return plan(name, names, (long) seconds * ratePerSec, seconds * SECOND_NS);
    }

    /** Records all of it and returns how the run ended. */
    RunOutcome record(String name, Path runs) throws IOException {
        List<Sample> samples = samples();
        // Room for all: this loop has no clock to hold it back.
        int capacity = Integer.highestOneBit(samples.size()) << 1;
        try (RunRecorder recorder = BundleRecorder.open(plan(name), runs, RunClock.SYSTEM, capacity)) {
            for (int second = 0; second < seconds; second++) {
                recorder.recordFleet(fleet(second));
            }
            samples.forEach(recorder::record);
            return recorder.finish();
        }
    }

    FleetSample fleet(int second) {
        int busy = 6 + random.nextInt(8);
        int created = Math.min(functions, 10 + second * 3);
        return new FleetSample(
                second * SECOND_NS,
                random.nextInt(3),
                busy,
                8,
                Math.max(0, created - busy - 8),
                second % 20 == 7 ? 1 : 0,
                random.nextInt(2),
                created,
                0,
                second / 9,
                0,
                0);
    }

    /** In the order in which they end. */
    List<Sample> samples() {
        List<Sample> samples = new ArrayList<>();
        long gapNs = SECOND_NS / ratePerSec;
        for (int i = 0; i < seconds * ratePerSec; i++) {
            samples.add(sample(i * gapNs + random.nextLong(gapNs)));
        }
        samples.sort(Comparator.comparingLong(sample -> sample.doneNs));
        return samples;
    }

    private final java.util.Set<Integer> seen = new java.util.HashSet<>();

    private Sample sample(long intendedNs) {
        Sample sample = new Sample();
        double skewed = Math.pow(random.nextDouble(), 3);
        sample.function = (int) (skewed * functions);
        sample.intendedStartNs = intendedNs;
        sample.sentNs = intendedNs + 20 * US + (long) (-Math.log(1 - random.nextDouble()) * 60 * US);
        ServerRecord server = sample.server;
        server.clear();
        server.memoryMib = 128 << sample.function % 4;
        server.hostId = 0;
        server.environmentId = sample.function;
        long handlerNs = (long) (Math.exp(random.nextGaussian() * 0.9 + 1.2) * 1_000_000L);
        phase(server, Phase.FRONTEND, 40 * US);
        phase(server, Phase.INVOKE, handlerNs);
        boolean first = seen.add(sample.function);
        if (first || random.nextInt(900) == 0) {
            cold(server);
        } else if (random.nextInt(150) == 0) {
            server.coldVictim = true;
            phase(server, Phase.QUEUE, random.nextLong(15_000) * US);
        } else if (random.nextInt(700) == 0) {
            server.suppressedInit = true;
            phase(server, Phase.SUPPRESSED_INIT, 60_000 * US + random.nextLong(40_000) * US);
        } else if (random.nextInt(4) == 0) {
            phase(server, Phase.THAW, 90 * US + random.nextLong(200) * US);
        }
        finish(sample, handlerNs);
        return sample;
    }

    private void cold(ServerRecord server) {
        server.coldTrigger = true;
        phase(server, Phase.QUEUE, 15 * US);
        phase(server, Phase.CREATE, 2_400 * US + random.nextLong(900) * US);
        phase(server, Phase.INIT_RUNTIME, 3_000 * US + random.nextLong(1_800) * US);
        phase(server, Phase.INIT_FUNCTION, 1_200 * US + random.nextLong(9_000) * US);
    }

    private void finish(Sample sample, long handlerNs) {
        ServerRecord server = sample.server;
        server.throttledNs = random.nextInt(3) == 0 ? handlerNs / 3 : 0;
        server.cpuNs = handlerNs / 10;
        server.peakMemoryBytes = 20L << 20;
        server.billedMs = Math.ceilDiv(handlerNs + server.phasesNs[Phase.SUPPRESSED_INIT.ordinal()], 1_000_000L);
        sample.serverKnown = true;
        sample.doneNs = sample.sentNs + server.phasesSumNs() + 110 * US + random.nextLong(80) * US;
        int dice = random.nextInt(2000);
        if (dice < 6) {
            sample.status = SampleStatus.FUNCTION_ERROR;
        } else if (dice < 8) {
            sample.status = SampleStatus.THROTTLED;
            sample.serverKnown = false;
            sample.doneNs = sample.sentNs + 300 * US;
        } else if (dice < 9) {
            sample.status = SampleStatus.TIMED_OUT;
        }
    }

    private static void phase(ServerRecord server, Phase phase, long ns) {
        server.phasesNs[phase.ordinal()] += ns;
    }
}
