package dev.thaw.results;

import java.util.List;
import java.util.Map;

/**
 * What a run set out to do; the first half of its manifest.
 *
 * @param kind {@code load}, {@code replay} or {@code jmh}
 * @param name part of the bundle's folder name
 * @param command the command line as typed
 * @param configuration every setting that can change a figure, defaults included
 * @param seed of everything random in the run
 * @param backend {@code process}, or {@code external} for a target that is not ours
 * @param isolation one line, see {@code Isolation.describe()}; {@code unknown} for an external target
 * @param isolationFeatures name, held or not, and detail of each piece of isolation, as {@code name -> detail}; a
 *     missing piece's detail starts with {@code missing: }
 * @param emulated whether any function of the run was emulated
 * @param functions in the order of {@link Sample#function}
 * @param plannedInvocations how many starts the plan holds
 * @param durationNs how long the plan lasts
 * @param latenessBudgetNs the run is over budget where the generator's lateness p99.9 exceeds this
 */
public record RunPlan(
        String kind,
        String name,
        String command,
        Map<String, String> configuration,
        long seed,
        String backend,
        String isolation,
        Map<String, String> isolationFeatures,
        boolean emulated,
        List<RunFunction> functions,
        long plannedInvocations,
        long durationNs,
        long latenessBudgetNs) {
    /** {@link #backend} of a target that is not ours. */
    public static final String EXTERNAL = "external";
    /** {@link #isolation} and architectures of a target that does not tell. */
    public static final String UNKNOWN = "unknown";
    /** p99.9 of the generator's own lateness that a run may have. */
    public static final long DEFAULT_LATENESS_BUDGET_NS = 10_000_000L;

    /** Setting in {@link #configuration}: the faults that its server injects on purpose, or {@link #NO_FAULTS}. */
    public static final String FAULTS_KEY = "faults";
    /** Setting in {@link #configuration}: what the faults are drawn from. */
    public static final String FAULT_SEED_KEY = "faultSeed";
    /** {@link #FAULTS_KEY} of a run without a fault plan. */
    public static final String NO_FAULTS = "none";

    public RunPlan {
        configuration = Map.copyOf(configuration);
        isolationFeatures = Map.copyOf(isolationFeatures);
        functions = List.copyOf(functions);
    }

    /** A function of the run: memory 0 is not known, and an architecture other than {@code x86_64} and {@code arm64}. */
    public record RunFunction(String name, int memoryMib, String architecture) {}
}
