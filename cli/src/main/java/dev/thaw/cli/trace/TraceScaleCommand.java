package dev.thaw.cli.trace;

import dev.thaw.loadgen.trace.TraceProgress;
import dev.thaw.loadgen.trace.derive.TraceScale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code thaw trace scale}: more or fewer invocations, in more or less time. */
@Command(
        name = "scale",
        description = "Make more or fewer invocations of a trace, or let it last longer or shorter.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class TraceScaleCommand implements Callable<Integer> {
    @Mixin
    private ReadTrace read = new ReadTrace();

    @Option(
            names = "--rate",
            paramLabel = "X",
            description = "Factor of the number of invocations (default: ${DEFAULT-VALUE}).")
    private double rate = 1;

    @Option(
            names = "--time",
            paramLabel = "X",
            description = "Factor of how long it lasts; durations stay (default: ${DEFAULT-VALUE}).")
    private double time = 1;

    @Mixin
    private WrittenTrace written = new WrittenTrace();

    @Override
    public Integer call() {
        written.check();
        TraceScale.check(rate, time);
        TraceProgress progress = new TraceProgress();
        try (TerminalProgress _ = TerminalProgress.start("trace scale", progress)) {
            written.write(TraceScale.of(read.open(progress), rate, time, read.seed()), progress, Map.of());
        }
        return 0;
    }
}
