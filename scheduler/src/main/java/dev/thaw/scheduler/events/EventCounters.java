package dev.thaw.scheduler.events;

import dev.thaw.results.ServerMetrics;
import dev.thaw.scheduler.functions.FunctionReference;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What became of asynchronous events, by the function's ARN as it was asked for. Names in comments are the metrics'.
 *
 * <p>Threading: written on {@code thaw-events}; read on any thread.
 */
public final class EventCounters {
    private final Map<String, Counts> byFunction = new ConcurrentHashMap<>();

    /** Counts of one function, version or alias. */
    public static final class Counts {
        /** AsyncEventsReceived: accepted. */
        public final AtomicLong received = new AtomicLong();
        /** Attempts that were started; beyond {@link #received} they are retries and duplicates. */
        public final AtomicLong attempts = new AtomicLong();
        /** AsyncEventsDropped: ended without success, whether or not a target was told. */
        public final AtomicLong dropped = new AtomicLong();
        /** DeadLetterErrors. */
        public final AtomicLong deadLetterErrors = new AtomicLong();
        /** DestinationDeliveryFailures. */
        public final AtomicLong destinationDeliveryFailures = new AtomicLong();
        /** AsyncEventAge: from acceptance to the start of each attempt; sum and largest. */
        public final AtomicLong ageSumMs = new AtomicLong();

        public final AtomicLong ageMaxMs = new AtomicLong();
    }

    /** Counts of this function; made where there were none. */
    Counts of(String functionArn) {
        return byFunction.computeIfAbsent(functionArn, arn -> new Counts());
    }

    /** A view of all counts, by ARN. */
    public Map<String, Counts> byFunction() {
        return Map.copyOf(byFunction);
    }

    /** All counts, as metrics have them. */
    public List<ServerMetrics.Events> rows() {
        return byFunction.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(each -> row(each.getKey(), each.getValue()))
                .toList();
    }

    private static ServerMetrics.Events row(String functionArn, Counts counts) {
        FunctionReference reference = FunctionReference.parse(functionArn);
        return new ServerMetrics.Events(
                reference == null ? functionArn : reference.name(),
                reference == null ? null : reference.qualifier(),
                counts.received.get(),
                counts.attempts.get(),
                counts.ageSumMs.get(),
                counts.ageMaxMs.get(),
                counts.dropped.get(),
                counts.deadLetterErrors.get(),
                counts.destinationDeliveryFailures.get());
    }

    void notDelivered(Delivery.Kind kind, String functionArn) {
        Counts counts = of(functionArn);
        (kind == Delivery.Kind.DEAD_LETTER ? counts.deadLetterErrors : counts.destinationDeliveryFailures)
                .incrementAndGet();
    }
}
