package dev.thaw.runtimebridge;

import dev.thaw.scheduler.core.HotPath;
import dev.thaw.scheduler.core.Outcome;
import dev.thaw.scheduler.live.Exchange;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * What became of an environment's invocation, in two parts that never overwrite each other: the answer that its runtime
 * sent, and how its runtime ended. A runtime may answer and end before the answer is settled; the answer counts then.
 * A carrier, one for each environment, filled again for every invocation.
 *
 * <p>Threading: filled and dropped on the event loop, settled on the scheduler's thread. Each part is filled before its
 * own signal and settled only for an outcome that this signal caused, so the signal hands it over. The answer is dropped
 * only on a command after which the scheduler settles no answer any more.
 */
final class InvocationResult {
    /** Owned until it is settled or dropped. */
    private @Nullable ByteBuf body;

    private @Nullable RuntimeFailure failure;
    private long outputPosition = OutputPipe.UNKNOWN;
    /** When the first byte of an answer came that was not whole with it. */
    private long begunNs;

    private boolean begun;
    private boolean answeredInParts;
    private boolean overhangs;
    /** How long extensions worked on after the answer before the one that is settled next; -1 where none did. */
    private long overhangNs = -1;

    private @Nullable RuntimeFailure end;
    /** A copy: whether anybody settles it need not be known. */
    private byte @Nullable [] endReport;

    // --- on the event loop

    /** The runtime begins to answer: more is to come. */
    void begin(long nowNs) {
        begun = true;
        begunNs = nowNs;
    }

    /** The runtime answered, having written its output up to {@code position}. */
    @HotPath
    void answer(@Nullable ByteBuf answer, @Nullable RuntimeFailure why, long position) {
        body = answer;
        failure = why;
        outputPosition = position;
        answeredInParts = begun;
        begun = false;
    }

    /** Extensions may still be at work for the invocation that is being answered. */
    @HotPath
    void setOverhangs(boolean answerOverhangs) {
        overhangs = answerOverhangs;
    }

    /** Extensions are done with an invocation that was answered {@code overhungNs} ago. */
    void overhung(long overhungNs) {
        overhangNs = overhungNs;
    }

    /** Forgets an answer that came too late to count. */
    void dropAnswer() {
        ByteBuf held = body;
        body = null;
        failure = null;
        begun = false;
        if (held != null) {
            held.release();
        }
    }

    /** The runtime ended. */
    void end(RuntimeFailure why) {
        end = why;
        endReport = null;
    }

    /** The runtime is about to end, and said why. Takes {@code report}. */
    void end(RuntimeFailure why, ByteBuf report) {
        end = why;
        endReport = ByteBufUtil.getBytes(report);
        report.release();
    }

    /** Why the runtime ended, or is about to; null while nothing is known of that. */
    @Nullable
    RuntimeFailure endedBy() {
        return end;
    }

    /** The runtime starts anew. */
    void forgetEnd() {
        end = null;
        endReport = null;
    }

    // --- on the scheduler's thread

    /** Moves what the runtime answered, or why it did not, into the exchange. Returns why it failed, or null. */
    @HotPath
    @Nullable
    RuntimeFailure settle(Exchange exchange, Outcome outcome) {
        return switch (outcome) {
            case RESPONSE, FUNCTION_ERROR -> settleAnswer(exchange, outcome);
            case RUNTIME_EXITED, INIT_FAILED -> slowSettleEnd(exchange);
            case TIMED_OUT -> null; // what came or comes too late is dropped with the reset
        };
    }

    @HotPath
    private @Nullable RuntimeFailure settleAnswer(Exchange exchange, Outcome outcome) {
        ByteBuf held = body;
        RuntimeFailure why = failure;
        body = null;
        failure = null;
        boolean empty = held == null || (outcome != Outcome.RESPONSE && !held.isReadable());
        if (!empty) {
            exchange.response = held;
        } else if (held != null) {
            held.release();
        }
        if (empty && why != null) {
            why.tell(exchange);
        }
        return why;
    }

    private RuntimeFailure slowSettleEnd(Exchange exchange) {
        RuntimeFailure why = end == null ? RuntimeFailure.LOST : end;
        byte[] report = endReport;
        if (report != null && report.length > 0) {
            exchange.response = Unpooled.wrappedBuffer(report);
        } else {
            why.tell(exchange);
        }
        return why;
    }

    /** How long extensions kept the environment busy after the last answer, once; -1 where none did. */
    @HotPath
    long takeOverhangNs() {
        long taken = overhangNs;
        overhangNs = -1;
        return taken;
    }

    /** Whether the report of the invocation that just ended waits for its extensions. */
    @HotPath
    boolean overhangs(Outcome outcome) {
        return overhangs && (outcome == Outcome.RESPONSE || outcome == Outcome.FUNCTION_ERROR);
    }

    /** From the first byte of the answer to {@code nowNs}, when it was whole; 0 where it came in one piece. */
    @HotPath
    long responseNs(long nowNs) {
        return answeredInParts ? Math.max(0, nowNs - begunNs) : 0;
    }

    /** Where in the output the invocation that just ended stopped writing. */
    @HotPath
    long outputPosition(Outcome outcome) {
        return outcome == Outcome.RESPONSE || outcome == Outcome.FUNCTION_ERROR ? outputPosition : OutputPipe.UNKNOWN;
    }
}
