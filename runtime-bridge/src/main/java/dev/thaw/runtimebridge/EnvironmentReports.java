package dev.thaw.runtimebridge;

import dev.thaw.results.Phase;
import dev.thaw.results.ServerRecord;
import dev.thaw.sandbox.SandboxStats;
import dev.thaw.scheduler.core.HotPath;
import dev.thaw.scheduler.core.Invocation;
import dev.thaw.scheduler.core.Outcome;
import dev.thaw.scheduler.live.Exchange;
import dev.thaw.scheduler.live.InvocationReports;

/**
 * Ends an invocation on the server's side: moves the runtime's answer into the exchange, completes its record, hands the
 * END and REPORT lines to the log thread.
 *
 * <p>Counters cost a few reads of kernel files. Where the record is wanted they are read at dispatch and here; else here
 * only, and not again within {@link #STATS_AGE_NS} after an invocation shorter than {@link #SHORT_NS}, which had no time
 * to touch more than a few MB.
 *
 * <p>Threading: the scheduler's thread.
 */
final class EnvironmentReports implements InvocationReports {
    private static final long SHORT_NS = 1_000_000;
    private static final long STATS_AGE_NS = 100_000_000;
    private static final long NS_PER_SEC = 1_000_000_000;

    private final SandboxEnvironments environments;
    private final FunctionLogs logs;
    private final SandboxStats after = new SandboxStats();

    EnvironmentReports(SandboxEnvironments environments, FunctionLogs logs) {
        this.environments = environments;
        this.logs = logs;
    }

    @Override
    @HotPath
    public boolean report(Exchange exchange, Outcome outcome, long nowNs) {
        SandboxEnvironment environment = environments.servedBy(exchange.invocation);
        if (environment == null) {
            return true; // its time ran out before it had an environment: no log to write to
        }
        RuntimeFailure failure = environment.settle(exchange, outcome);
        LogEntry entry = logs.reportEntry(environment.log());
        measure(environment, exchange, outcome, entry, nowNs);
        if (failure != null) {
            slowFail(exchange, failure, entry);
        }
        entry.timedOut = outcome == Outcome.TIMED_OUT;
        if (entry.timedOut) {
            entry.text =
                    "Task timed out after " + environment.function().config().timeoutSec() + ".00 seconds";
        }
        entry.requestId = exchange.requestId;
        entry.position = environment.outputPosition(outcome);
        entry.exchange = exchange.logTail ? exchange : null;
        entry.outcome = outcome;
        boolean taken = logs.report(entry);
        return !exchange.logTail || !taken;
    }

    @HotPath
    private void measure(
            SandboxEnvironment environment, Exchange exchange, Outcome outcome, LogEntry entry, long nowNs) {
        Invocation invocation = exchange.invocation;
        DeployedFunction function = environment.function();
        long durationNs = invocation.phaseNs(Phase.INVOKE) + invocation.phaseNs(Phase.SUPPRESSED_INIT);
        long initNs = environment.takeInitNs();
        boolean timedOut = outcome == Outcome.TIMED_OUT;
        long timeoutNs = function.config().timeoutSec() * NS_PER_SEC;
        ServerRecord record = exchange.record;
        record.memoryMib = function.config().memoryMib();
        record.billedMs = Billing.billedMs(function.config().runtime(), durationNs, initNs, timedOut, timeoutNs);
        entry.durationNs = durationNs;
        entry.initNs = initNs;
        entry.billedMs = record.billedMs;
        entry.peakBytes = peakBytes(environment, exchange, durationNs, nowNs);
        record.peakMemoryBytes = entry.peakBytes;
    }

    @HotPath
    private long peakBytes(SandboxEnvironment environment, Exchange exchange, long durationNs, long nowNs) {
        boolean fresh = durationNs < SHORT_NS && nowNs - environment.peakReadNs < STATS_AGE_NS;
        if (fresh && !exchange.recordWanted) {
            return environment.peakBytes;
        }
        if (environment.readStats(after)) {
            environment.peakBytes = after.peakMemoryBytes;
            environment.peakReadNs = nowNs;
            if (exchange.recordWanted) {
                SandboxStats before = environment.statsBefore();
                exchange.record.throttledNs = delta(before.throttledNs, after.throttledNs);
                exchange.record.cpuNs = delta(before.cpuNs, after.cpuNs);
            }
        }
        return environment.peakBytes;
    }

    @HotPath
    private static long delta(long before, long after) {
        return before < 0 || after < 0 ? -1 : after - before;
    }

    private static void slowFail(Exchange exchange, RuntimeFailure failure, LogEntry entry) {
        exchange.record.outOfMemory = failure.outOfMemory();
        if (failure.logged()) {
            entry.errorType = failure.logType();
            entry.text = failure.message(exchange.requestId);
        }
    }
}
