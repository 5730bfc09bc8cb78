package dev.thaw.loadgen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.results.Sample;
import dev.thaw.results.SampleStatus;
import dev.thaw.results.ServerRecord;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.HttpUtil;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

final class ResponseDecoderTest {
    private static final int[] STATUSES = {200, 202, 204, 304, 404, 429, 500};

    private final ResponseDecoder decoder = new ResponseDecoder();

    private static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
    }

    private String malformed(String text) {
        decoder.reset();
        assertThat(decoder.feed(bytes(text))).isFalse();
        return String.valueOf(decoder.malformed());
    }

    @Example
    void shouldReadTheRecordOfATrailer() {
        ServerRecord sent = new ServerRecord();
        sent.memoryMib = 128;
        byte[] encoded = new byte[ServerRecord.MAX_ENCODED_LENGTH];
        String record = new String(encoded, 0, sent.encode(encoded), StandardCharsets.US_ASCII);
        String head = "HTTP/1.1 200 OK\r\nTrailer: X-Thaw-Record\r\nTransfer-Encoding: chunked\r\n\r\n";
        assertThat(decoder.feed(bytes(head + "1\r\nx\r\n0\r\nX-Thaw-Record: " + record + "\r\n\r\n")))
                .isTrue();
        ServerRecord read = new ServerRecord();
        assertThat(decoder.readRecord(read)).isTrue();
        assertThat(read.memoryMib).isEqualTo(128);
    }

    @Example
    void shouldReadTheRequestIdThatIsAUuid() {
        String id = "1b4e28ba-2fa1-41d2-883f-f016d3cca427";
        Sample sample = new Sample();
        for (String other : List.of("", "x-amzn-RequestId: " + id + "0\r\n", "x-amzn-RequestId: req-1\r\n")) {
            decoder.reset();
            decoder.feed(bytes("HTTP/1.1 204 No Content\r\nx-amzn-RequestId: " + id + "\r\n\r\n"));
            decoder.readRequestId(sample);
            assertThat(new UUID(sample.requestIdHigh, sample.requestIdLow)).hasToString(id);

            decoder.reset();
            decoder.feed(bytes("HTTP/1.1 204 No Content\r\n" + other + "\r\n"));
            decoder.readRequestId(sample);
            assertThat(sample.requestIdHigh | sample.requestIdLow).as(other).isZero();
        }
    }

    /** A response of any shape that has an end of its own. */
    private static String response(Random random) {
        int status = STATUSES[random.nextInt(STATUSES.length)];
        boolean bodiless = status == 204 || status == 304;
        boolean chunked = random.nextBoolean() && !bodiless;
        // HTTP/1.0 has no chunks.
        StringBuilder text = new StringBuilder("HTTP/1.").append(!chunked && random.nextInt(4) == 0 ? 0 : 1);
        text.append(' ')
                .append(status)
                .append(random.nextBoolean() ? " Some Reason" : " ")
                .append("\r\n");
        for (int i = random.nextInt(4); i > 0; i--) {
            text.append("X-Header-")
                    .append(i)
                    .append(": ")
                    .append("v".repeat(random.nextInt(700)))
                    .append("\r\n");
        }
        if (random.nextInt(3) == 0) {
            text.append(random.nextBoolean() ? "Connection: close\r\n" : "cOnnection:keep-alive \r\n");
        }
        if (chunked) {
            text.append("Transfer-Encoding:  chunked\r\n\r\n");
            for (int i = random.nextInt(4); i > 0; i--) {
                int size = 1 + random.nextInt(300);
                text.append(Integer.toHexString(size))
                        .append(random.nextBoolean() ? ";a=b" : "")
                        .append("\r\n");
                text.append("\n".repeat(size)).append("\r\n");
            }
            text.append("0\r\n")
                    .append(random.nextBoolean() ? "Trailer: x\r\n" : "")
                    .append("\r\n");
        } else {
            int size = bodiless ? 0 : random.nextInt(3000);
            text.append(bodiless ? "" : "content-length: " + size + "\r\n")
                    .append("\r\n")
                    .append("b".repeat(size));
        }
        return text.toString();
    }

    @Property(tries = 200)
    void shouldAgreeWithNettyHoweverTheBytesAreSplit(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 200) int piece) {
        Random random = new Random(seed);
        for (int i = 0; i < 3; i++) {
            String text = response(random);
            EmbeddedChannel netty = new EmbeddedChannel(new HttpResponseDecoder(), new HttpObjectAggregator(1 << 20));
            netty.writeInbound(bytes(text));
            FullHttpResponse expected = netty.readInbound();
            ByteBuf all = bytes(text);
            boolean done = false;
            while (all.isReadable()) {
                assertThat(done).isFalse();
                done = decoder.feed(all.readSlice(Math.min(all.readableBytes(), 1 + random.nextInt(piece))));
            }
            assertThat(done).as(text).isTrue();
            assertThat(decoder.malformed()).isNull();
            assertThat(decoder.status()).isEqualTo(expected.status().code());
            assertThat(decoder.keepAlive()).isEqualTo(HttpUtil.isKeepAlive(expected));
            expected.release();
            netty.finishAndReleaseAll();
            decoder.reset();
        }
    }

    @Property(tries = 500)
    void shouldSurviveAnyBytes(@ForAll @Size(max = 400) byte[] noise, @ForAll @IntRange(max = 60) int keep) {
        String good = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n0\r\n\r\n";
        ByteBuf in = Unpooled.wrappedBuffer(
                bytes(good.substring(0, Math.min(keep, good.length()))), Unpooled.wrappedBuffer(noise));
        boolean done = decoder.feed(in);
        assertThat(done || decoder.malformed() != null || !in.isReadable()).isTrue();
        decoder.reset();
        assertThat(decoder.feed(bytes(good))).isTrue();
    }

    @Example
    void shouldStopAtTheEndOfAResponse() {
        ByteBuf two =
                bytes("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\naHTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n");
        assertThat(decoder.feed(two)).isTrue();
        assertThat(decoder.status()).isEqualTo(200);
        assertThat(two.isReadable()).isTrue();
    }

    @Example
    void shouldSkipInterimResponses() {
        assertThat(decoder.feed(bytes("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 429 No\r\nContent-Length: 0\r\n\r\n")))
                .isTrue();
        assertThat(decoder.sampleStatus()).isEqualTo(SampleStatus.THROTTLED);
    }

    @Example
    void shouldEndABodyOfUnknownLengthWithTheConnection() {
        assertThat(decoder.end()).isFalse();
        assertThat(decoder.feed(bytes("HTTP/1.1 200 OK\r\n\r\nabc"))).isFalse();
        assertThat(decoder.end()).isTrue();
        assertThat(decoder.keepAlive()).isFalse();
    }

    @Example
    void shouldTellATimeoutByTheErrorTypeAlone() {
        for (String body : List.of("{\"errorType\":\"E\",\"errorMessage\":\"said \\\"Sandbox.Timedout\\\"\"}", "{}")) {
            decoder.reset();
            decoder.feed(bytes("HTTP/1.1 200 OK\r\nx-amz-function-error: Unhandled\r\ncontent-length: " + body.length()
                    + "\r\n\r\n" + body));
            assertThat(decoder.sampleStatus()).isEqualTo(SampleStatus.FUNCTION_ERROR);
        }
    }

    @Example
    void shouldRefuseWhatIsNoResponse() {
        assertThat(malformed("GET / HTTP/1.1\r\n")).isEqualTo("bad status line");
        assertThat(malformed("HTTP/1.1 20 OK\r\n")).isEqualTo("bad status line");
        assertThat(malformed("HTTP/1.1 200 OK\r\nno colon\r\n")).isEqualTo("bad header");
        assertThat(malformed("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n")).isEqualTo("bad content-length");
        assertThat(malformed("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n"))
                .isEqualTo("bad content-length");
        assertThat(malformed("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n"))
                .isEqualTo("bad chunk size");
        assertThat(malformed("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n"))
                .isEqualTo("bad chunk");
        assertThat(malformed("HTTP/1.1 200 OK\r\nX: " + "y".repeat(70_000))).isEqualTo("line longer than 65536 bytes");
    }
}
