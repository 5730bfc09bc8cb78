package dev.thaw.cli.virtual;

import dev.thaw.loadgen.trace.ArrivalCursor;
import dev.thaw.loadgen.trace.Trace;
import java.util.HashMap;
import java.util.Map;
import org.agrona.collections.LongArrayList;

/**
 * What a trace asks of each invocation, to be taken by function and intended start. Several may start at one instant: each
 * is taken once.
 */
final class PlannedWork {
    static final long UNKNOWN = -1;
    private static final long NS_PER_US = 1_000;

    private final Map<String, Map<Long, LongArrayList>> ofFunctions = new HashMap<>();

    /** Nothing is known. */
    PlannedWork() {}

    PlannedWork(Trace trace) {
        for (ArrivalCursor cursor = trace.arrivals(); cursor.next(); ) {
            ofFunctions
                    .computeIfAbsent(trace.functions().get(cursor.function()).name(), _ -> new HashMap<>())
                    .computeIfAbsent(cursor.startNs(), _ -> new LongArrayList(1, UNKNOWN))
                    .addLong(cursor.durationUs() * NS_PER_US);
        }
    }

    /** In ns, or {@link #UNKNOWN}. */
    long take(String function, long startNs) {
        LongArrayList left = ofFunctions.getOrDefault(function, Map.of()).get(startNs);
        return left == null || left.isEmpty() ? UNKNOWN : left.removeAt(0);
    }
}
