package dev.thaw.scheduler.frontend;

import dev.thaw.scheduler.live.ExchangePool;
import java.util.SplittableRandom;

/**
 * What the connections of one event loop share.
 *
 * <p>Threading: its event loop only.
 */
final class LoopState {
    private static final int POOLED_EXCHANGES = 4_096;
    private static final int COUNTER_BITS = 48;

    final FrontEndPorts ports;
    final Target target;
    final ExchangePool exchanges = new ExchangePool(POOLED_EXCHANGES);
    final AnswerWriter writer = new AnswerWriter();
    final EventStreamFrames frames = new EventStreamFrames();
    final RequestIds ids;
    /** Draws between the two versions of an alias. */
    final SplittableRandom weights;

    final SlowClients slowClients;
    /** One for all loops. */
    final BodyBudget bodyBudget;

    private long nextInvocationId;

    LoopState(FrontEndPorts ports, BodyBudget bodyBudget, int loopIndex, long seed) {
        this.ports = ports;
        this.bodyBudget = bodyBudget;
        slowClients = new SlowClients(ports.nanoClock());
        target = new Target(ports.functions());
        ids = new RequestIds(seed);
        weights = new SplittableRandom(~seed);
        nextInvocationId = (long) loopIndex << COUNTER_BITS;
    }

    /** Unique among all loops. */
    long nextInvocationId() {
        return nextInvocationId++;
    }

    String nextTraceId() {
        return ids.nextTraceId(ports.epochClock().time() / 1_000);
    }
}
