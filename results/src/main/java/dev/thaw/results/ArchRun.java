package dev.thaw.results;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What {@code thaw arch} found out: the same kernels in several builds, native ones timed, foreign ones emulated for
 * their checksums alone.
 *
 * @param architecture the host's, {@code x86_64} or {@code arm64}
 * @param notRun builds that were left out, a line each
 */
public record ArchRun(
        String architecture, List<Kernel> kernels, List<Build> builds, List<Outcome> outcomes, List<String> notRun) {
    public ArchRun {
        kernels = List.copyOf(kernels);
        builds = List.copyOf(builds);
        outcomes = List.copyOf(outcomes);
        notRun = List.copyOf(notRun);
    }

    /**
     * A kernel and its right answer.
     *
     * @param unit what its work is counted in
     * @param unitsPerRun of each run
     * @param checksum the reference's, which every build is held to
     */
    public record Kernel(String name, String unit, long unitsPerRun, String checksum) {}

    /**
     * A build that ran.
     *
     * @param language {@code C} or {@code Java}
     * @param instructionSet {@code scalar}, {@code avx2}, {@code neon} ..; {@code vector} of Java's Vector API
     * @param vectorBits how wide its vectors are, where it says; otherwise 0
     * @param runsOn the emulator, or null on the processor itself
     */
    public record Build(
            String name,
            String language,
            String architecture,
            String instructionSet,
            int vectorBits,
            @Nullable String runsOn) {
        boolean emulated() {
            return runsOn != null;
        }
    }

    /**
     * What became of a kernel in a build.
     *
     * @param checksum {@code failed: ..} where it gave none
     * @param unitsPerSecond a value a round, the same round at the same place in every build; empty where not timed
     * @param instructions of its code, by the registers that they use; null where nobody read them
     */
    public record Outcome(
            String kernel,
            String build,
            String checksum,
            List<Double> unitsPerSecond,
            @Nullable Map<String, Integer> instructions) {
        public Outcome {
            unitsPerSecond = List.copyOf(unitsPerSecond);
        }
    }

    /** Whether every build gave every kernel's right answer. */
    public boolean agrees() {
        return outcomes.stream()
                .allMatch(each -> kernel(each.kernel()).checksum().equals(each.checksum()));
    }

    Kernel kernel(String name) {
        return kernels.stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("arch: no kernel '" + name + "' in this run"));
    }
}
