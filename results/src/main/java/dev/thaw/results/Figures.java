package dev.thaw.results;

import java.util.List;
import java.util.function.Function;
import org.HdrHistogram.Histogram;

/**
 * Everything that a run's rows add up to, beyond the {@link Headline}.
 *
 * <p>Threading: filled on the row thread, read once that thread has stopped.
 */
final class Figures {
    final List<FunctionTotals> functions;
    final PhaseTotals phases = new PhaseTotals();
    final Usage usage = new Usage();
    final Seconds seconds;
    final Windows windows;
    final TailFigures tails;
    /** Latency over the handler's own time, in thousandths. */
    final Histogram slowdown = Latencies.growing();
    /** Latency from the intended start of invocations that an init delayed: triggers, victims, suppressed. */
    final Histogram delayedByInit = Latencies.growing();

    final Histogram warm = Latencies.growing();
    /** How long extensions kept environments busy after answers. */
    final Histogram extensionOverhang = Latencies.growing();

    long firstIntendedNs = -1;
    long lastDoneNs = -1;

    Figures(RunPlan plan) {
        this(plan, new Seconds(), FunctionTotals::new);
    }

    Figures(RunPlan plan, Seconds seconds, Function<RunPlan.RunFunction, FunctionTotals> totals) {
        this.seconds = seconds;
        functions = plan.functions().stream().map(totals).toList();
        windows = new Windows(plan.durationNs());
        tails = new TailFigures(plan.plannedInvocations(), functions);
    }

    void add(Sample sample) {
        long slowdownMilli = FunctionTotals.slowdownMilli(sample);
        functions.get(sample.function).add(sample, slowdownMilli);
        seconds.add(sample);
        windows.add(sample);
        if (firstIntendedNs < 0 || sample.intendedStartNs < firstIntendedNs) {
            firstIntendedNs = sample.intendedStartNs;
        }
        if (sample.status != SampleStatus.UNSENT && sample.status != SampleStatus.LOST) {
            lastDoneNs = Math.max(lastDoneNs, sample.doneNs);
        }
        if (sample.wasExecuted()) {
            tails.add(sample);
        }
        if (sample.serverKnown) {
            addServer(sample, slowdownMilli);
        }
    }

    private void addServer(Sample sample, long slowdownMilli) {
        usage.add(sample.server);
        if (sample.server.extensionOverhangNs >= 0) {
            Latencies.record(extensionOverhang, sample.server.extensionOverhangNs);
        }
        if (!sample.wasExecuted()) {
            return;
        }
        phases.add(sample);
        Histogram delayed = StartKind.of(sample.server) == StartKind.WARM ? warm : delayedByInit;
        Latencies.record(delayed, sample.fromIntendedNs());
        if (slowdownMilli >= 0) {
            slowdown.recordValue(slowdownMilli);
        }
    }
}
