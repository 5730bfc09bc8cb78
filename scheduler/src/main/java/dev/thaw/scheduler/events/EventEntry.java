package dev.thaw.scheduler.events;

/**
 * What is kept in memory of one stored event or delivery; the rest is on disk.
 *
 * <p>Threading: none.
 */
final class EventEntry {
    /** Of its row. */
    final long id;
    /** Whom it is for: the function's ARN, or the target's. Entries of one lane share their turn. */
    final String lane;
    /** When the event was accepted, or the delivery first due. */
    final long acceptedMs;

    final int bytes;

    long dueMs;
    /** Attempts that ran, or may have run. */
    int attempts;
    /** Throttles and system errors since the last attempt that ran. */
    int refusals;

    EventEntry(long id, String lane, long acceptedMs, int bytes, long dueMs) {
        this.id = id;
        this.lane = lane;
        this.acceptedMs = acceptedMs;
        this.bytes = bytes;
        this.dueMs = dueMs;
    }
}
