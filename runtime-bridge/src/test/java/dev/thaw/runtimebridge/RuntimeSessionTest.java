package dev.thaw.runtimebridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class RuntimeSessionTest {
    private static final String BASE = " /2018-06-01/runtime/";
    private static final String OK = String.join(
            "\r\n",
            "202 Accepted",
            "Content-Type: application/json",
            "Content-Length: 16",
            "",
            "{\"status\":\"OK\"}\n");

    private final RecordedSession recorded = new RecordedSession();
    private final RuntimeSession session = recorded.session;
    private final EmbeddedChannel channel = connect();

    @Test
    void shouldServeAnInvocation() {
        send(get("invocation/next"));
        assertThat(answer()).isEmpty();
        session.dispatch(RecordedSession.event("id-1", "{\"x\":5}"));

        assertThat(answer())
                .isEqualTo("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                        + "Lambda-Runtime-Aws-Request-Id: id-1\r\nLambda-Runtime-Deadline-Ms: 1542409706888\r\n"
                        + "Lambda-Runtime-Invoked-Function-Arn: arn:aws:lambda:us-east-1:000000000000:function:f\r\n"
                        + "Lambda-Runtime-Trace-Id: Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;"
                        + "Sampled=1\r\nContent-Length: 7\r\n\r\n{\"x\":5}");
        send(post("invocation/id-1/response", "not json"));
        assertThat(answer()).isEqualTo("HTTP/1.1 " + OK);
        send(get("invocation/next"));
        assertThat(recorded.story).containsExactly("ready", "response not json", "ready");
    }

    /** A runtime waits through a freeze and sets no timeout; nor may its server. */
    @Test
    void shouldLetARuntimeWaitForItsEventAsLongAsItTakes() {
        channel.freezeTime();
        send(get("invocation/next"));
        channel.advanceTimeBy(1, TimeUnit.DAYS);
        channel.runScheduledPendingTasks();
        assertThat(channel.isOpen()).isTrue();
        assertThat(answer()).isEmpty();
        session.dispatch(RecordedSession.event("id-1", "{}"));

        assertThat(answer()).startsWith("HTTP/1.1 200 OK\r\n");
    }

    @Test
    void shouldHandOverALargePayloadItself() {
        ByteBuf payload = Unpooled.wrappedBuffer(new byte[RuntimeApiResponses.SMALL_PAYLOAD_BYTES + 1]);
        RuntimeApiEvent event = RecordedSession.event("id-1", "");
        event.release();
        event.payload = payload;
        send(get("invocation/next"));
        session.dispatch(event);
        ByteBuf head = channel.readOutbound();

        assertThat(channel.<ByteBuf>readOutbound()).isSameAs(payload);
        head.release();
        payload.release();
    }

    @Test
    void shouldSendTheHeldVerdictAndASmallEventInOneBuffer() {
        send(get("invocation/next"));
        session.dispatch(RecordedSession.event("id-1", "{}"));
        assertThat(answer()).endsWith("\r\n\r\n{}");
        send(post("invocation/id-1/response", "ok") + get("invocation/next"));
        assertThat(channel.<ByteBuf>readOutbound()).isNull();
        session.dispatch(RecordedSession.event("id-2", "{}"));
        ByteBuf both = channel.readOutbound();

        assertThat(both.toString(StandardCharsets.UTF_8))
                .startsWith("HTTP/1.1 202 Accepted\r\n")
                .contains("\nHTTP/1.1 200 OK\r\n")
                .endsWith("\r\n\r\n{}");
        both.release();
    }

    @Test
    void shouldKeepBackTheAcceptanceOfAPipelinedResponse() {
        send(get("invocation/next"));
        session.dispatch(RecordedSession.event("id-1", "1"));
        assertThat(answer()).endsWith("\r\n\r\n1");

        send(post("invocation/id-1/response", "a") + get("invocation/next"));
        assertThat(answer()).isEmpty();
        session.dispatch(RecordedSession.event("id-2", "2"));
        assertThat(answer()).startsWith("HTTP/1.1 202").contains("HTTP/1.1 200").endsWith("\r\n\r\n2");

        send(post("invocation/id-2/response", "b") + get("invocation/next"));
        session.flushHeld();
        assertThat(answer()).isEqualTo("HTTP/1.1 " + OK);
    }

    @Test
    void shouldGiveAnEventToTheNextConnectionWhereTheFirstHasGone() {
        send(get("invocation/next"));
        ChannelFuture _ = channel.close();
        session.dispatch(RecordedSession.event("id-1", "x"));
        EmbeddedChannel second = connect();

        assertThat(exchange(second, get("invocation/next"))).contains("id-1").endsWith("x");
        assertThat(exchange(second, post("invocation/id-1/response", "y"))).contains(OK);
        assertThat(recorded.story).containsExactly("ready", "response y");
    }

    @Test
    void shouldRefuseWrongIdsAndSecondResponses() {
        dispatched();
        assertThat(exchange(channel, post("invocation/other/response", "x")))
                .contains("400 Bad Request", "InvalidRequestID");
        assertThat(exchange(channel, post("invocation/id-1/response", "x"))).contains(OK);
        assertThat(exchange(channel, post("invocation/id-1/response", "x")))
                .endsWith("{\"errorMessage\":\"Invalid request ID\",\"errorType\":\"InvalidRequestID\"}\n");
        send(get("invocation/next"));
        assertThat(exchange(connect(), post("invocation/id-1/error", "x"))).contains("InvalidRequestID");
        assertThat(recorded.story).containsExactly("ready", "response x", "ready");
    }

    @Test
    void shouldRefuseCallsInTheWrongState() {
        send(get("invocation/next"));
        assertThat(exchange(connect(), get("invocation/next")))
                .contains("403 Forbidden")
                .endsWith("{\"errorMessage\":\"State transition from Ready to Ready failed for runtime. Error: State"
                        + " transition is not allowed\",\"errorType\":\"InvalidStateTransition\"}\n");
        assertThat(exchange(connect(), post("init/error", "{}"))).contains("403 Forbidden", "from Ready to InitError");
        session.dispatch(RecordedSession.event("id-1", "x"));
        answer();
        assertThat(exchange(channel, get("invocation/next"))).contains("from Running to Ready failed for runtime");
        assertThat(recorded.story).containsExactly("ready");
    }

    @Test
    void shouldRefuseAnswersToAnEventThatNobodyFetched() {
        send(get("invocation/next"));
        ChannelFuture _ = channel.close();
        session.dispatch(RecordedSession.event("id-1", "x"));

        assertThat(exchange(connect(), post("invocation/id-1/response", "y")))
                .contains("403 Forbidden", "from Ready to InvocationResponse failed");
        session.end();
    }

    @Test
    void shouldReportErrors() {
        dispatched();
        String body = "{\"errorMessage\":\"Error parsing event data.\",\"errorType\":\"InvalidEventDataException\"}";
        String header = "Lambda-Runtime-Function-Error-Type: Runtime.UnknownReason\r\n";

        assertThat(exchange(channel, post("invocation/id-1/error", header, body)))
                .contains(OK);
        assertThat(recorded.story).containsExactly("ready", "error Runtime.UnknownReason " + body);
    }

    @Test
    void shouldTakeErrorsWithoutBodyOrHeader() {
        dispatched();
        assertThat(exchange(channel, "POST" + BASE + "invocation/id-1/error HTTP/1.1\r\n\r\n"))
                .contains(OK);
        assertThat(recorded.story).containsExactly("ready", "error Runtime.Unknown ");
    }

    @Test
    void shouldMapErrorTypes() {
        assertThat(ReportedErrorType.of("Function.Foo")).isEqualTo("Function.Foo");
        assertThat(ReportedErrorType.of("Runtime.ExitError")).isEqualTo("Runtime.ExitError");
        assertThat(ReportedErrorType.of("Function.foo")).isEqualTo("Function.Unknown");
        assertThat(ReportedErrorType.of("Foo.Bar")).isEqualTo("Runtime.Unknown");
        assertThat(ReportedErrorType.of("unhandled")).isEqualTo("Runtime.Unknown");
        assertThat(ReportedErrorType.of(null)).isEqualTo("Runtime.Unknown");
    }

    @Test
    void shouldNotLetAnInitErrorThatComesTooLateStandInTheWayOfAnAnswer() {
        EmbeddedChannel late = connect();
        exchange(late, "POST" + BASE + "init/error HTTP/1.1\r\nContent-Length: 2\r\n\r\nx");
        dispatched();

        assertThat(exchange(connect(), post("invocation/id-1/response", "y"))).contains(OK);
        assertThat(exchange(late, "x")).contains("403", "from ResponseSent to InitError");
        assertThat(recorded.story).containsExactly("ready", "response y");
    }

    @Test
    void shouldReportInitErrorsOnce() {
        assertThat(exchange(channel, post("init/error", "{\"errorType\":\"E\"}")))
                .contains(OK);
        assertThat(exchange(channel, post("init/error", "{}")))
                .contains("403 Forbidden", "from InitError to InitError");
        assertThat(exchange(channel, get("invocation/next"))).contains("from InitError to Ready");
        assertThat(recorded.story).containsExactly("init error Runtime.Unknown {\"errorType\":\"E\"}");
    }

    @Test
    void shouldEndTheInvocationWhoseResponseIsTooLarge() {
        dispatched();
        String tooLong = "x".repeat(RuntimeSession.PAYLOAD_LIMIT_BYTES + 1);

        assertThat(exchange(channel, post("invocation/id-1/response", tooLong)))
                .contains("413 Request Entity Too Large")
                .endsWith("{\"errorMessage\":\"Exceeded maximum allowed payload size (6291556 bytes).\","
                        + "\"errorType\":\"RequestEntityTooLarge\"}\n");
        send(get("invocation/next"));
        assertThat(recorded.story).containsExactly("ready", "too large", "ready");
    }

    @Test
    void shouldTakeAResponseOfJustTheLimit() {
        dispatched();
        assertThat(exchange(channel, post("invocation/id-1/response", "x".repeat(RuntimeSession.PAYLOAD_LIMIT_BYTES))))
                .contains(OK);
        assertThat(recorded.story).containsExactly("ready", "response 6291556 bytes");
    }

    @Test
    void shouldProceedWhereASenderAsksFirst() {
        dispatched();
        send("POST" + BASE + "invocation/id-1/response HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
        assertThat(answer()).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
        assertThat(exchange(channel, "abc")).isEqualTo("HTTP/1.1 " + OK);
        assertThat(recorded.story).containsExactly("ready", "response abc");
    }

    @Test
    void shouldRefuseBeforeASenderThatAsksSendsTooMuch() {
        dispatched();
        send("POST" + BASE
                + "invocation/id-1/response HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 9000000\r\n\r\n");

        assertThat(answer()).startsWith("HTTP/1.1 413").contains("Connection: close");
        assertThat(channel.isOpen()).isFalse();
        assertThat(recorded.story).containsExactly("ready", "too large");
    }

    @Test
    void shouldCheckTheResponseMode() {
        dispatched();
        String invalid = "Lambda-Runtime-Function-Response-Mode: Streaming\r\n";
        String streaming = "Lambda-Runtime-Function-Response-Mode: streaming\r\n";

        assertThat(exchange(channel, post("invocation/id-1/response", invalid, "a")))
                .contains("400 Bad Request", "InvalidFunctionResponseMode");
        assertThat(exchange(channel, post("invocation/id-1/response", streaming, "b")))
                .contains(OK);
        assertThat(recorded.story).containsExactly("ready", "response b");
    }

    @Test
    void shouldTellThatTheInvocationTimedOut() {
        dispatched();
        session.timeOut();
        assertThat(exchange(channel, post("invocation/id-1/response", "late")))
                .contains("410 Gone")
                .endsWith("{\"errorMessage\":\"Invoke timeout\",\"errorType\":\"InvokeTimeout\"}\n");
        assertThat(recorded.story).containsExactly("ready");
    }

    @Test
    void shouldTellThatARequestWasCutOff() {
        dispatched();
        send("POST" + BASE + "invocation/id-1/response HTTP/1.1\r\nContent-Length: 10\r\n\r\nabc");
        channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);

        assertThat(answer()).startsWith("HTTP/1.1 400").contains("TruncatedHTTPRequest");
        assertThat(channel.isOpen()).isFalse();
        assertThat(exchange(connect(), post("invocation/id-1/response", "again")))
                .contains(OK);
    }

    @Test
    void shouldAnswerTheOtherCalls() {
        assertThat(exchange(channel, "GET /2018-06-01/ping HTTP/1.1\r\n\r\n"))
                .startsWith("HTTP/1.1 200")
                .endsWith("pong");
        assertThat(exchange(channel, get("restore/next")))
                .startsWith("HTTP/1.1 404")
                .contains("errorType");
        assertThat(exchange(channel, post("restore/error", "{}"))).startsWith("HTTP/1.1 404");
        assertThat(exchange(channel, "GET /nothing HTTP/1.1\r\n\r\n"))
                .startsWith("HTTP/1.1 404")
                .contains("errorMessage");
        assertThat(exchange(channel, post("invocation/next", ""))).startsWith("HTTP/1.1 405");
    }

    @Test
    void shouldCloseAfterTheAnswerWhereAsked() {
        assertThat(exchange(channel, "GET /ping HTTP/1.0\r\n\r\n")).contains("Connection: close");
        assertThat(channel.isOpen()).isFalse();
        EmbeddedChannel second = connect();
        assertThat(exchange(second, "GET /ping HTTP/1.1\r\nConnection: close\r\n\r\n"))
                .contains("Connection: close");
        assertThat(second.isOpen()).isFalse();
    }

    @Test
    void shouldAnswerGarbageAndClose() {
        assertThat(exchange(channel, "\u0001\u0002\u0003 garbage\r\n\r\n"))
                .startsWith("HTTP/1.1 400")
                .contains("errorType");
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void shouldCloseOnAPeerThatSendsAheadForEver() {
        send(get("invocation/next"));
        send("x".repeat(RuntimeApiRequestDecoder.PIPELINE_LIMIT_BYTES + 1));
        assertThat(answer()).startsWith("HTTP/1.1 400");
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void shouldNotLetAClientForgeHeaders() {
        RuntimeApiEvent event = RecordedSession.event("id-1", "x");
        event.clientContext = "{\"a\":\r\n\"é\"}\r\nLambda-Runtime-Deadline-Ms: 1";
        event.traceId = "Root=1\nX: y";
        event.invokedFunctionArn = "";
        send(get("invocation/next"));
        session.dispatch(event);

        assertThat(answer())
                .contains("\r\nLambda-Runtime-Client-Context: {\"a\":  \"é\"}  Lambda-Runtime-Deadline-Ms: 1\r\n")
                .contains("\r\nLambda-Runtime-Trace-Id: Root=1 X: y\r\n")
                .doesNotContain("Function-Arn");
    }

    @Test
    void shouldReleaseAnEventThatNobodyTook() {
        ByteBuf payload = Unpooled.copiedBuffer("x", StandardCharsets.UTF_8);
        ByteBuf latePayload = payload.copy();
        RuntimeApiEvent undelivered = RecordedSession.event("id-1", "");
        undelivered.payload = payload;
        session.dispatch(undelivered);
        session.end();
        RuntimeApiEvent late = RecordedSession.event("id-2", "");
        late.payload = latePayload;
        session.dispatch(late);

        assertThat(payload.refCnt()).isZero();
        assertThat(latePayload.refCnt()).isZero();
    }

    private void dispatched() {
        send(get("invocation/next"));
        session.dispatch(RecordedSession.event("id-1", "{}"));
        assertThat(answer()).contains("id-1");
    }

    private EmbeddedChannel connect() {
        return recorded.connect();
    }

    private static String get(String path) {
        return "GET" + BASE + path + " HTTP/1.1\r\nHost: x\r\n\r\n";
    }

    private static String post(String path, String body) {
        return post(path, "", body);
    }

    private static String post(String path, String headers, String body) {
        return "POST" + BASE + path + " HTTP/1.1\r\n" + headers + "Content-Length: " + body.length() + "\r\n\r\n"
                + body;
    }

    private void send(String bytes) {
        channel.writeInbound(Unpooled.copiedBuffer(bytes, StandardCharsets.UTF_8));
    }

    private String answer() {
        return answer(channel);
    }

    private static String exchange(EmbeddedChannel over, String bytes) {
        over.writeInbound(Unpooled.copiedBuffer(bytes, StandardCharsets.UTF_8));
        return answer(over);
    }

    private static String answer(EmbeddedChannel over) {
        StringBuilder text = new StringBuilder();
        for (ByteBuf bytes = over.readOutbound(); bytes != null; bytes = over.readOutbound()) {
            text.append(bytes.toString(StandardCharsets.UTF_8));
            bytes.release();
        }
        return text.toString();
    }
}
