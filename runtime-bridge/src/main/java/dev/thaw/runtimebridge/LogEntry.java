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
        /** New pipes; those before, if any, are read to their ends and closed. */
        ATTACH,
        INIT_START,
        INIT_REPORT,
        RESTORE_START,
        RESTORE_REPORT,
        /** Init is over where there are extensions: what was written up to now belongs before the first START. */
        INIT_DONE,
        /** The client of the invocation whose START is to come wants what is logged from here on. */
        TAIL,
        START,
        REPORT,
        /** Something for the telemetry of a run alone. */
        TELL,
        /** A line of ours, such as why a sandbox could not be built. */
        NOTE,
        /** Nothing follows: pipe and file are closed. */
        CLOSE
    }

    /** What telemetry is told, at its place among what is logged. */
    @FunctionalInterface
    interface Telling {
        /** {@code epochMs}: when it happened. */
        void to(TelemetryFeed feed, long epochMs);
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

    /** Where there are external extensions. */
    @Nullable
    OutputPipe extensionPipe;

    /** Of {@link #pipe}, or whom {@link #telling} is for. */
    @Nullable
    TelemetryFeed feed;

    @Nullable
    Telling telling;

    /** Told once the output so far is placed. */
    boolean behindOutput;

    /** When it happened. */
    long atNs;

    String traceId = "";
    /** The runtime's part of {@link #durationNs}. */
    long invokeNs;

    /** From the first byte of the response to its last, part of {@link #invokeNs}. */
    long responseNs;

    long producedBytes;
    /** Telemetry has heard already that the runtime is done. */
    boolean runtimeDoneTold;
    /** Why the invocation failed, also where no line says so. */
    @Nullable
    String failureType;

    boolean tail;
    boolean timedOut;
    /** It failed after its answer. */
    boolean failedLate;

    long position;
    long extensionPosition;
    long durationNs;
    long initNs;
    /** The part of {@link #initNs} that its invocation is billed for, where its owner brought the runtime. */
    long billedInitNs;

    /** The restore before it; {@link LogLines#NO_INIT} for none. */
    long restoreNs = LogLines.NO_INIT;
    /** Of that, what its invocation is billed for. */
    long billedRestoreMs;

    TelemetryEvents.@Nullable Status status;

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

    /** Its time was over before everybody was done. */
    void timeOut(int timeoutSec) {
        timedOut = true;
        text = "Task timed out after " + timeoutSec + ".00 seconds";
    }

    void fail(RuntimeFailure why) {
        failureType = why.type();
        if (why.logged()) {
            errorType = why.logType();
            text = why.message(requestId);
        }
    }

    /** What was still at work after the answer has failed; an answer that was an error itself stays the reason. */
    void failLate(RuntimeFailure why) {
        if (failureType == null) {
            failedLate = true;
            fail(why);
        }
    }

    void clear() {
        log = null;
        errorType = null;
        pipe = null;
        extensionPipe = null;
        feed = null;
        telling = null;
        traceId = "";
        runtimeDoneTold = false;
        failureType = null;
        exchange = null;
        outcome = null;
        requestId = "";
        text = "";
        tail = false;
        timedOut = false;
        failedLate = false;
        status = null;
        restoreNs = LogLines.NO_INIT;
    }
}
