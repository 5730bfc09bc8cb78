package dev.thaw.cli.trace;

import dev.thaw.loadgen.trace.SynthesisOptions;
import dev.thaw.loadgen.trace.TraceProgress;
import dev.thaw.loadgen.trace.TraceSynthesizer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code thaw trace synthesize}: a trace like Azure's, out of what was published of it. */
@Command(
        name = "synthesize",
        description = "Make a trace like Azure Functions 2019's, out of published fits or distributions.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class TraceSynthesizeCommand implements Callable<Integer> {
    @Option(names = "--seed", paramLabel = "N", description = "Of everything (default: ${DEFAULT-VALUE}).")
    private long seed = 1;

    @Option(names = "--functions", paramLabel = "N", description = "How many (default: ${DEFAULT-VALUE}).")
    private int functions = 200;

    @Option(names = "--duration", paramLabel = "DURATION", description = "How long it lasts (default: 10m).")
    private Duration duration = Duration.ofMinutes(10);

    @Option(
            names = "--rate",
            paramLabel = "R",
            description = "Invocations a second, all functions together (default: ${DEFAULT-VALUE}).")
    private double ratePerSec = 50;

    @Option(
            names = "--concurrency",
            paramLabel = "N",
            description = "Most invocations under way on average: lowers the rate (default: no bound).")
    private double concurrency = 1e6;

    @Option(names = "--max-duration", paramLabel = "DURATION", description = "No invocation is longer (default: 5m).")
    private Duration maxDuration = Duration.ofMinutes(5);

    @Option(
            names = "--max-memory",
            paramLabel = "MIB",
            description = "No function is larger (default: ${DEFAULT-VALUE}).")
    private int maxMemoryMib = 10_240;

    @Option(
            names = "--arrivals",
            paramLabel = "mixed|poisson|uniform|constant|bursty",
            description = "How each function's invocations arrive (default: ${DEFAULT-VALUE}).")
    private String arrivals = SynthesisOptions.Arrivals.MIXED.key();

    @Option(
            names = "--cdfs",
            paramLabel = "DIR",
            description = "Draw from distributions of files there: execTimeCDF.csv, memCDF.csv, invokesCDF.csv, CVs.csv"
                    + " (default: published fits).")
    private @Nullable Path cdfs;

    @Mixin
    private WrittenTrace written = new WrittenTrace();

    @Override
    public Integer call() {
        written.check();
        SynthesisOptions options = new SynthesisOptions(
                seed,
                functions,
                duration.toNanos(),
                ratePerSec,
                concurrency,
                (int) Math.min(Integer.MAX_VALUE, maxDuration.toNanos() / 1_000),
                maxMemoryMib,
                SynthesisOptions.Arrivals.of(arrivals),
                cdfs);
        TraceProgress progress = new TraceProgress();
        try (TerminalProgress _ = TerminalProgress.start("trace synthesize", progress)) {
            written.write(TraceSynthesizer.synthesize(options), progress, Map.of("seed", seed));
        }
        return 0;
    }
}
