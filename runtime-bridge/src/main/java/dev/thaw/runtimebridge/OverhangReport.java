package dev.thaw.runtimebridge;

import dev.thaw.scheduler.live.EnvironmentSignals;
import dev.thaw.scheduler.live.Exchange;
import dev.thaw.scheduler.live.ExchangeSink;
import org.jspecify.annotations.Nullable;

/**
 * END and REPORT of an invocation that is answered while extensions are still at work for it: held until they are done,
 * because its duration is that of the runtime and its extensions (contract.md section 2.3). A client that asked for the
 * log tail waits for it, as ever.
 *
 * <p>Threading: one event loop.
 */
final class OverhangReport {
    private final FunctionLogs logs;
    private final EnvironmentSignals signals;
    private final DeployedFunction function;
    private final InvocationResult result;
    /** The runtime has answered, the scheduler's thread has not handed the report over yet. */
    private boolean expected;

    private @Nullable LogEntry entry;
    /** Of an extension; null while there is none. */
    private @Nullable RuntimeFailure failure;

    private long answeredNs;

    OverhangReport(FunctionLogs logs, EnvironmentSignals signals, DeployedFunction function, InvocationResult result) {
        this.logs = logs;
        this.signals = signals;
        this.function = function;
        this.result = result;
    }

    /** The environment is not free before its report is here: the next START must not overtake it. */
    void expect() {
        expected = true;
        failure = null;
    }

    boolean isExpected() {
        return expected;
    }

    void hold(LogEntry report, long nowNs) {
        expected = false;
        entry = report;
        answeredNs = nowNs;
    }

    /** An extension has failed: where that was after the answer, which counts, the report says so. */
    void fail(RuntimeFailure why, long nowNs) {
        failure = why;
        release(nowNs, false);
    }

    /** Nobody is at work for it any more, or what was is about to be ended, at its timeout where {@code timedOut}. */
    void release(long nowNs, boolean timedOut) {
        LogEntry held = entry;
        expected = false;
        entry = null;
        if (held == null) {
            return;
        }
        long workedNs = Math.max(0, nowNs - answeredNs);
        signals.extensionsWorked(function.config().name(), function.version(), workedNs);
        result.overhung(workedNs);
        held.durationNs += workedNs;
        if (failure != null) {
            held.failLate(failure);
        }
        if (timedOut) {
            held.timeOut(function.config().timeoutSec());
        }
        held.billedMs = Billing.billedMs(
                function.config().runtime(),
                held.durationNs,
                held.billedInitNs,
                timedOut,
                function.config().timeoutNs());
        Exchange exchange = held.exchange;
        ExchangeSink sink = exchange == null ? null : exchange.sink;
        if (!logs.report(held) && exchange != null && sink != null && held.outcome != null) {
            sink.answer(exchange, held.outcome);
        }
    }
}
