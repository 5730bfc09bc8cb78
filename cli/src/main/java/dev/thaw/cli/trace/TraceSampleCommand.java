package dev.thaw.cli.trace;

import dev.thaw.loadgen.trace.Trace;
import dev.thaw.loadgen.trace.TraceProgress;
import dev.thaw.loadgen.trace.derive.SampleOptions;
import dev.thaw.loadgen.trace.derive.TraceSample;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code thaw trace sample}: some of a trace's functions, as much like all of them as can be. */
@Command(
        name = "sample",
        description = "Keep some functions, chosen to be like all of them (Wasserstein distance).",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class TraceSampleCommand implements Callable<Integer> {
    @Mixin
    private ReadTrace read = new ReadTrace();

    @Option(names = "--functions", paramLabel = "N", required = true, description = "How many are kept.")
    private int functions;

    @Option(
            names = "--trials",
            paramLabel = "N",
            description = "Random samples, the best of which is improved (default: ${DEFAULT-VALUE}).")
    private int trials = SampleOptions.DEFAULT_TRIALS;

    @Option(
            names = "--swaps",
            paramLabel = "N",
            description = "Exchanges that are tried to improve it (default: ${DEFAULT-VALUE}).")
    private int swaps = SampleOptions.DEFAULT_SWAPS;

    @Mixin
    private WrittenTrace written = new WrittenTrace();

    @Override
    public Integer call() {
        SampleOptions options = new SampleOptions(functions, read.seed(), trials, swaps);
        written.check();
        TraceProgress progress = new TraceProgress();
        try (TerminalProgress _ = TerminalProgress.start("trace sample", progress)) {
            Trace whole = read.open(progress);
            TraceSample sample = TraceSample.of(whole, options);
            Map<String, Object> more = new LinkedHashMap<>();
            more.put("ofFunctions", whole.functions().size());
            more.put("ofInvocations", whole.summary().invocations());
            more.put("distance", sample.distance());
            more.put("randomDistance", sample.randomDistance());
            written.write(sample.trace(), progress, more);
        }
        return 0;
    }
}
