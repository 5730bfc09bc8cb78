package dev.thaw.loadgen;

import dev.thaw.loadgen.trace.ArrivalCursor;
import dev.thaw.loadgen.trace.ArrivalSequence;
import dev.thaw.loadgen.trace.Trace;
import dev.thaw.loadgen.trace.TraceSummary;
import java.util.List;
import java.util.function.Supplier;

/**
 * What a load sets out to send.
 *
 * @param functions in the order of the arrivals' indexes
 * @param invocations planned starts
 * @param durationNs how long the plan lasts
 * @param arrivals a new walk over the starts, the same each time
 */
public record LoadPlan(List<Function> functions, long invocations, long durationNs, Supplier<ArrivalCursor> arrivals) {
    public LoadPlan {
        functions = List.copyOf(functions);
    }

    /** A function to invoke, and with what. */
    public record Function(String name, int memoryMib, Payload payload) {}

    /** Each function of the trace is a {@code spin} function of that name. */
    public static LoadPlan of(Trace trace, double cpuFraction, double memoryFraction) {
        List<Function> functions = trace.functions().stream()
                .map(f -> new Function(
                        f.name(), f.memoryMib(), new Payload.Spin(f.memoryMib(), cpuFraction, memoryFraction)))
                .toList();
        TraceSummary summary = trace.summary();
        return new LoadPlan(functions, summary.invocations(), summary.durationNs(), trace::arrivals);
    }

    /** Functions in turn at the starts of a sequence, which must be a new one each time. */
    public static LoadPlan of(List<Function> functions, long durationNs, Supplier<ArrivalSequence> starts) {
        long invocations = 0;
        for (ArrivalSequence sequence = starts.get(); sequence.nextStartNs() < durationNs; ) {
            invocations++;
        }
        return new LoadPlan(
                functions,
                invocations,
                durationNs,
                () -> new SequenceCursor(starts.get(), functions.size(), durationNs));
    }

    /** Functions in turn at the starts of a sequence. */
    private static final class SequenceCursor implements ArrivalCursor {
        private final ArrivalSequence sequence;
        private final int functions;
        private final long endNs;
        private long startNs;
        private int function = -1;

        SequenceCursor(ArrivalSequence sequence, int functions, long endNs) {
            this.sequence = sequence;
            this.functions = functions;
            this.endNs = endNs;
        }

        @Override
        public boolean next() {
            startNs = sequence.nextStartNs();
            function = (function + 1) % functions;
            return startNs < endNs;
        }

        @Override
        public long startNs() {
            return startNs;
        }

        @Override
        public int function() {
            return function;
        }

        @Override
        public int durationUs() {
            return 0;
        }
    }
}
