package dev.thaw.scheduler.events;

/**
 * Bounds of the asynchronous queue.
 *
 * @param maxInFlight most events that are being invoked at once; each function may always have one
 * @param maxEvents most events that wait, deliveries included
 * @param maxBytes most bytes of payloads that wait
 * @param maxUnstoredBytes most bytes of payloads that wait to be written
 * @param duplicateRate share of events, 0..1, that are run again on purpose after their first success
 * @param duplicateSeed of the choice of these
 */
public record EventsConfig(
        int maxInFlight,
        int maxEvents,
        long maxBytes,
        long maxUnstoredBytes,
        double duplicateRate,
        long duplicateSeed) {
    public static final int DEFAULT_IN_FLIGHT_PER_PROCESSOR = 8;
    public static final int DEFAULT_MAX_EVENTS = 1_000_000;
    public static final long DEFAULT_MAX_BYTES = 4L << 30;
    public static final long DEFAULT_MAX_UNSTORED_BYTES = 64L << 20;

    public EventsConfig {
        requireAtLeast("maxInFlight", maxInFlight, 1);
        requireAtLeast("maxEvents", maxEvents, 1);
        requireAtLeast("maxBytes", maxBytes, FunctionEvent.MAX_PAYLOAD_BYTES);
        requireAtLeast("maxUnstoredBytes", maxUnstoredBytes, FunctionEvent.MAX_PAYLOAD_BYTES);
        if (!(duplicateRate >= 0 && duplicateRate <= 1)) {
            throw new IllegalArgumentException("duplicateRate: " + duplicateRate + ", must be 0..1");
        }
    }

    /** Defaults for a host of so many processors. */
    public static EventsConfig of(int processors) {
        return new EventsConfig(
                processors * DEFAULT_IN_FLIGHT_PER_PROCESSOR,
                DEFAULT_MAX_EVENTS,
                DEFAULT_MAX_BYTES,
                DEFAULT_MAX_UNSTORED_BYTES,
                0,
                0);
    }

    private static void requireAtLeast(String key, long value, long bound) {
        if (value < bound) {
            throw new IllegalArgumentException(key + ": " + value + ", must be " + bound + " or more");
        }
    }
}
