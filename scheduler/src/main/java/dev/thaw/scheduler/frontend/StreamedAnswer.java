package dev.thaw.scheduler.frontend;

import dev.thaw.scheduler.live.Exchange;
import dev.thaw.scheduler.live.FunctionError;
import dev.thaw.scheduler.live.ResponseStream;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The streamed part of one answer: the head once the runtime begins to respond, each part as an event of its own as it
 * comes, and {@code InvokeComplete} once the scheduler has ended the invocation. Parts wait here while earlier answers
 * of the connection are open; {@link ResponseStream} bounds them.
 *
 * <p>Threading: its connection's event loop.
 */
final class StreamedAnswer implements ResponseStream.Reader {
    private final Answers answers;
    private final Answer answer;
    private final ArrayDeque<ByteBuf> parts = new ArrayDeque<>();
    final ResponseStream stream;
    private @Nullable String contentType;
    private boolean begun;
    private boolean headWritten;

    StreamedAnswer(Answers answers, Answer answer) {
        this.answers = answers;
        this.answer = answer;
        stream = answers.newStream(this);
    }

    @Override
    public void onBegin(@Nullable String newContentType) {
        begun = true;
        contentType = newContentType;
        answers.writeStreamed(answer);
    }

    @Override
    public void onPart(ByteBuf part) {
        parts.add(part);
        answers.writeStreamed(answer);
    }

    /** It is this answer's turn: writes what has come so far. Returns whether that was anything. */
    boolean writeReady() {
        boolean wrote = begun && (!headWritten || !parts.isEmpty());
        if (begun) {
            writeHead();
        }
        for (ByteBuf part = parts.poll(); part != null; part = parts.poll()) {
            answers.writePart(this, part);
        }
        return wrote;
    }

    /** The invocation has ended: writes the rest. A response that was not streamed is one part. */
    void writeEnd(Exchange exchange) {
        writeReady();
        writeHead();
        stream.closeReader();
        ByteBuf body = exchange.response;
        if (!begun && !exchange.functionFailed && body != null && body.isReadable()) {
            exchange.response = null;
            answers.writePart(this, body);
        }
        answers.writeStreamEnd(answer, exchange, Fault.json(completion(exchange)));
    }

    /** Its client knows no chunks. */
    boolean isHttp10() {
        return answer.http10;
    }

    private void writeHead() {
        if (!headWritten) {
            headWritten = true;
            answers.writeStreamHead(answer, contentType);
        }
    }

    /** The client has gone, or gets another answer. */
    void drop() {
        stream.closeReader();
        for (ByteBuf part = parts.poll(); part != null; part = parts.poll()) {
            stream.taken(ResponseStream.weightOf(part));
            part.release();
        }
    }

    private static Map<String, String> completion(Exchange exchange) {
        Map<String, String> completion = new LinkedHashMap<>();
        String details = errorOf(exchange);
        if (details != null) {
            completion.put("ErrorCode", "Unhandled");
            completion.put("ErrorDetails", details);
        }
        byte[] log = exchange.logResult;
        if (log != null) {
            completion.put("LogResult", Base64.getEncoder().encodeToString(log));
        }
        return completion;
    }

    /** What is left in the exchange where nothing went wrong is nothing: its response has been written. */
    private static @Nullable String errorOf(Exchange exchange) {
        if (exchange.errorType != null) {
            return FunctionError.json(exchange.errorType, Objects.requireNonNullElse(exchange.errorMessage, ""));
        }
        ByteBuf report = exchange.response;
        if (report != null && report.isReadable()) {
            return report.toString(StandardCharsets.UTF_8);
        }
        return exchange.functionFailed ? "" : null;
    }
}
