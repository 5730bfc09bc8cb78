package dev.thaw.runtimebridge;

import dev.thaw.scheduler.core.Outcome;
import dev.thaw.scheduler.live.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * One message to the log thread. Those of an invocation come from a pool; the rare others are made anew.
 *
 * <p>Threading: owned by one thread at a time, handed over through queues.
 */
final class LogEntry {
    enum Kind {
        /** A new pipe; the one before, if any, is read to its end and closed. */
        ATTACH,
        INIT_START,
        INIT_REPORT,
        START,
        REPORT,
        /** A line of ours, such as why a sandbox could not be built. */
        NOTE,
        /** Nothing follows: pipe and file are closed. */
        CLOSE
    }

    final boolean pooled;
    Kind kind = Kind.NOTE;

    @Nullable
    EnvironmentLog log;

    String requestId = "";
    String text = "";

    @Nullable
    String errorType;

    @Nullable
    OutputPipe pipe;

    boolean tail;
    boolean timedOut;
    long position;
    long durationNs;
    long initNs;
    long billedMs;
    long peakBytes;
    /** Waits for its log tail, or null. */
    @Nullable
    Exchange exchange;

    @Nullable
    Outcome outcome;

    LogEntry(boolean pooled) {
        this.pooled = pooled;
    }

    void clear() {
        log = null;
        errorType = null;
        pipe = null;
        exchange = null;
        outcome = null;
        requestId = "";
        text = "";
        tail = false;
        timedOut = false;
    }
}
