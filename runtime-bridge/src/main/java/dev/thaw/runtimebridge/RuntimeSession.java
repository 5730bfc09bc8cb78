package dev.thaw.runtimebridge;

import dev.thaw.scheduler.core.HotPath;
import dev.thaw.scheduler.live.ResponseStream;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * The protocol state of one runtime process: which calls are in order, which invocation is its, which connection waits
 * for an event. Knows nothing of sandboxes and schedulers; what happens is told to a {@link SessionListener}.
 *
 * <p>A response that comes after its invocation timed out is answered 410 {@code InvokeTimeout}: of the two documented
 * answers the one that says what happened.
 *
 * <p>Threading: one event loop.
 */
final class RuntimeSession {
    /** Largest response (wire.md W1): 6 MiB and 100 bytes. */
    static final int PAYLOAD_LIMIT_BYTES = 6 * 1024 * 1024 + 100;

    private static final String RESTORE_ERROR = "RestoreError";

    private final SessionListener listener;
    private final SnapStart snapStart;
    private final StreamedResponse streamed = new StreamedResponse();
    private RuntimeState state = RuntimeState.STARTED;
    private boolean connected;
    /** The listener knows that the answer has begun. */
    private boolean answerBegun;
    /** The invocation that was dispatched last. */
    private String requestId = "";
    /** Dispatched, and nobody has asked for it since. */
    private @Nullable RuntimeApiEvent event;

    private @Nullable RuntimeApiConnection waiting;
    /** Sends the body of the one answer that counts. */
    private @Nullable RuntimeApiConnection answering;

    RuntimeSession(SessionListener listener, SnapStart snapStart) {
        this.listener = listener;
        this.snapStart = snapStart;
        if (snapStart == SnapStart.RESTORED) {
            state = RuntimeState.RESTORING;
            connected = true;
        }
    }

    boolean isInit() {
        return state == RuntimeState.STARTED;
    }

    /** It asked for an event, and none is on its way to it. */
    boolean isWaiting() {
        return (state == RuntimeState.READY && event == null) || state == RuntimeState.CHECKPOINT;
    }

    boolean isInitOver() {
        return state != RuntimeState.STARTED && state != RuntimeState.INIT_ERROR && state != RuntimeState.RESTORING;
    }

    void onConnected() {
        if (!connected) {
            connected = true;
            listener.onConnected();
        }
    }

    /** Hands over an event: to the connection that waits for it, or to the next one that asks. */
    @HotPath
    void dispatch(RuntimeApiEvent next) {
        requestId = next.requestId;
        answerBegun = false;
        streamed.expect(next.stream);
        RuntimeApiConnection connection = waiting;
        if (state == RuntimeState.READY && connection != null) {
            waiting = null;
            state = RuntimeState.RUNNING;
            connection.sendEvent(next);
        } else if (state == RuntimeState.TIMED_OUT || state == RuntimeState.ENDED) {
            next.release(); // its end is on its way to the scheduler
        } else {
            event = next;
        }
    }

    /** Whatever was written leaves now. */
    void flushHeld() {
        RuntimeApiConnection connection = waiting;
        if (connection != null) {
            connection.flushHeld();
        }
    }

    /** The invocation's time is over; its runtime is about to be ended. */
    void timeOut() {
        end(RuntimeState.TIMED_OUT);
    }

    /** The runtime is gone, or about to be. */
    void end() {
        end(state == RuntimeState.TIMED_OUT ? RuntimeState.TIMED_OUT : RuntimeState.ENDED);
    }

    private void end(RuntimeState last) {
        state = last;
        streamed.end();
        RuntimeApiEvent undelivered = event;
        event = null;
        if (undelivered != null) {
            undelivered.release();
        }
    }

    /** Decides by the head alone, so that the body of a refused call is never kept. Returns null to go on. */
    @HotPath
    @Nullable
    RuntimeRefusal onHead(RuntimeApiConnection connection, RuntimeApiRequest request) {
        if (!connected) {
            onConnected(); // beside extensions a connection alone does not tell whose it is
        }
        return switch (request.call) {
            case RESPONSE, ERROR -> onAnswerHead(connection, request);
            case INIT_ERROR -> state == RuntimeState.STARTED && claim(connection) ? null : state.refuse("InitError");
            case RESTORE_ERROR ->
                state != RuntimeState.RESTORING || claim(connection) ? null : state.refuse(RESTORE_ERROR);
            case NEXT, PING, RESTORE_NEXT, WRONG_METHOD, UNKNOWN -> null;
            case EXTENSION_REGISTER,
                    EXTENSION_NEXT,
                    EXTENSION_INIT_ERROR,
                    EXTENSION_EXIT_ERROR,
                    TELEMETRY_SUBSCRIBE,
                    LOGS_SUBSCRIBE -> null;
        };
    }

    @HotPath
    private @Nullable RuntimeRefusal onAnswerHead(RuntimeApiConnection connection, RuntimeApiRequest request) {
        if (!request.isFor(requestId)) {
            return RuntimeRefusal.INVALID_REQUEST_ID;
        }
        return switch (state) {
            case RUNNING -> onRunningAnswerHead(connection, request);
            case TIMED_OUT -> RuntimeRefusal.INVOKE_TIMEOUT;
            case RESPONSE_SENT -> RuntimeRefusal.INVALID_REQUEST_ID;
            case READY -> event == null ? RuntimeRefusal.INVALID_REQUEST_ID : notRunning(request);
            case STARTED, INIT_ERROR, CHECKPOINT, RESTORING, ENDED -> notRunning(request);
        };
    }

    @HotPath
    private @Nullable RuntimeRefusal onRunningAnswerHead(RuntimeApiConnection connection, RuntimeApiRequest request) {
        String mode = request.responseMode;
        if (mode != null && !mode.equals("streaming")) {
            return RuntimeRefusal.INVALID_RESPONSE_MODE;
        }
        if (streamed.isTruncated() || !claim(connection)) {
            return RuntimeRefusal.INVALID_REQUEST_ID;
        }
        if (mode != null && request.call == RuntimeApiCall.RESPONSE) {
            streamed.begin(connection, request);
        }
        // Known to be too long, and its sender asks first: refused before it is sent.
        if (request.expectContinue && request.contentLength > bodyLimitBytes(request)) {
            return onTooLarge(request);
        }
        return null;
    }

    /** The request that this connection sends is not whole yet. */
    @HotPath
    void onPartOfAnswer(RuntimeApiConnection connection) {
        if (answering == connection && !answerBegun) {
            slowBeginAnswer();
        }
    }

    private void slowBeginAnswer() {
        answerBegun = true;
        listener.onAnswerBegun();
    }

    /** More of a streamed response. Returns false where the next part must wait. */
    boolean onPart(ByteBuf part) {
        return streamed.write(part);
    }

    /** A streamed response is too long with what follows this part. */
    void onLastPart(ByteBuf part) {
        if (streamed.writeLast(part)) {
            failStream(RuntimeFailure.STREAM_TOO_LARGE);
        }
    }

    private void failStream(RuntimeFailure why) {
        answering = null;
        state = RuntimeState.RESPONSE_SENT;
        streamed.end();
        listener.onStreamFailed(why);
    }

    private RuntimeRefusal notRunning(RuntimeApiRequest request) {
        return state.refuse(request.call == RuntimeApiCall.RESPONSE ? "InvocationResponse" : "InvocationErrorResponse");
    }

    private boolean claim(RuntimeApiConnection connection) {
        if (answering != null) {
            return false;
        }
        answering = connection;
        return true;
    }

    @HotPath
    int bodyLimitBytes(RuntimeApiRequest request) {
        return switch (request.call) {
            case RESPONSE -> request.streamed ? ResponseStream.LIMIT_BYTES : PAYLOAD_LIMIT_BYTES;
            case ERROR, INIT_ERROR -> PAYLOAD_LIMIT_BYTES;
            case RESTORE_ERROR -> state == RuntimeState.RESTORING ? PAYLOAD_LIMIT_BYTES : 0;
            case NEXT, PING, RESTORE_NEXT, WRONG_METHOD, UNKNOWN -> 0;
            case EXTENSION_REGISTER,
                    EXTENSION_NEXT,
                    EXTENSION_INIT_ERROR,
                    EXTENSION_EXIT_ERROR,
                    TELEMETRY_SUBSCRIBE,
                    LOGS_SUBSCRIBE -> 0;
        };
    }

    /** Carries out a complete call: answers on {@code connection} and returns null, or returns why not. */
    @HotPath
    @Nullable
    RuntimeRefusal onRequest(RuntimeApiConnection connection, RuntimeApiRequest request) {
        return switch (request.call) {
            case NEXT -> onNext(connection);
            case RESPONSE, ERROR -> onAnswer(connection, request);
            case INIT_ERROR -> onInitError(connection, request);
            case PING -> onPing(connection);
            case RESTORE_NEXT -> onRestoreNext(connection);
            case RESTORE_ERROR -> onRestoreError(connection, request);
            case WRONG_METHOD -> RuntimeRefusal.WRONG_METHOD;
            case UNKNOWN,
                    EXTENSION_REGISTER,
                    EXTENSION_NEXT,
                    EXTENSION_INIT_ERROR,
                    EXTENSION_EXIT_ERROR,
                    TELEMETRY_SUBSCRIBE,
                    LOGS_SUBSCRIBE -> RuntimeRefusal.NOT_FOUND;
        };
    }

    @HotPath
    private @Nullable RuntimeRefusal onNext(RuntimeApiConnection connection) {
        if (streamed.isTruncated()) {
            failStream(RuntimeFailure.STREAM_TRUNCATED);
        }
        boolean again = state == RuntimeState.READY && waiting == null;
        boolean first = state == RuntimeState.STARTED || state == RuntimeState.RESTORING;
        if (!again && !first && state != RuntimeState.RESPONSE_SENT) {
            return state.refuse(RuntimeState.READY.key);
        }
        if (first) {
            answering = null; // an init error that is still being sent comes too late
        }
        state = RuntimeState.READY;
        RuntimeApiEvent next = event;
        if (next != null) {
            event = null;
            state = RuntimeState.RUNNING;
            connection.sendEvent(next);
            return null;
        }
        waiting = connection;
        connection.park();
        if (!again) {
            listener.onReady();
        }
        return null;
    }

    @HotPath
    private @Nullable RuntimeRefusal onAnswer(RuntimeApiConnection connection, RuntimeApiRequest request) {
        if (request.streamed && request.oversized && answering != connection) {
            return RuntimeRefusal.STREAM_TOO_LARGE; // what it means for the invocation has been told
        }
        answering = null;
        if (state != RuntimeState.RUNNING) {
            return state == RuntimeState.TIMED_OUT
                    ? RuntimeRefusal.INVOKE_TIMEOUT
                    : notRunning(request); // while it was sent
        }
        if (request.oversized) {
            return onTooLarge(request);
        }
        state = RuntimeState.RESPONSE_SENT;
        streamed.end();
        ByteBuf body = bodyOf(request); // before a connection that is to be closed lets go of it
        connection.accept();
        if (request.call == RuntimeApiCall.ERROR) {
            listener.onError(ReportedErrorType.of(request.errorType), body);
        } else if (request.responseMode == null) {
            listener.onResponse(body);
        } else {
            StreamedResponse.slowTell(request, body, listener);
        }
        return null;
    }

    private RuntimeRefusal onTooLarge(RuntimeApiRequest request) {
        if (request.streamed) {
            failStream(RuntimeFailure.STREAM_TOO_LARGE);
            return RuntimeRefusal.STREAM_TOO_LARGE;
        }
        answering = null;
        state = RuntimeState.RESPONSE_SENT;
        listener.onResponseTooLarge();
        return RuntimeRefusal.TOO_LARGE;
    }

    private @Nullable RuntimeRefusal onInitError(RuntimeApiConnection connection, RuntimeApiRequest request) {
        if (state != RuntimeState.STARTED) {
            return state.refuse("InitError"); // what may be claimed now is not its
        }
        return reportInitError(connection, request);
    }

    private @Nullable RuntimeRefusal reportInitError(RuntimeApiConnection connection, RuntimeApiRequest request) {
        answering = null;
        if (request.oversized) {
            return RuntimeRefusal.TOO_LARGE;
        }
        state = RuntimeState.INIT_ERROR;
        ByteBuf body = bodyOf(request);
        connection.accept();
        listener.onInitError(ReportedErrorType.of(request.errorType), body);
        return null;
    }

    private static @Nullable RuntimeRefusal onPing(RuntimeApiConnection connection) {
        connection.answerText("pong");
        return null;
    }

    /**
     * A runtime with hooks asks for this before it is made a snapshot of, and is answered where it goes on from that; one
     * without hooks asks for its first event instead.
     */
    private @Nullable RuntimeRefusal onRestoreNext(RuntimeApiConnection connection) {
        if (snapStart == SnapStart.NONE) {
            return RuntimeRefusal.NOT_FOUND;
        }
        if (state == RuntimeState.RESTORING) {
            connection.answerText("");
            return null;
        }
        if (state != RuntimeState.STARTED) {
            return state.refuse(RuntimeState.CHECKPOINT.key);
        }
        answering = null;
        state = RuntimeState.CHECKPOINT;
        waiting = connection;
        connection.park();
        listener.onReady();
        return null;
    }

    private @Nullable RuntimeRefusal onRestoreError(RuntimeApiConnection connection, RuntimeApiRequest request) {
        if (snapStart == SnapStart.NONE) {
            return RuntimeRefusal.NOT_FOUND;
        }
        return state == RuntimeState.RESTORING ? reportInitError(connection, request) : state.refuse(RESTORE_ERROR);
    }

    /** The connection is gone, with whatever it was doing. */
    void onClosed(RuntimeApiConnection connection) {
        if (waiting == connection) {
            waiting = null;
        }
        if (answering == connection) {
            answering = null;
            streamed.truncate();
        }
    }

    @HotPath
    private static ByteBuf bodyOf(RuntimeApiRequest request) {
        ByteBuf body = request.takeBody();
        return body == null ? Unpooled.EMPTY_BUFFER : body;
    }
}
