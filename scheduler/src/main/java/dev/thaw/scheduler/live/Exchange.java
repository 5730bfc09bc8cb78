package dev.thaw.scheduler.live;

import dev.thaw.results.ServerRecord;
import dev.thaw.scheduler.core.Invocation;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * One client's request in flight: what travels beside an {@link Invocation} from the front end to the runtime and back.
 * Payloads stay the buffers that they arrived in.
 *
 * <p>Threading: owned by one thread at a time, handed over with its invocation.
 */
public final class Exchange {
    /** The scheduler's side of this exchange. */
    public final Invocation invocation = new Invocation();

    // --- request, set by the front end

    /** The event; owned by the exchange, released by whoever hands it to a runtime or ends the exchange. */
    public @Nullable ByteBuf payload;
    /** UUID; {@code x-amzn-RequestId} and {@code Lambda-Runtime-Aws-Request-Id}. */
    public String requestId = "";
    /** {@code Root=1-..;Parent=..;Sampled=..}, passed through or made. */
    public String traceId = "";
    /** Decoded JSON of {@code X-Amz-Client-Context}, or null. */
    public @Nullable String clientContext;

    public String invokedFunctionArn = "";
    /** The version that runs it: {@code X-Amz-Executed-Version}. */
    public String executedVersion = "";
    /** The client asked for the last 4 KB of the log. */
    public boolean logTail;
    /** The client asked for the {@code X-Thaw-Record} header. */
    public boolean recordWanted;
    /** Where the answer goes. */
    public @Nullable ExchangeSink sink;
    /** Where parts of a streamed response go; null where the client wants the response whole. */
    public @Nullable ResponseStream stream;

    // --- result, set by the runtime bridge before it tells the scheduler

    /** The runtime's response or error body, byte for byte; after a stream the error it ended with. Owned. */
    public @Nullable ByteBuf response;
    /** Set where the answer is a function error that we, not the runtime, word: exit, timeout, init failure. */
    public @Nullable String errorType;
    /** Goes with {@link #errorType}. */
    public @Nullable String errorMessage;
    /** The answer is a function error; set by {@link ExchangeCompletions}. */
    public boolean functionFailed;
    /** The last 4 KB of this invocation's log, not yet base64, or null. */
    public byte @Nullable [] logResult;
    /** Server-side figures of this invocation. */
    public final ServerRecord record = new ServerRecord();

    /** Clears everything but the pooled parts; buffers must have been released or handed over. */
    public void clear() {
        payload = null;
        requestId = "";
        traceId = "";
        clientContext = null;
        invokedFunctionArn = "";
        executedVersion = "";
        logTail = false;
        recordWanted = false;
        sink = null;
        stream = null;
        response = null;
        errorType = null;
        errorMessage = null;
        functionFailed = false;
        logResult = null;
        record.clear();
    }
}
