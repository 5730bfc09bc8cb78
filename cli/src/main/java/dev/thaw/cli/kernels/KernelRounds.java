package dev.thaw.cli.kernels;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Times builds in turns. Each pass starts new processes, since where memory lies and what a JVM compiles differs from one
 * to the next, and warms them up; each of its rounds takes every kernel through all builds, in a new order, so that what
 * disturbs the host disturbs all.
 *
 * @param roundNs how long a build runs a kernel in a round
 */
record KernelRounds(List<String> kernels, int passes, int rounds, long roundNs, long seed) {
    private static final long WARM_UP_SLICE_NS = 100_000_000;
    private static final int MIN_SLICES = 4;
    private static final int MAX_SLICES = 30;
    /** Warm: so many slices in a row differ by no more than the tolerance. */
    private static final int STEADY_SLICES = 3;

    private static final double TOLERANCE = 0.05;

    /** By build, by kernel, what it answered in each round. */
    Map<String, Map<String, List<KernelAnswer>>> measure(List<KernelStart> starts) throws IOException {
        Map<String, Map<String, List<KernelAnswer>>> answers = new LinkedHashMap<>();
        Random random = new Random(seed);
        for (int pass = 0; pass < passes; pass++) {
            Map<String, KernelProcess> processes = new LinkedHashMap<>();
            try {
                for (KernelStart start : starts) {
                    processes.put(start.name(), KernelProcess.start(start));
                }
                pass(starts, processes, random, answers);
            } finally {
                processes.values().forEach(KernelProcess::close);
            }
        }
        return answers;
    }

    private void pass(
            List<KernelStart> starts,
            Map<String, KernelProcess> processes,
            Random random,
            Map<String, Map<String, List<KernelAnswer>>> answers)
            throws IOException {
        for (KernelStart start : starts) {
            for (String kernel : kernels) {
                warmUp(start, of(processes, start), kernel);
            }
        }
        List<KernelStart> order = new ArrayList<>(starts);
        for (int round = 0; round < rounds; round++) {
            for (String kernel : kernels) {
                Collections.shuffle(order, random);
                for (KernelStart start : order) {
                    answers.computeIfAbsent(start.name(), _ -> new LinkedHashMap<>())
                            .computeIfAbsent(kernel, _ -> new ArrayList<>())
                            .add(of(processes, start).run(kernel, roundNs));
                }
            }
        }
    }

    private static KernelProcess of(Map<String, KernelProcess> processes, KernelStart start) {
        KernelProcess process = processes.get(start.name());
        if (process == null) {
            throw new IllegalStateException(start.name() + " was not started");
        }
        return process;
    }

    /** C: pages and caches. Java: until it is compiled and no longer becomes faster. */
    private void warmUp(KernelStart start, KernelProcess process, String kernel) throws IOException {
        if (!start.build().isJava()) {
            process.run(kernel, roundNs);
            return;
        }
        List<Double> slices = new ArrayList<>();
        while (slices.size() < MAX_SLICES && !isSteady(slices)) {
            slices.add(process.run(kernel, WARM_UP_SLICE_NS).unitsPerSecond());
        }
    }

    static boolean isSteady(List<Double> slices) {
        if (slices.size() < MIN_SLICES) {
            return false;
        }
        List<Double> last = slices.subList(slices.size() - STEADY_SLICES, slices.size());
        return Collections.min(last) >= Collections.max(last) * (1 - TOLERANCE);
    }
}
