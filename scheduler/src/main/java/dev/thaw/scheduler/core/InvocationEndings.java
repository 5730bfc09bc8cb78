package dev.thaw.scheduler.core;

import dev.thaw.results.Phase;

/**
 * Ends invocations: gives their concurrency back, opens their last phase, tells the port. The invocation belongs to
 * the port afterwards and may be in use again already: nobody touches it after these calls.
 */
final class InvocationEndings {
    private final ConcurrencyLedger ledger;
    private final FleetCounters counters;
    private final QueueingPolicy queueing;
    private final Completions completions;

    InvocationEndings(
            ConcurrencyLedger ledger, FleetCounters counters, QueueingPolicy queueing, Completions completions) {
        this.ledger = ledger;
        this.counters = counters;
        this.queueing = queueing;
        this.completions = completions;
    }

    @HotPath
    void complete(Invocation invocation, Outcome outcome, long nowNs) {
        ledger.release(invocation.functionId());
        invocation.enter(Phase.RESPOND, nowNs);
        queueing.onEnded(invocation.functionId(), invocation.phaseNs(Phase.INVOKE));
        completions.complete(invocation, outcome, nowNs);
    }

    /** Refuses an invocation that was never accepted. */
    @HotPath
    void refuse(Invocation invocation, Refusal refusal, long nowNs) {
        counters.refused++;
        invocation.enter(Phase.RESPOND, nowNs);
        completions.refuse(invocation, refusal, nowNs);
    }

    /** Refuses an invocation that was accepted and has only waited. */
    void giveUp(Invocation invocation, Refusal refusal, long nowNs) {
        ledger.release(invocation.functionId());
        refuse(invocation, refusal, nowNs);
    }
}
