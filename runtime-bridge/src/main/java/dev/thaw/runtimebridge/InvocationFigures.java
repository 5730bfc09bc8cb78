package dev.thaw.runtimebridge;

import dev.thaw.scheduler.core.Outcome;
import java.util.Objects;

/**
 * What is told of an invocation once it is over.
 *
 * @param durationNs as in the REPORT line: with a suppressed init and the extensions' work
 * @param invokeNs the runtime's part
 * @param responseNs of that from the first byte of its response to the last
 * @param initNs {@link LogLines#NO_INIT} but for the first invocation after an init in its own phase
 * @param restoreNs the same of a restore from a snapshot
 */
record InvocationFigures(
        String requestId,
        String traceId,
        TelemetryEvents.Status status,
        long durationNs,
        long invokeNs,
        long responseNs,
        long initNs,
        long restoreNs,
        long billedMs,
        int memoryMib,
        long peakBytes,
        long producedBytes) {
    static InvocationFigures of(LogEntry report, int memoryMib) {
        // Extensions may overrun the timeout, or end, after an answer that counts.
        Outcome answered = report.failedLate ? Outcome.RUNTIME_EXITED : Objects.requireNonNull(report.outcome);
        Outcome outcome = report.timedOut ? Outcome.TIMED_OUT : answered;
        return new InvocationFigures(
                report.requestId,
                report.traceId,
                TelemetryEvents.Status.of(outcome, report.failureType),
                report.durationNs,
                report.invokeNs,
                report.responseNs,
                report.initNs,
                report.restoreNs,
                report.billedMs,
                memoryMib,
                report.peakBytes,
                report.producedBytes);
    }
}
