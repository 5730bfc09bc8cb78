package dev.thaw.runtimebridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpUtil;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

final class RuntimeApiRequestDecoderTest {
    private static final String NEXT =
            http("GET /2018-06-01/runtime/invocation/next HTTP/1.1", "Host: 127.0.0.1:9001", "", "");
    private static final String RESPONSE = http(
            "POST /2018-06-01/runtime/invocation/8476a536-e9f4-11e8-9739-2dfe598c3fcd/response HTTP/1.1",
            "Host: x",
            "content-LENGTH:  11 ",
            "Accept: */*",
            "",
            "hello world");
    private static final String ERROR = http(
            "POST /2018-06-01/runtime/invocation/abc/error HTTP/1.1",
            "Lambda-Runtime-Function-Error-Type: Foo.Bar",
            "Transfer-Encoding: chunked",
            "",
            "5;x=y",
            "hello",
            "A ",
            "0123456789",
            "0",
            "Trailer: t",
            "",
            "");
    private static final String STREAM = http(
            "POST /2018-06-01/runtime/invocation/abc/response HTTP/1.1",
            "Lambda-Runtime-Function-Response-Mode:streaming",
            "Content-Length: 0",
            "",
            "");
    private static final String INIT_ERROR =
            "POST /2018-06-01/runtime/init/error?a=b HTTP/1.1\nConnection: Close\nContent-Length: 2\n\n{}";
    private static final String ALL = "\r\n" + NEXT + RESPONSE + ERROR + STREAM + INIT_ERROR;

    @Test
    void shouldReadEveryCall() {
        assertThat(decode(ALL).requests)
                .containsExactly(
                        "NEXT id= keep=true type=null mode=null over=false body=",
                        "RESPONSE id=8476a536-e9f4-11e8-9739-2dfe598c3fcd keep=true type=null mode=null over=false"
                                + " body=hello world",
                        "ERROR id=abc keep=true type=Foo.Bar mode=null over=false body=hello0123456789",
                        "RESPONSE id=abc keep=true type=null mode=streaming over=false body=",
                        "INIT_ERROR id= keep=false type=null mode=null over=false body={}");
    }

    @Test
    void shouldTellCallsByMethodAndPath() {
        assertThat(callOf("GET /2018-06-01/ping HTTP/1.1")).startsWith("PING");
        assertThat(callOf("GET /ping HTTP/1.1")).startsWith("PING");
        assertThat(callOf("GET /2018-06-01/runtime/restore/next HTTP/1.1")).startsWith("RESTORE_NEXT");
        assertThat(callOf("POST /2018-06-01/runtime/restore/error HTTP/1.1")).startsWith("RESTORE_ERROR");
        assertThat(callOf("POST /2018-06-01/runtime/invocation/next HTTP/1.1")).startsWith("WRONG_METHOD");
        assertThat(callOf("GET /2018-06-01/runtime/init/error HTTP/1.1")).startsWith("WRONG_METHOD");
        assertThat(callOf("GET /runtime/invocation/next HTTP/1.1")).startsWith("UNKNOWN");
        assertThat(callOf("GET /2018-06-01/runtime/invocation/next/ HTTP/1.1")).startsWith("UNKNOWN");
        assertThat(callOf("GET / HTTP/1.1")).startsWith("UNKNOWN");
        assertThat(callOf("POST /2018-06-01/runtime/invocation//response HTTP/1.1"))
                .startsWith("UNKNOWN");
        assertThat(callOf("GET /2018-06-01/runtime/invocation/next HTTP/1.0")).startsWith("NEXT id= keep=false");
    }

    @Test
    void shouldTakeHeaderLinesOfOneMebibyte() {
        String line = "Lambda-Runtime-Function-XRay-Error-Cause: " + "x".repeat(1 << 20) + "\r\n";
        String request =
                "POST /2018-06-01/runtime/invocation/abc/error HTTP/1.1\r\n" + line + "Content-Length: 1\r\n\r\n!";
        byte[] bytes = ascii(request);
        int[] cuts = new Random(1).ints(40, 0, bytes.length).sorted().toArray();

        assertThat(DecodedRequests.of(bytes, cuts).requests)
                .singleElement()
                .asString()
                .endsWith("body=!");
        assertThat(decode(request.replace(line, line + line)).malformed).startsWith("431");
    }

    @Test
    void shouldDropBodiesBeyondTheLimitAndGoOn() {
        String fixed =
                "POST /2018-06-01/runtime/init/error HTTP/1.1\r\nContent-Length: 1001\r\n\r\n" + "x".repeat(1001);
        String chunk = "1f4\r\n" + "x".repeat(500) + "\r\n";
        String chunked = "POST /2018-06-01/runtime/init/error HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk;

        assertThat(decode(fixed + NEXT).requests).hasSize(2).first().asString().endsWith("over=true body=");
        assertThat(decode(chunked + chunk + "0\r\n\r\n" + NEXT).requests)
                .hasSize(2)
                .first()
                .asString()
                .contains("over=false");
        assertThat(decode(chunked + chunk + "1\r\nx\r\n0\r\n\r\n" + NEXT).requests)
                .hasSize(2)
                .first()
                .asString()
                .endsWith("over=true body=");
    }

    @Test
    void shouldRefuseWhatIsNotHttp() {
        assertThat(decode("GET /ping\r\n\r\n").malformed).startsWith("400 request line");
        assertThat(decode("GET  /ping HTTP/1.1\r\n\r\n").malformed).startsWith("400 request line");
        assertThat(decode("GET /ping HTTP/2.0\r\n\r\n").malformed).startsWith("400 version");
        assertThat(decode("G(T /ping HTTP/1.1\r\n\r\n").malformed).startsWith("400 method");
        assertThat(decodeHeaders("no colon").malformed).startsWith("400 header line");
        assertThat(decodeHeaders(": no name").malformed).startsWith("400 header line");
        assertThat(decodeHeaders(" folded: x").malformed).startsWith("400 header line");
        assertThat(decodeHeaders("Content-Length: 1\r\nContent-Length: 2").malformed)
                .startsWith("400 two different");
        assertThat(decodeHeaders("Content-Length: -1").malformed).startsWith("400 Content-Length");
        assertThat(decodeHeaders("Content-Length: ").malformed).startsWith("400 Content-Length");
        assertThat(decodeHeaders("Content-Length: 99999999999999999999").malformed)
                .startsWith("400 Content-Length");
        assertThat(decodeHeaders("Content-Length: 1\r\nTransfer-Encoding: chunked").malformed)
                .startsWith("400 both");
        assertThat(decodeHeaders("Transfer-Encoding: gzip").malformed).startsWith("400 Transfer-Encoding");
        assertThat(decodeHeaders("Expect: miracles").malformed).startsWith("400 Expect");
        assertThat(decodeHeaders("Transfer-Encoding: chunked\r\n\r\nxyz").malformed)
                .startsWith("400 chunk size");
        assertThat(decodeHeaders("Transfer-Encoding: chunked\r\n\r\nFFFFFFFF").malformed)
                .startsWith("400 chunk");
        assertThat(decodeHeaders("Transfer-Encoding: chunked\r\n\r\n1\r\nxyz").malformed)
                .startsWith("400 chunk");
    }

    @Test
    void shouldStopUntilResumed() {
        List<RuntimeApiCall> calls = new ArrayList<>();
        RuntimeApiRequestDecoder decoder =
                new RuntimeApiRequestDecoder(UnpooledByteBufAllocator.DEFAULT, new StoppingListener(calls));
        ByteBuf bytes = Unpooled.copiedBuffer(NEXT + NEXT + "GET /ping", StandardCharsets.US_ASCII);

        decoder.feed(bytes);
        assertThat(calls).containsExactly(RuntimeApiCall.NEXT);
        decoder.resume();
        assertThat(calls).hasSize(2);
        decoder.feed(Unpooled.copiedBuffer(" HTTP/1.1\r\n\r\n", StandardCharsets.US_ASCII));
        assertThat(calls).hasSize(2);
        decoder.resume();
        assertThat(calls).hasSize(3).last().isEqualTo(RuntimeApiCall.PING);
        assertThat(bytes.refCnt()).isZero();
    }

    @Property(tries = 60)
    void shouldNotCareHowTheStreamIsCut(@ForAll @Size(max = 40) List<@IntRange(max = 600) Integer> cutList) {
        byte[] bytes = ascii(ALL);
        int[] cuts = cutList.stream()
                .mapToInt(Integer::intValue)
                .filter(cut -> cut <= bytes.length)
                .sorted()
                .toArray();

        assertThat(DecodedRequests.of(bytes, cuts).requests).isEqualTo(decode(ALL).requests);
    }

    @Property(tries = 300)
    void shouldSurviveGarbage(@ForAll long seed) {
        Random random = new Random(seed);
        byte[] bytes = ascii(ALL);
        for (int i = random.nextInt(8); i >= 0; i--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        int[] cuts = random.ints(random.nextInt(6), 0, bytes.length).sorted().toArray();

        DecodedRequests whole = DecodedRequests.of(bytes);
        DecodedRequests cut = DecodedRequests.of(bytes, cuts);
        assertThat(cut.requests).isEqualTo(whole.requests);
        assertThat(cut.malformed).isEqualTo(whole.malformed);
    }

    @Property(tries = 100)
    void shouldReadWhatNettyReads(@ForAll long seed) {
        Random random = new Random(seed);
        StringBuilder stream = new StringBuilder();
        for (int i = random.nextInt(5); i >= 0; i--) {
            appendRequest(random, stream);
        }
        byte[] bytes = ascii(stream.toString());

        assertThat(DecodedRequests.of(bytes).requests).isEqualTo(readByNetty(bytes));
    }

    private static void appendRequest(Random random, StringBuilder out) {
        if (random.nextBoolean()) {
            out.append(NEXT);
            return;
        }
        boolean error = random.nextBoolean();
        String body = "b".repeat(random.nextInt(200));
        out.append("POST /2018-06-01/runtime/invocation/id-").append(random.nextInt(100));
        out.append(error ? "/error" : "/response").append(" HTTP/1.1\r\n");
        if (error) {
            out.append("lambda-Runtime-function-error-type: A.B")
                    .append(random.nextInt(9))
                    .append("\r\n");
        }
        if (random.nextInt(4) == 0) {
            out.append("X-Other: ").append("o".repeat(random.nextInt(50))).append("\r\n");
        }
        if (random.nextBoolean() && !body.isEmpty()) {
            int half = body.length() / 2;
            out.append("Transfer-Encoding: chunked\r\n\r\n");
            appendChunk(out, body.substring(0, half));
            appendChunk(out, body.substring(half));
            out.append("0\r\n\r\n");
        } else {
            out.append("Content-Length: ")
                    .append(body.length())
                    .append("\r\n\r\n")
                    .append(body);
        }
    }

    private static void appendChunk(StringBuilder out, String chunk) {
        if (!chunk.isEmpty()) {
            out.append(Integer.toHexString(chunk.length()))
                    .append("\r\n")
                    .append(chunk)
                    .append("\r\n");
        }
    }

    private static List<String> readByNetty(byte[] bytes) {
        EmbeddedChannel netty = new EmbeddedChannel(new HttpRequestDecoder(), new HttpObjectAggregator(1 << 20));
        netty.writeInbound(Unpooled.copiedBuffer(bytes));
        List<String> requests = new ArrayList<>();
        for (FullHttpRequest request = netty.readInbound(); request != null; request = netty.readInbound()) {
            List<String> path =
                    Pattern.compile("/").splitAsStream(request.uri()).toList();
            String last = path.getLast();
            boolean next = last.equals("next");
            requests.add((next ? "NEXT" : last.equals("error") ? "ERROR" : "RESPONSE") + " id="
                    + (next ? "" : path.get(path.size() - 2)) + " keep=" + HttpUtil.isKeepAlive(request) + " type="
                    + request.headers().get("Lambda-Runtime-Function-Error-Type") + " mode=null over=false body="
                    + request.content().toString(StandardCharsets.ISO_8859_1));
            request.release();
        }
        netty.finishAndReleaseAll();
        return requests;
    }

    private static String callOf(String requestLine) {
        return decode(requestLine + "\r\n\r\n").requests.getFirst();
    }

    private static DecodedRequests decodeHeaders(String headers) {
        return decode("POST /2018-06-01/runtime/init/error HTTP/1.1\r\n" + headers + "\r\n\r\n");
    }

    private static DecodedRequests decode(String stream) {
        return DecodedRequests.of(ascii(stream));
    }

    private static String http(String... lines) {
        return String.join("\r\n", lines);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private record StoppingListener(List<RuntimeApiCall> calls) implements RuntimeApiRequestDecoder.Listener {
        @Override
        public int onHead(RuntimeApiRequest request) {
            return 0;
        }

        @Override
        public boolean onRequest(RuntimeApiRequest request) {
            calls.add(request.call());
            return false;
        }

        @Override
        public void onMalformed(int status, String reason) {
            throw new AssertionError(reason);
        }
    }
}
