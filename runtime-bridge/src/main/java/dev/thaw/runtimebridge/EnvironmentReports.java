package dev.thaw.runtimebridge;

import dev.thaw.results.BootStage;
import dev.thaw.results.Phase;
import dev.thaw.results.ServerRecord;
import dev.thaw.sandbox.Sandbox;
import dev.thaw.sandbox.SandboxStats;
import dev.thaw.sandbox.StartStages;
import dev.thaw.scheduler.core.HotPath;
import dev.thaw.scheduler.core.Invocation;
import dev.thaw.scheduler.core.Outcome;
import dev.thaw.scheduler.live.Exchange;
import dev.thaw.scheduler.live.InvocationReports;
import dev.thaw.scheduler.live.ResponseStream;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Ends an invocation on the server's side: moves the runtime's answer into the exchange, completes its record, hands the
 * END and REPORT lines to the log thread.
 *
 * <p>Threading: the scheduler's thread.
 */
final class EnvironmentReports implements InvocationReports {
    private static final long NS_PER_SEC = 1_000_000_000;

    private final SandboxEnvironments environments;
    private final FunctionLogs logs;
    private final SandboxStats scratch = new SandboxStats();

    EnvironmentReports(SandboxEnvironments environments, FunctionLogs logs) {
        this.environments = environments;
        this.logs = logs;
    }

    @Override
    @HotPath
    public boolean report(Exchange exchange, Outcome outcome, long nowNs) {
        SandboxEnvironment environment = environments.servedBy(exchange.invocation);
        if (environment == null) {
            slowTellWithoutEnvironment(exchange, outcome);
            return true; // no log to write to
        }
        RuntimeFailure failure = environment.result().settle(exchange, outcome);
        LogEntry entry = logs.reportEntry(environment.log());
        measure(environment, exchange, outcome, entry, nowNs);
        if (failure != null) {
            slowFail(exchange, failure, entry);
        }
        if (outcome == Outcome.TIMED_OUT) {
            entry.timeOut(environment.function().config().timeoutSec());
        }
        entry.requestId = exchange.requestId;
        entry.traceId = exchange.traceId;
        entry.atNs = nowNs;
        entry.position = environment.result().outputPosition(outcome);
        entry.exchange = exchange.logTail ? exchange : null;
        entry.outcome = outcome;
        if (environment.result().overhangs(outcome)) {
            environment.holdReport(entry, nowNs);
            return !exchange.logTail;
        }
        boolean taken = logs.report(entry);
        return !exchange.logTail || !taken;
    }

    /** Its time ran out before it had an environment, or every environment that was started for it was lost. */
    private static void slowTellWithoutEnvironment(Exchange exchange, Outcome outcome) {
        if (outcome != Outcome.TIMED_OUT) {
            RuntimeFailure.LOST.tell(exchange);
        }
    }

    @HotPath
    private void measure(
            SandboxEnvironment environment, Exchange exchange, Outcome outcome, LogEntry entry, long nowNs) {
        Invocation invocation = exchange.invocation;
        DeployedFunction function = environment.function();
        long durationNs = invocation.phaseNs(Phase.INVOKE) + invocation.phaseNs(Phase.SUPPRESSED_INIT);
        long initNs = environment.init().takeNs();
        long restoreNs = environment.init().takeRestoreNs();
        long billedRestoreMs =
                restoreNs == LogLines.NO_INIT ? 0 : environment.init().billedRestoreMs();
        boolean timedOut = outcome == Outcome.TIMED_OUT;
        long timeoutNs = function.config().timeoutSec() * NS_PER_SEC;
        ServerRecord record = exchange.record;
        if (invocation.coldTrigger()) {
            slowTellStages(environment.sandbox(), record);
        }
        record.extensionOverhangNs = environment.result().takeOverhangNs();
        record.memoryMib = function.config().memoryMib();
        entry.billedInitNs = billed(environment, initNs);
        record.billedMs =
                Billing.billedMs(function.config().runtime(), durationNs, entry.billedInitNs, timedOut, timeoutNs)
                        + billedRestoreMs;
        record.unbilledInitMs = Billing.unbilledInitMs(
                function.config().runtime(), durationNs, entry.billedInitNs, timedOut, timeoutNs);
        environment.usage().end(environment.sandbox(), exchange, durationNs, nowNs, scratch);
        entry.durationNs = durationNs;
        entry.invokeNs = invocation.phaseNs(Phase.INVOKE);
        ByteBuf response = exchange.response;
        ResponseStream stream = exchange.stream;
        entry.producedBytes =
                (response == null ? 0 : response.readableBytes()) + (stream == null ? 0 : stream.writtenBytes());
        entry.responseNs = Math.min(entry.invokeNs, environment.result().responseNs(nowNs));
        entry.initNs = initNs;
        entry.restoreNs = restoreNs;
        entry.billedRestoreMs = billedRestoreMs;
        entry.billedMs = record.billedMs;
        entry.peakBytes = record.peakMemoryBytes;
    }

    private static void slowTellStages(@Nullable Sandbox started, ServerRecord record) {
        if (started != null) {
            StartStages stages = started.startStages();
            record.stagesNs[BootStage.VMM.ordinal()] = stages.vmmNs();
            record.stagesNs[BootStage.KERNEL.ordinal()] = stages.kernelNs();
            record.stagesNs[BootStage.INIT.ordinal()] = stages.initNs();
        }
    }

    /** An init ahead of invocations is no part of the first one's bill. */
    @HotPath
    private static long billed(SandboxEnvironment environment, long initNs) {
        return environment.init().isAhead() ? LogLines.NO_INIT : initNs;
    }

    private static void slowFail(Exchange exchange, RuntimeFailure failure, LogEntry entry) {
        exchange.record.outOfMemory = failure.outOfMemory();
        entry.requestId = exchange.requestId;
        entry.fail(failure);
    }
}
