package dev.thaw.runtimebridge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.scheduler.live.ResponseStream;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.CachedNanoClock;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A runtime that streams its response; the client is the test. */
final class StreamedResponseTest implements ResponseStream.Reader {
    private static final String BASE = " /2018-06-01/runtime/invocation/";
    private static final String STREAMING = "Lambda-Runtime-Function-Response-Mode: streaming\r\n";
    private static final String CHUNKED = STREAMING + "Content-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n";
    private static final String NEXT = "GET" + BASE + "next HTTP/1.1\r\n\r\n";
    private static final int PIECE_BYTES = 64 << 10;
    /** The first bytes that must wait. */
    private static final int BURST_BYTES = 6 << 20;

    private final RecordedSession recorded = new RecordedSession();
    private final RuntimeSession session = recorded.session;
    private final EmbeddedChannel channel = connect();
    private final CachedNanoClock clock = new CachedNanoClock();
    private final StringBuilder head = new StringBuilder();
    private final ByteBuf body = Unpooled.buffer();
    /** Null until the stream is read no more. */
    private @Nullable ResponseStream stream;

    @Override
    public void onBegin(@Nullable String contentType) {
        head.append("begin ").append(contentType);
    }

    @Override
    public void onPart(ByteBuf part) {
        int weight = ResponseStream.weightOf(part);
        body.writeBytes(part);
        part.release();
        if (stream != null) {
            stream.taken(weight);
        }
    }

    @BeforeEach
    void dispatch() {
        channel.freezeTime();
        stream = new ResponseStream(channel.eventLoop(), this, clock);
        assertThat(send(channel, NEXT)).isEmpty();
        RuntimeApiEvent event = RecordedSession.event("id-1", "{}");
        event.stream = stream;
        session.dispatch(event);
        assertThat(answer(channel)).contains("id-1");
        recorded.story.clear();
    }

    @AfterEach
    void close() {
        body.release();
        channel.finishAndReleaseAll();
    }

    private EmbeddedChannel connect() {
        return recorded.connect();
    }

    private static String head(String call) {
        return "POST" + BASE + "id-1/" + call + " HTTP/1.1\r\n";
    }

    private static String send(EmbeddedChannel over, String text) {
        over.writeInbound(Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1));
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

    private String received() {
        return body.toString(StandardCharsets.UTF_8);
    }

    /** Sends so many bytes in pieces, each once the one before has been read: time passes as the pacing asks for. */
    private void sendBytes(int bytes) {
        for (int left = bytes; left > 0; left -= PIECE_BYTES) {
            int count = Math.min(left, PIECE_BYTES);
            send(channel, Integer.toHexString(count) + "\r\n" + "x".repeat(count) + "\r\n");
            while (!channel.config().isAutoRead()) {
                pass(1_000_000);
            }
        }
    }

    private void pass(long ns) {
        clock.advance(ns);
        channel.advanceTimeBy(ns, TimeUnit.NANOSECONDS);
        channel.runScheduledPendingTasks();
        channel.runPendingTasks();
    }

    @Test
    void shouldPassEachPartOnBeforeTheNextIsThere() {
        send(channel, head("response") + CHUNKED);
        assertThat(head).hasToString("begin text/html");
        send(channel, "3\r\none\r\n");
        assertThat(received()).isEqualTo("one");
        send(channel, "3\r\ntwo");
        assertThat(received()).isEqualTo("onetwo");
        assertThat(recorded.story).isEmpty();
        assertThat(send(channel, "\r\n0\r\n\r\n")).startsWith("HTTP/1.1 202 ");
        assertThat(recorded.story).containsExactly("streamed");
        send(channel, NEXT);
        assertThat(recorded.story).containsExactly("streamed", "ready");
    }

    @Test
    void shouldTakeAStreamOfNothing() {
        assertThat(send(channel, head("response") + CHUNKED + "0\r\n\r\n")).startsWith("HTTP/1.1 202 ");
        assertThat(head).hasToString("begin text/html");
        assertThat(recorded.story).containsExactly("streamed");
    }

    @Test
    void shouldTellTheErrorOfTheTrailers() {
        String error = Base64.getEncoder().encodeToString("{\"errorType\":\"E\"}".getBytes(StandardCharsets.UTF_8));
        send(channel, head("response") + CHUNKED + "3\r\none\r\n0\r\n");
        send(
                channel,
                "Lambda-Runtime-Function-Error-Type: Function.Half\r\nlambda-runtime-function-error-body: " + error
                        + "\r\n\r\n");

        assertThat(received()).isEqualTo("one");
        assertThat(recorded.story).containsExactly("streamed Function.Half {\"errorType\":\"E\"}");
    }

    @Test
    void shouldRefuseAnErrorReportOnceTheResponseHasBegun() {
        send(channel, head("response") + CHUNKED + "3\r\none\r\n");
        assertThat(send(connect(), head("error") + "Content-Length: 2\r\n\r\n{}"))
                .startsWith("HTTP/1.1 400 ");
        assertThat(recorded.story).isEmpty();
        send(channel, "0\r\n\r\n");
        assertThat(recorded.story).containsExactly("streamed");
    }

    @Test
    void shouldTakeAnErrorReportBeforeTheResponse() {
        assertThat(send(connect(), head("error") + "Content-Length: 2\r\n\r\n{}"))
                .startsWith("HTTP/1.1 202 ");
        assertThat(recorded.story).containsExactly("error Runtime.Unknown {}");
    }

    @Test
    void shouldPassOnWhatCameBeforeAMalformedChunk() {
        assertThat(send(channel, head("response") + CHUNKED + "3\r\none\r\nzz\r\n"))
                .startsWith("HTTP/1.1 400 ");

        assertThat(received()).isEqualTo("one");
    }

    @Test
    void shouldEndATruncatedStreamWhenItsRuntimeGoesOn() {
        send(channel, head("response") + CHUNKED + "3\r\none\r\n");
        ChannelFuture _ = channel.close();
        assertThat(recorded.story).as("the runtime may have ended as well").isEmpty();
        EmbeddedChannel second = connect();
        assertThat(send(second, head("response") + CHUNKED + "0\r\n\r\n")).startsWith("HTTP/1.1 400 ");
        send(second, NEXT);

        assertThat(recorded.story).containsExactly("stream failed: Runtime.TruncatedResponse", "ready");
    }

    @Test
    void shouldEndATruncatedStreamLikewiseWhereTheClientWantsItWhole() {
        wantedWhole();
        send(channel, head("response") + CHUNKED + "3\r\none\r\n");
        ChannelFuture _ = channel.close();
        assertThat(recorded.story).isEmpty();
        EmbeddedChannel second = connect();
        assertThat(send(second, head("response") + CHUNKED + "0\r\n\r\n")).startsWith("HTTP/1.1 400 ");
        assertThat(send(second, NEXT)).isEmpty();
        assertThat(recorded.story).containsExactly("stream failed: Runtime.TruncatedResponse", "ready");
        session.dispatch(RecordedSession.event("id-2", "{}"));

        assertThat(answer(second)).contains("id-2");
    }

    @Test
    void shouldEndAStreamOnceWhoseTimeWasOverBeforeItWasCutOff() {
        wantedWhole();
        send(channel, head("response") + CHUNKED + "3\r\none\r\n");
        session.timeOut();
        ChannelFuture _ = channel.close();

        assertThat(send(connect(), NEXT)).startsWith("HTTP/1.1 403 ");
        assertThat(recorded.story).isEmpty();
    }

    @Test
    void shouldLeaveATruncatedStreamToTheEndOfItsRuntime() {
        send(channel, head("response") + CHUNKED + "3\r\none\r\n");
        ChannelFuture _ = channel.close();
        session.end();

        assertThat(recorded.story).isEmpty();
    }

    @Test
    void shouldTakeTwentyMebibytesInSevenSeconds() {
        long startNs = clock.nanoTime();
        send(channel, head("response") + CHUNKED);
        sendBytes(BURST_BYTES);
        assertThat(clock.nanoTime() - startNs).as("time for the burst").isZero();
        sendBytes(ResponseStream.LIMIT_BYTES - BURST_BYTES);
        send(channel, "0\r\n\r\n");

        assertThat(clock.nanoTime() - startNs).isBetween(7_000_000_000L, 7_010_000_000L);
        assertThat(body.readableBytes()).isEqualTo(ResponseStream.LIMIT_BYTES);
        assertThat(recorded.story).containsExactly("streamed");
    }

    @Test
    void shouldCutAStreamOfOneByteMore() {
        send(channel, head("response") + CHUNKED);
        sendBytes(ResponseStream.LIMIT_BYTES);
        send(channel, "1\r\nx\r\n");
        assertThat(recorded.story).containsExactly("stream failed: Function.ResponseSizeTooLarge");
        assertThat(body.readableBytes()).isEqualTo(ResponseStream.LIMIT_BYTES);
        assertThat(send(channel, "0\r\n\r\n"))
                .startsWith("HTTP/1.1 413 ")
                .contains("Exceeded maximum allowed payload size (20971520 bytes).");
        assertThat(recorded.story).hasSize(1);
    }

    @Test
    void shouldCutAStreamThatSaysThatItIsTooLong() {
        send(channel, head("response") + STREAMING + "Expect: 100-continue\r\nContent-Length: 20971521\r\n\r\n");
        assertThat(recorded.story).containsExactly("stream failed: Function.ResponseSizeTooLarge");
    }

    @Test
    void shouldStopReadingWhileTheClientTakesNothing() {
        ResponseStream held = Objects.requireNonNull(stream);
        stream = null;
        send(channel, head("response") + CHUNKED);
        send(channel, "50000\r\n" + "x".repeat(0x50000) + "\r\n");
        assertThat(channel.config().isAutoRead()).isFalse();
        send(channel, "0\r\n\r\n"); // was in the socket already
        assertThat(recorded.story).isEmpty();
        held.taken(0x50000);
        channel.runPendingTasks();

        assertThat(channel.config().isAutoRead()).isTrue();
        assertThat(recorded.story).containsExactly("streamed");
    }

    @Test
    void shouldCountAStreamWhoseSenderClosedWhileItWaited() {
        ResponseStream held = Objects.requireNonNull(stream);
        stream = null;
        send(channel, head("response") + CHUNKED);
        send(channel, "50000\r\n" + "x".repeat(0x50000) + "\r\n");
        send(channel, "0\r\n\r\n");
        channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        held.taken(0x50000);
        channel.runPendingTasks();

        assertThat(recorded.story).containsExactly("streamed");
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void shouldDropPartsAfterATimeout() {
        send(channel, head("response") + CHUNKED + "3\r\none\r\n");
        session.timeOut();
        send(channel, "3\r\ntwo\r\n");

        assertThat(send(channel, "0\r\n\r\n")).startsWith("HTTP/1.1 410 ");
        assertThat(received()).isEqualTo("one");
        assertThat(recorded.story).isEmpty();
    }

    @Test
    void shouldStreamABodyOfKnownLength() {
        send(channel, head("response") + STREAMING + "Content-Length: 6\r\n\r\none");
        assertThat(received()).isEqualTo("one");
        assertThat(send(channel, "two")).startsWith("HTTP/1.1 202 ");
        assertThat(received()).isEqualTo("onetwo");
        assertThat(recorded.story).containsExactly("streamed");
    }

    @Test
    void shouldBufferWhereTheClientWantsItWhole() {
        wantedWhole();
        send(channel, head("response") + CHUNKED + "3\r\none\r\n3\r\ntwo\r\n");
        assertThat(recorded.story).isEmpty();
        send(channel, "0\r\n\r\n");
        assertThat(recorded.story).containsExactly("response onetwo");
    }

    /** Runtimes that stream end their connection with the response, as documented. */
    @Test
    void shouldKeepTheBodyOfAConnectionThatEndsWithIt() {
        wantedWhole();
        String answer = send(channel, head("response") + "Connection: close\r\n" + CHUNKED + "3\r\none\r\n0\r\n\r\n");
        assertThat(answer).startsWith("HTTP/1.1 202 ");
        assertThat(recorded.story).containsExactly("response one");
    }

    @Test
    void shouldMakeAFunctionErrorOfTrailersWhereTheClientWantsItWhole() {
        wantedWhole();
        send(channel, head("response") + CHUNKED + "3\r\none\r\n0\r\n");
        send(channel, "Lambda-Runtime-Function-Error-Type: Function.Half\r\n\r\n");
        assertThat(recorded.story).containsExactly("error Function.Half one");
    }

    private void wantedWhole() {
        send(channel, head("response") + STREAMING + "Content-Length: 0\r\n\r\n");
        send(channel, NEXT);
        session.dispatch(RecordedSession.event("id-1", "{}"));
        answer(channel);
        recorded.story.clear();
    }
}
