package dev.thaw.cli.trace;

import dev.thaw.loadgen.trace.TraceProgress;
import dev.thaw.loadgen.trace.derive.TraceInfo;
import dev.thaw.loadgen.trace.derive.TraceInfo.Spread;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code thaw trace info}: what a trace is like. */
@Command(
        name = "info",
        description = "Say what a trace is like: rates, bursts, durations, memory.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class TraceInfoCommand implements Callable<Integer> {
    @Mixin
    private ReadTrace read = new ReadTrace();

    @Option(names = "--json", description = "As JSON.")
    private boolean json;

    @Override
    public Integer call() {
        TraceProgress progress = new TraceProgress();
        TraceInfo info;
        try (TerminalProgress _ = TerminalProgress.start("trace info", progress)) {
            info = TraceInfo.of(read.open(progress));
        }
        if (json) {
            System.out.println(PlainJson.write(info.asMap()));
        } else {
            print(info);
        }
        return 0;
    }

    private static void print(TraceInfo info) {
        line("format", "%s", info.format());
        line("source", "%s", info.source());
        rows(info);
        line("invocations", "%d in %.3f s, %.3f /s", info.invocations(), info.durationSec(), info.ratePerSec());
        line("functions", "%d in %d applications", info.functions(), info.applications());
        line("peaks", "%d in one second, %d in one minute", info.peakPerSec(), info.peakPerMinute());
        line("IAT", "mean %.3f ms, CV %.3f; of each function, median CV %.3f", iat(info));
        line("burst index", "%.3f (variance by mean of a second's invocations)", info.burstIndex());
        line("minute start", "%.3f (first seconds of minutes by all seconds)", info.minuteStart());
        line("under way", "%.3f on average", info.busyMean());
        line("zero durations", "%d (%.2f %%)", info.zeroDurations(), info.zeroDurationPercent());
        line("durations ms", "%s", spread(info.durationMs()));
        line("memory MiB", "%s", spread(info.memoryMib()));
        line("top tenth", "%.2f %% of invocations", 100 * info.topTenthShare());
        line("broken rows", "%d", info.brokenRows());
        info.notes().forEach(note -> line("note", "%s", note));
    }

    /** Of each file where there are several. */
    private static void rows(TraceInfo info) {
        int files = info.rowsByFile().size();
        line("rows", "%d%s", info.rows(), files > 1 ? " in " + files + " files" : "");
        if (files > 1) {
            info.rowsByFile().forEach((file, rows) -> line("", "%d in %s", rows, file));
        }
    }

    private static Object[] iat(TraceInfo info) {
        return new Object[] {info.iatMeanMs(), info.iatCv(), info.functionIatCvMedian()};
    }

    private static String spread(Spread spread) {
        return String.format(
                Locale.ROOT,
                "min %.3f, mean %.3f, p50 %.3f, p90 %.3f, p99 %.3f, max %.3f",
                spread.min(),
                spread.mean(),
                spread.p50(),
                spread.p90(),
                spread.p99(),
                spread.max());
    }

    @SuppressWarnings("AnnotateFormatMethod") // Its callers are all above, and tests print every line.
    private static void line(String name, String format, Object... values) {
        System.out.printf(Locale.ROOT, "%-15s %s%n", name, String.format(Locale.ROOT, format, values));
    }
}
