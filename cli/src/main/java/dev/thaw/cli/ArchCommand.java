package dev.thaw.cli;

import dev.thaw.cli.kernels.KernelComparison;
import dev.thaw.results.ArchBundle;
import dev.thaw.results.ArchRun;
import dev.thaw.sandbox.Architecture;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code thaw arch}: the same kernels in builds for several instruction sets, side by side. All are held to the checksums
 * of plain Java; what runs on this processor is timed; what is foreign is emulated and has no speed.
 */
@Command(
        name = "arch",
        description = "Compare AVX2, NEON and scalar builds of the same kernels.",
        mixinStandardHelpOptions = true)
final class ArchCommand implements Callable<Integer> {
    private static final int MAX_ROUNDS = 1000;
    private static final long MAX_ROUND_NS = 10_000_000_000L;

    @Option(
            names = "--kernels",
            split = ",",
            paramLabel = "NAME",
            description = "dot, sha256, mandelbrot, blur, matmul, json, lz, copy (default: all).")
    private List<String> kernels = KernelComparison.kernels();

    @Option(
            names = "--builds",
            split = ",",
            paramLabel = "NAME",
            description = "x86_64-scalar, -sse2, -avx2, -avx512; arm64-scalar, -neon, -sve; java-scalar, -auto, -vector"
                    + " (default: all).")
    private List<String> builds = KernelComparison.builds();

    @Option(
            names = "--passes",
            paramLabel = "N",
            description = "New processes and a warm-up each (default: ${DEFAULT-VALUE}; 0: checksums alone).")
    private int passes = 3;

    @Option(names = "--rounds", paramLabel = "N", description = "Of each pass (default: ${DEFAULT-VALUE}).")
    private int rounds = 5;

    @Option(
            names = "--round-time",
            paramLabel = "DURATION",
            converter = Durations.class,
            description = "How long a build runs a kernel in a round (default: 20ms).")
    private Duration roundTime = Duration.ofMillis(20);

    @Option(names = "--seed", paramLabel = "N", description = "Of the order of builds (default: ${DEFAULT-VALUE}).")
    private long seed = 1;

    @Option(names = "--name", paramLabel = "NAME", description = "Part of the bundle's folder name (default: arch).")
    private String name = "arch";

    @Option(names = "--runs", paramLabel = "DIR", description = "Where bundles go (default: results/runs).")
    private Path runs = Installation.runs();

    @Override
    public Integer call() throws IOException {
        checkBounds();
        KernelComparison comparison =
                new KernelComparison(Installation.examples().resolve("kernels"), kernels, builds);
        ArchRun run = comparison.run(
                passes, rounds, roundTime.toNanos(), seed, each -> System.err.println("thaw: arch: not run: " + each));
        System.out.print(ArchTable.of(run));
        Path bundle = ArchBundle.write(run, name, CommandLineText.get(), seed, configuration(), runs);
        System.out.println("report: " + bundle.resolve("report.html"));
        System.out.println("run: " + bundle);
        return run.agrees() ? 0 : Main.EXIT_OVER_BUDGET;
    }

    private void checkBounds() {
        bound("--passes", passes, 0, MAX_ROUNDS);
        bound("--rounds", rounds, 1, MAX_ROUNDS);
        if (roundTime.toNanos() < 1 || roundTime.toNanos() > MAX_ROUND_NS) {
            throw new WrongUse("arch: --round-time: " + roundTime.toNanos() + " ns, must be above 0 and at most 10s");
        }
    }

    private static void bound(String option, int value, int least, int most) {
        if (value < least || value > most) {
            throw new WrongUse("arch: " + option + ": " + value + ", must be " + least + " to " + most);
        }
    }

    private Map<String, String> configuration() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("architecture", Architecture.host().key());
        settings.put("kernels", String.join(",", kernels));
        settings.put("builds", String.join(",", builds));
        settings.put("passes", Integer.toString(passes));
        settings.put("rounds", Integer.toString(rounds));
        settings.put("roundTimeNs", Long.toString(roundTime.toNanos()));
        return settings;
    }
}
