package dev.thaw.scheduler.live;

import dev.thaw.results.Phase;
import dev.thaw.results.ServerRecord;
import dev.thaw.scheduler.core.Completions;
import dev.thaw.scheduler.core.HotPath;
import dev.thaw.scheduler.core.Invocation;
import dev.thaw.scheduler.core.Outcome;
import dev.thaw.scheduler.core.Refusal;
import dev.thaw.scheduler.functions.FunctionConfig;
import dev.thaw.scheduler.functions.FunctionReference;
import dev.thaw.scheduler.functions.FunctionRegistry;
import dev.thaw.scheduler.functions.InvocationRoute;
import dev.thaw.scheduler.functions.RegisteredFunction;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.Predicate;
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
    private final Predicate<Invocation> inbox;
    private final InvocationMetrics metrics;
    private final SplittableRandom weights = new SplittableRandom(1);

    /** {@code inbox} takes an invocation once more whose version was retired before it arrived, or says false. */
    public ExchangeCompletions(
            FunctionRegistry functions,
            InvocationReports reports,
            Predicate<Invocation> inbox,
            InvocationMetrics metrics) {
        this.functions = functions;
        this.reports = reports;
        this.inbox = inbox;
        this.metrics = metrics;
    }

    @Override
    @HotPath
    public void complete(Invocation invocation, Outcome outcome, long nowNs) {
        Exchange exchange = exchangeOf(invocation);
        FunctionConfig function = functions.byId(invocation.functionId()).config();
        fill(exchange.record, invocation, function.memoryMib());
        long durationNs = durationNs(invocation);
        metrics.onEnded(invocation.functionId(), exchange.invokedFunctionArn, outcome, durationNs);
        metrics.onAnswer(invocation, durationNs, nowNs);
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
        if (refusal != Refusal.RETIRED || !slowRouteAgain(exchange, invocation)) {
            if (refusal.isThrottle()) {
                metrics.onThrottled(invocation.functionId(), exchange.invokedFunctionArn);
            } else {
                metrics.onRefused();
            }
            sinkOf(exchange).refuse(exchange, refusal);
        }
    }

    /** An update overtook the invocation: it goes where its name leads now. Returns false where that is nowhere. */
    private boolean slowRouteAgain(Exchange exchange, Invocation invocation) {
        FunctionReference reference = FunctionReference.parse(exchange.invokedFunctionArn);
        InvocationRoute route = reference == null ? null : functions.resolve(reference);
        RegisteredFunction next = route == null ? null : route.choose(weights);
        if (next == null || next.functionId() == invocation.functionId()) {
            return false;
        }
        exchange.executedVersion = next.version();
        invocation.start(invocation.invocationId(), next.functionId(), exchange, invocation.startNs());
        return inbox.test(invocation);
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
        record.provisioned = invocation.provisioned();
    }

    /** Of the function's code: what REPORT calls its duration. */
    @HotPath
    private static long durationNs(Invocation invocation) {
        return invocation.phaseNs(Phase.INVOKE) + invocation.phaseNs(Phase.SUPPRESSED_INIT);
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
