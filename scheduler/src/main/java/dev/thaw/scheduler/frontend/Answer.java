package dev.thaw.scheduler.frontend;

import dev.thaw.scheduler.core.Outcome;
import dev.thaw.scheduler.core.Refusal;
import dev.thaw.scheduler.events.EventIntake;
import dev.thaw.scheduler.events.FunctionEvent;
import dev.thaw.scheduler.functions.FunctionReference;
import dev.thaw.scheduler.live.Exchange;
import dev.thaw.scheduler.live.ExchangeSink;
import io.netty.util.ReferenceCountUtil;
import java.io.File;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * One request's place in its connection's order of answers, and the sink of its exchange. Pooled by the answers.
 *
 * <p>Threading: belongs to the connection's event loop; {@link #answer} and {@link #refuse} move there.
 */
final class Answer implements ExchangeSink, EventIntake.Receipt, Runnable {
    private final Answers answers;

    /** When the request's head was read. */
    long startNs;
    /** Of this request; {@code x-amzn-RequestId} of the answer. */
    String requestId = "";

    @Nullable
    Exchange exchange;
    /** Set where the client wants its response streamed. */
    @Nullable
    StreamedAnswer streamed;
    /** Set where the live page's events are wanted. */
    @Nullable
    LiveAnswer live;
    /** Set where the management API is asked. */
    @Nullable
    ManagementRequest management;
    /** Set where a function URL is asked. */
    @Nullable
    UrlCall url;
    /** Set where the server has keys: stands before whatever was asked for. */
    @Nullable
    Guard guard;
    /** Set where the answer is a fault. */
    @Nullable
    Fault fault;
    /** Set where the answer is a page of our own, or an operation's output. */
    @Nullable
    String page;

    /** Set where the answer is a file. */
    @Nullable
    File file;

    /** Of the page or file where it is not JSON. */
    @Nullable
    String pageType;

    int pageStatus;
    long receivedBytes;
    boolean dryRun;
    /** The invocation is asynchronous: the answer says that its event was accepted. */
    boolean event;

    boolean keepAlive;
    boolean http10;
    boolean expectsContinue;
    /** More of the request may be on its way: the connection lingers before it closes. */
    boolean unread;
    /** Can be written once every earlier one has been. */
    boolean done;

    Answer(Answers answers) {
        this.answers = answers;
    }

    @Override
    public void answer(Exchange answered, Outcome outcome) {
        moveToLoop();
    }

    @Override
    public void refuse(Exchange refused, Refusal refusal) {
        FunctionReference retired =
                refusal == Refusal.RETIRED ? FunctionReference.parse(refused.invokedFunctionArn) : null;
        fault = retired == null ? Fault.refused(refusal) : Fault.functionNotFound(retired.qualifiedArn());
        moveToLoop();
    }

    @Override
    public void onReceipt(EventIntake.Acceptance acceptance) {
        fault = Fault.of(acceptance);
        moveToLoop();
    }

    @Override
    public void run() {
        answers.complete(this);
    }

    /** The exchange was answered with what it holds, not with a fault. */
    boolean isFunctionAnswer() {
        return exchange != null && fault == null && !dryRun && !event;
    }

    /** Of an invocation. */
    int mostPayloadBytes() {
        return event ? FunctionEvent.MAX_PAYLOAD_BYTES : InvokeRequest.MAX_PAYLOAD_BYTES;
    }

    Fault tooLarge(long bytes) {
        return event ? Fault.eventTooLarge(bytes) : Fault.tooLarge();
    }

    /** Releases the event of a request that is refused: its answer may have to wait for its turn, its body need not. */
    void dropPayload() {
        Exchange held = exchange;
        if (held != null) {
            ReferenceCountUtil.release(held.payload);
            held.payload = null;
        }
        if (management != null) {
            management.release();
        }
    }

    /** Releases what the exchange still holds, and forgets it. */
    @Nullable
    Exchange takeExchange() {
        Exchange held = exchange;
        exchange = null;
        if (held != null) {
            ReferenceCountUtil.release(held.payload);
            ReferenceCountUtil.release(held.response);
            held.payload = null;
            held.response = null;
        }
        return held;
    }

    void clear() {
        exchange = null;
        streamed = null;
        live = null;
        if (management != null) {
            management.release();
            management = null;
        }
        url = null;
        guard = null;
        fault = null;
        page = null;
        pageType = null;
        file = null;
        receivedBytes = 0;
        dryRun = false;
        event = false;
        expectsContinue = false;
        unread = false;
        done = false;
    }

    void moveToLoop() {
        if (answers.isInLoop()) {
            answers.complete(this);
            return;
        }
        try {
            answers.execute(this);
        } catch (RejectedExecutionException e) {
            takeExchange(); // the loop has ended, and the client with it
        }
    }
}
