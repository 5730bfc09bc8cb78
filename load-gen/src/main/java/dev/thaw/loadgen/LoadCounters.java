package dev.thaw.loadgen;

import dev.thaw.results.SampleStatus;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Counts of a running load.
 *
 * <p>Threading: written by the load's thread alone, read by any.
 */
public final class LoadCounters {
    private static final int STATUSES = SampleStatus.values().length;

    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong ended = new AtomicLong();
    private final AtomicLong waiting = new AtomicLong();
    private final AtomicLong connections = new AtomicLong();
    private final AtomicLong boundWaits = new AtomicLong();
    private final AtomicLongArray byStatus = new AtomicLongArray(STATUSES);

    LoadCounters() {}

    /** Requests handed to a socket. */
    public long sent() {
        return sent.get();
    }

    /** Planned invocations that are over, however they ended. */
    public long ended() {
        return ended.get();
    }

    /** Answers, of whatever status. */
    public long completed() {
        return ended() - count(SampleStatus.LOST) - count(SampleStatus.UNSENT);
    }

    public long count(SampleStatus status) {
        return byStatus.get(status.ordinal());
    }

    /** Everything that ended otherwise than well, throttles included. */
    public long errors() {
        return ended() - count(SampleStatus.OK);
    }

    /** Invocations whose start has come and that have no connection yet. */
    public long waiting() {
        return waiting.get();
    }

    /** Connections open now. */
    public long connections() {
        return connections.get();
    }

    /** Invocations that had to wait because as many connections as allowed were open. */
    public long boundWaits() {
        return boundWaits.get();
    }

    void clear() {
        sent.setRelease(0);
        ended.setRelease(0);
        waiting.setRelease(0);
        boundWaits.setRelease(0);
        for (int status = 0; status < STATUSES; status++) {
            byStatus.setRelease(status, 0);
        }
    }

    void onSent() {
        increment(sent);
    }

    void onBoundWait() {
        increment(boundWaits);
    }

    void onEnded(SampleStatus status) {
        increment(ended);
        int index = status.ordinal();
        byStatus.setRelease(index, byStatus.getPlain(index) + 1);
    }

    void setWaiting(int count) {
        waiting.setRelease(count);
    }

    void setConnections(int count) {
        connections.setRelease(count);
    }

    private static void increment(AtomicLong counter) {
        counter.setRelease(counter.getPlain() + 1);
    }
}
