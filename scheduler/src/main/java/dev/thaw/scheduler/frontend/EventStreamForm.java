package dev.thaw.scheduler.frontend;

import dev.thaw.scheduler.live.Exchange;
import dev.thaw.scheduler.live.FunctionError;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A stream of {@code InvokeWithResponseStream}: each part is an event of its own, the last one is {@code InvokeComplete}
 * (wire.md W4).
 *
 * <p>Threading: its connection's event loop.
 */
final class EventStreamForm implements StreamForm {
    private final Answers answers;
    private final Answer answer;

    EventStreamForm(Answers answers, Answer answer) {
        this.answers = answers;
        this.answer = answer;
    }

    @Override
    public void begin(@Nullable String contentType) {
        answers.writeStreamHead(answer, contentType);
    }

    @Override
    public void part(StreamedAnswer streamed, ByteBuf part) {
        answers.writePart(streamed, part, !answer.http10);
    }

    /** A response that was not streamed is one part. */
    @Override
    public void end(StreamedAnswer streamed, Exchange exchange, boolean begun) {
        if (!begun) {
            begin(null);
        }
        ByteBuf body = exchange.response;
        if (!begun && !exchange.functionFailed && body != null && body.isReadable()) {
            exchange.response = null;
            part(streamed, body);
        }
        answers.writeStreamEnd(answer, exchange, Fault.json(completion(exchange)));
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
