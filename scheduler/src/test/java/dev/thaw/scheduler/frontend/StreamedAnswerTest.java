package dev.thaw.scheduler.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.results.ServerRecord;
import dev.thaw.scheduler.core.Outcome;
import dev.thaw.scheduler.core.Refusal;
import dev.thaw.scheduler.live.Exchange;
import dev.thaw.scheduler.live.ResponseStream;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Streamed answers of one connection; the runtime is the test. */
final class StreamedAnswerTest {
    private static final String PATH = "/2021-11-15/functions/echo/response-streaming-invocations";

    private final EmbeddedFrontEnd frontEnd = new EmbeddedFrontEnd(1 << 20);
    private final EmbeddedChannel client = frontEnd.connect();
    private int asked;

    private static String request(String version, String headers) {
        return "POST " + PATH + " HTTP/" + version + "\r\nHost: x\r\n" + headers + "Content-Length: 2\r\n\r\n{}";
    }

    private Exchange invoke() {
        EmbeddedFrontEnd.send(client, request("1.1", ""));
        return takeExchange();
    }

    private Exchange takeExchange() {
        Exchange exchange = frontEnd.takeExchange();
        Objects.requireNonNull(exchange.payload).release();
        exchange.payload = null;
        return exchange;
    }

    private ResponseStream begin(Exchange exchange) {
        ResponseStream stream = Objects.requireNonNull(exchange.stream);
        stream.begin("text/html", client.eventLoop(), () -> asked++);
        return stream;
    }

    private static ByteBuf text(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
    }

    private static void end(Exchange exchange, Outcome outcome) {
        exchange.functionFailed = outcome != Outcome.RESPONSE;
        Objects.requireNonNull(exchange.sink).answer(exchange, outcome);
    }

    private String read() {
        return EmbeddedFrontEnd.read(client);
    }

    @Test
    void shouldWriteEachPartAsItComes() {
        Exchange exchange = invoke();
        ResponseStream stream = begin(exchange);
        assertThat(read())
                .startsWith("HTTP/1.1 200 OK\r\nContent-Type: application/vnd.amazon.eventstream\r\n"
                        + "X-Amz-Executed-Version: $LATEST\r\nx-amzn-RequestId: ")
                .contains("\r\nX-Amzn-Trace-Id: Root=", "\r\nX-Thaw-Response-Content-Type: text/html\r\n")
                .endsWith("\r\nTransfer-Encoding: chunked\r\n\r\n");
        assertThat(stream.write(text("one"))).isTrue();
        assertThat(read()).contains("PayloadChunk").contains("one");
        stream.write(text("two"));
        assertThat(read()).contains("two");
        end(exchange, Outcome.RESPONSE);
        assertThat(read()).contains("InvokeComplete").contains("{}").endsWith("\r\n0\r\n\r\n");
        assertThat(client.isOpen()).isTrue();
    }

    /** It is whole only at the end; HTTP/1.0 has no trailers. */
    @Test
    void shouldSendTheRecordAsATrailerWhereItIsAskedFor() {
        EmbeddedFrontEnd.send(client, request("1.1", "X-Thaw-Record: 1\r\n"));
        Exchange exchange = takeExchange();
        begin(exchange).write(text("one"));
        assertThat(read()).contains("\r\nTrailer: X-Thaw-Record\r\n").doesNotContain("\r\nX-Thaw-Record: ");
        exchange.record.memoryMib = 128;
        byte[] encoded = new byte[ServerRecord.MAX_ENCODED_LENGTH];
        String record = new String(encoded, 0, exchange.record.encode(encoded), StandardCharsets.US_ASCII);
        end(exchange, Outcome.RESPONSE);
        assertThat(read()).endsWith("\r\n0\r\nX-Thaw-Record: " + record + "\r\n\r\n");

        EmbeddedFrontEnd.send(client, request("1.0", "X-Thaw-Record: 1\r\n"));
        Exchange older = takeExchange();
        end(older, Outcome.RESPONSE);
        assertThat(read()).contains("InvokeComplete").doesNotContain("X-Thaw-Record");
    }

    @Test
    void shouldWaitForTheAnswersBefore() {
        Exchange first = invoke();
        EmbeddedFrontEnd.send(client, request("1.1", ""));
        Exchange second = takeExchange();
        begin(second).write(text("later"));
        assertThat(read()).isEmpty();
        first.response = text("whole");
        end(first, Outcome.RESPONSE);

        assertThat(read()).containsSubsequence("200 OK", "whole", "InvokeComplete", "200 OK", "later");
        end(second, Outcome.RESPONSE);
        assertThat(read()).contains("InvokeComplete");
    }

    @Test
    void shouldSendAResponseThatWasNotStreamedAsOnePart() {
        Exchange exchange = invoke();
        exchange.response = text("whole");
        end(exchange, Outcome.RESPONSE);

        assertThat(read()).containsSubsequence("200 OK", "PayloadChunk", "whole", "InvokeComplete", "{}");
    }

    @Test
    void shouldEndAStreamOfNothing() {
        Exchange exchange = invoke();
        begin(exchange);
        end(exchange, Outcome.RESPONSE);

        assertThat(read()).doesNotContain("PayloadChunk").containsSubsequence("200 OK", "InvokeComplete", "{}");
    }

    @Test
    void shouldTellAnErrorBeforeTheFirstByte() {
        Exchange exchange = invoke();
        exchange.response = text("{\"errorType\":\"E\"}");
        end(exchange, Outcome.FUNCTION_ERROR);

        assertThat(read())
                .doesNotContain("PayloadChunk")
                .contains("{\"ErrorCode\":\"Unhandled\",\"ErrorDetails\":\"{\\\"errorType\\\":\\\"E\\\"}\"}");
    }

    @Test
    void shouldTellAnErrorMidway() {
        Exchange exchange = invoke();
        begin(exchange).write(text("half"));
        exchange.response = text("{\"errorType\":\"E\"}"); // of the trailers: the outcome is a response
        end(exchange, Outcome.RESPONSE);

        assertThat(read())
                .containsSubsequence("half", "{\"ErrorCode\":\"Unhandled\",\"ErrorDetails\":\"{\\\"errorType\\\":");
    }

    @Test
    void shouldTellATimeoutMidwayAndDropWhatComesLate() {
        Exchange exchange = invoke();
        ResponseStream stream = begin(exchange);
        stream.write(text("half"));
        exchange.errorType = "Sandbox.Timedout";
        exchange.errorMessage = "Task timed out";
        end(exchange, Outcome.TIMED_OUT);
        assertThat(read()).containsSubsequence("half", "Sandbox.Timedout", "\r\n0\r\n\r\n");
        ByteBuf late = text("late");
        stream.write(late);

        assertThat(late.refCnt()).isZero();
        assertThat(read()).isEmpty();
    }

    @Test
    void shouldPutTheLogsTailIntoTheLastEvent() {
        EmbeddedFrontEnd.send(client, request("1.1", "X-Amz-Log-Type: Tail\r\n"));
        Exchange exchange = takeExchange();
        assertThat(exchange.logTail).isTrue();
        exchange.logResult = "tail".getBytes(StandardCharsets.UTF_8);
        end(exchange, Outcome.RESPONSE);

        assertThat(read()).contains("{\"LogResult\":\"dGFpbA==\"}");
    }

    @Test
    void shouldAnswerRefusalsAsEver() {
        Exchange exchange = invoke();
        Objects.requireNonNull(exchange.sink).refuse(exchange, Refusal.CONCURRENT_INVOCATION_LIMIT_EXCEEDED);

        assertThat(read()).startsWith("HTTP/1.1 429 ").contains("TooManyRequestsException");
    }

    @Test
    void shouldKnowItsTwoInvocationTypes() {
        EmbeddedFrontEnd.send(client, request("1.1", "X-Amz-Invocation-Type: Event\r\n"));
        assertThat(read()).startsWith("HTTP/1.1 400 ").contains("[RequestResponse, DryRun]");
        EmbeddedFrontEnd.send(client, request("1.1", "X-Amz-Invocation-Type: DryRun\r\n"));
        assertThat(read()).startsWith("HTTP/1.1 204 ");
        assertThat(frontEnd.taken).isEmpty();
    }

    @Test
    void shouldSendBareEventsToAClientWithoutChunks() {
        EmbeddedFrontEnd.send(client, request("1.0", ""));
        Exchange exchange = takeExchange();
        begin(exchange).write(text("one"));
        end(exchange, Outcome.RESPONSE);

        assertThat(read()).doesNotContain("Transfer-Encoding").contains("one").doesNotEndWith("0\r\n\r\n");
        assertThat(client.isOpen()).isFalse();
    }

    @Test
    void shouldLetTheFunctionGoOnWhoseClientHasGone() {
        Exchange exchange = invoke();
        ResponseStream stream = begin(exchange);
        stream.write(text("half"));
        read();
        ChannelFuture _ = client.close();
        ByteBuf unseen = text("x".repeat(7 << 20)); // beyond the burst as well: it is not paced either

        assertThat(stream.write(unseen)).isTrue();
        assertThat(unseen.refCnt()).isZero();
        end(exchange, Outcome.RESPONSE);
        assertThat(exchange.sink).as("back in its pool").isNull();
    }
}
