package dev.thaw.runtimebridge;

import dev.thaw.scheduler.core.HotPath;
import dev.thaw.scheduler.core.InitializationType;
import org.jspecify.annotations.Nullable;

/**
 * The init of an environment: when it began, how it ended, and what of that is reported. The first one has a phase of
 * its own, with INIT_REPORT where it fails or a snapshot is made of it; every later one is suppressed, part of the
 * invocation that waits for it. Where the environment goes on from a snapshot the restore takes the place of the first.
 *
 * <p>Threading: the event loop, but for {@link #takeNs}, {@link #takeRestoreNs}, {@link #billedRestoreMs} and {@link
 * #takeOutputEnd} on the scheduler's thread: the signal that init is over hands their values over.
 */
final class EnvironmentInit {
    private static final long NS_PER_MS = 1_000_000;

    private final FunctionLogs logs;
    private final EnvironmentLog log;
    private final EnvironmentLaunch launch;
    private final boolean restored;

    private @Nullable TelemetryFeed telemetry;
    private boolean runtimeDoneTold;
    private boolean suppressed;
    private boolean running;
    private boolean failed;
    private long askedNs;
    private long startNs;

    private long durationNs = LogLines.NO_INIT;
    private long restoreNs = LogLines.NO_INIT;
    private long billedRestoreMs;
    /** Where init's output ends, until the first START line has been placed there. */
    private long outputEnd = OutputPipe.UNKNOWN;

    EnvironmentInit(FunctionLogs logs, EnvironmentLog log, EnvironmentLaunch launch) {
        this.logs = logs;
        this.log = log;
        this.launch = launch;
        restored = launch.snapStart() == SnapStart.RESTORED;
    }

    /** The sandbox is about to be created. */
    void ask(long nowNs) {
        askedNs = nowNs;
    }

    /** It was made for provisioned concurrency. */
    @HotPath
    boolean isAhead() {
        return launch.type() == InitializationType.PROVISIONED_CONCURRENCY;
    }

    boolean isRestored() {
        return restored;
    }

    /** From now on it is part of an invocation. */
    void suppress() {
        suppressed = true;
    }

    boolean isSuppressed() {
        return suppressed;
    }

    @HotPath
    boolean isRunning() {
        return running;
    }

    boolean hasFailed() {
        return failed;
    }

    void start(long nowNs, @Nullable TelemetryFeed feed) {
        running = true;
        failed = false;
        startNs = nowNs;
        telemetry = feed;
        runtimeDoneTold = false;
        boolean inInvocation = suppressed;
        tell((told, epochMs) -> told.publish(
                restored
                        ? TelemetryEvents.restoreStart(epochMs, launch)
                        : TelemetryEvents.initStart(epochMs, launch, inInvocation)));
    }

    /** The runtime asked for its first event, for which extensions may not be ready. */
    void completeRuntime() {
        if (running) {
            tellRuntimeDone(TelemetryEvents.Status.SUCCESS);
        }
    }

    /** The runtime asked for its first event, having written its output up to {@code position}. */
    void complete(long nowNs, long position) {
        running = false;
        outputEnd = position;
        if (restored) {
            restoreNs = nowNs - askedNs;
            billedRestoreMs = Math.ceilDiv(nowNs - startNs, NS_PER_MS);
        } else if (!suppressed) {
            durationNs = nowNs - startNs;
        }
        tellReport(nowNs, TelemetryEvents.Status.SUCCESS);
        if (launch.snapStart() != SnapStart.NONE) {
            log(nowNs, TelemetryEvents.Status.SUCCESS);
        }
    }

    void fail(long nowNs, RuntimeFailure why) {
        failed = true;
        end(nowNs, TelemetryEvents.Status.error(why.logType()));
    }

    void timeOut(long nowNs) {
        end(nowNs, TelemetryEvents.Status.TIMEOUT);
    }

    private void end(long nowNs, TelemetryEvents.Status status) {
        tellReport(nowNs, status);
        if (!suppressed) {
            log(nowNs, status);
        }
    }

    private void log(long nowNs, TelemetryEvents.Status status) {
        if (restored) {
            logs.restoreReport(log, nowNs - askedNs, status);
        } else {
            logs.initReport(log, nowNs - startNs, status);
        }
    }

    private void tellReport(long nowNs, TelemetryEvents.Status status) {
        tellRuntimeDone(status);
        boolean inInvocation = suppressed;
        long tookNs = nowNs - (restored ? askedNs : startNs);
        tell(
                status,
                (told, epochMs) -> told.publish(
                        restored
                                ? TelemetryEvents.restoreReport(epochMs, status, tookNs)
                                : TelemetryEvents.initReport(epochMs, launch.type(), inInvocation, status, tookNs)));
    }

    private void tellRuntimeDone(TelemetryEvents.Status status) {
        if (!runtimeDoneTold) {
            runtimeDoneTold = true;
            boolean inInvocation = suppressed;
            tell(
                    status,
                    (told, epochMs) -> told.publish(
                            restored
                                    ? TelemetryEvents.restoreRuntimeDone(epochMs, status)
                                    : TelemetryEvents.initRuntimeDone(epochMs, launch.type(), inInvocation, status)));
        }
    }

    /** Behind all that a failed init has written: nothing later begins before it is over. */
    private void tell(TelemetryEvents.Status status, LogEntry.Telling telling) {
        TelemetryFeed feed = telemetry;
        if (status.equals(TelemetryEvents.Status.SUCCESS)) {
            tell(telling);
        } else if (feed != null) {
            logs.tellBehindOutput(log, feed, telling);
        }
    }

    private void tell(LogEntry.Telling telling) {
        TelemetryFeed feed = telemetry;
        if (feed != null) {
            logs.tell(log, feed, telling);
        }
    }

    /** How long init took, once: for the first invocation after it; {@link LogLines#NO_INIT} for every other. */
    @HotPath
    long takeNs() {
        long taken = durationNs;
        durationNs = LogLines.NO_INIT;
        return taken;
    }

    /** The same of a restore, from the order to create. */
    @HotPath
    long takeRestoreNs() {
        long taken = restoreNs;
        restoreNs = LogLines.NO_INIT;
        return taken;
    }

    /** Of a restore: what the runtime and its hooks had to do. */
    @HotPath
    long billedRestoreMs() {
        return billedRestoreMs;
    }

    @HotPath
    long takeOutputEnd() {
        long taken = outputEnd;
        outputEnd = OutputPipe.UNKNOWN;
        return taken;
    }
}
