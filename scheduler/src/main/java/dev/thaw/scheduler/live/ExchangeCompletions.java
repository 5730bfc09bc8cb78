package dev.thaw.scheduler.live;

import dev.thaw.results.Phase;
import dev.thaw.results.ServerRecord;
import dev.thaw.scheduler.core.Completions;
import dev.thaw.scheduler.core.HotPath;
import dev.thaw.scheduler.core.Invocation;
import dev.thaw.scheduler.core.Outcome;
import dev.thaw.scheduler.core.Refusal;
import dev.thaw.scheduler.functions.FunctionConfig;
import dev.thaw.scheduler.functions.FunctionRegistry;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Turns the core's completions into answers: fills the server record, words timeouts, has the report written, hands the
 * exchange to its sink.
 *
 * <p>Threading: the scheduler's thread.
 */
public final class ExchangeCompletions implements Completions {
    private final FunctionRegistry functions;
    private final InvocationReports reports;

    public ExchangeCompletions(FunctionRegistry functions, InvocationReports reports) {
        this.functions = functions;
        this.reports = reports;
    }

    @Override
    @HotPath
    public void complete(Invocation invocation, Outcome outcome, long nowNs) {
        Exchange exchange = exchangeOf(invocation);
        FunctionConfig function = functions.byId(invocation.functionId()).config();
        fill(exchange.record, invocation, function.memoryMib());
        exchange.functionFailed = outcome != Outcome.RESPONSE;
        if (outcome == Outcome.TIMED_OUT) {
            slowWordTimeout(exchange, function.timeoutSec());
        }
        if (reports.report(exchange, outcome, nowNs)) {
            sinkOf(exchange).answer(exchange, outcome);
        }
    }

    @Override
    @HotPath
    public void refuse(Invocation invocation, Refusal refusal, long nowNs) {
        Exchange exchange = exchangeOf(invocation);
        sinkOf(exchange).refuse(exchange, refusal);
    }

    @HotPath
    private static void fill(ServerRecord record, Invocation invocation, int memoryMib) {
        for (Phase phase : Phase.ALL) {
            record.phasesNs[phase.ordinal()] = invocation.phaseNs(phase);
        }
        record.coldTrigger = invocation.coldTrigger();
        record.coldVictim = invocation.coldVictim();
        record.suppressedInit = invocation.suppressedInit();
        record.environmentId = invocation.environmentId();
        record.hostId = invocation.hostId();
        record.memoryMib = memoryMib;
    }

    /** As the service words it (wire.md W5). */
    private static void slowWordTimeout(Exchange exchange, int timeoutSec) {
        exchange.errorType = "Sandbox.Timedout";
        exchange.errorMessage =
                "RequestId: " + exchange.requestId + " Error: Task timed out after " + timeoutSec + ".00 seconds";
    }

    @HotPath
    private static Exchange exchangeOf(Invocation invocation) {
        return (Exchange) present(invocation.exchange());
    }

    @HotPath
    private static ExchangeSink sinkOf(Exchange exchange) {
        return present(exchange.sink);
    }

    @HotPath
    private static <T> T present(@Nullable T value) {
        return Objects.requireNonNull(value);
    }
}
