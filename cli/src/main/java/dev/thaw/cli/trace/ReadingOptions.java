package dev.thaw.cli.trace;

import dev.thaw.loadgen.trace.StepArrivals;
import dev.thaw.loadgen.trace.TraceFormat;
import dev.thaw.loadgen.trace.TraceOptions;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a trace is read, for every verb that reads one. */
public final class ReadingOptions {
    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "auto, azure2019, azure2021, invitro, iluvatar, faasrail, huawei2023, huawei2025,"
                    + " huawei2025cold, ibm, azurellm or csv (default: ${DEFAULT-VALUE}).")
    private String format = TraceFormat.AUTO.key();

    @Option(
            names = "--duration",
            paramLabel = "DURATION",
            description = "Only the first part of the trace (default: all of it).")
    private @Nullable Duration duration;

    @Option(
            names = "--arrivals",
            paramLabel = "poisson|uniform|equidistant|bursty",
            description = "How invocations are spread inside a minute of which the trace has only their number"
                    + " (default: ${DEFAULT-VALUE}).")
    private String arrivals = StepArrivals.POISSON.key();

    @Option(
            names = "--skip-broken-rows",
            description = "Leave out rows that cannot be used, and count them; otherwise the first one is refused.")
    private boolean skipBrokenRows;

    public TraceFormat format() {
        return TraceFormat.of(format);
    }

    /** For manifests: what of it decides which invocations come when. */
    public Map<String, String> describe() {
        return Map.of(
                "trace.arrivals",
                arrivals,
                "trace.part",
                duration == null ? "" : duration.toString(),
                "trace.skipBrokenRows",
                Boolean.toString(skipBrokenRows));
    }

    /** {@code duration} is of the run, which a speed-up makes shorter than the trace. */
    public TraceOptions options(long seed, double speedup) {
        TraceOptions options = TraceOptions.defaults()
                .withSeed(seed)
                .withSpeedup(speedup)
                .withArrivals(StepArrivals.of(arrivals))
                .withSkipBrokenRows(skipBrokenRows);
        return duration == null ? options : options.withWindowNs((long) (duration.toNanos() * speedup));
    }
}
