package dev.thaw.runtimebridge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.scheduler.live.ResponseStream;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import org.agrona.concurrent.CachedNanoClock;
import org.jspecify.annotations.Nullable;

/**
 * Whatever a runtime sends, well formed or not, in whatever state: each request is answered with a documented status or
 * waits, every buffer is given back, and the session goes on.
 */
@Tag("slow")
final class RuntimeApiPropertiesTest {
    private static final int REQUESTS = 100;
    private static final int CONNECTIONS = 6;
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 (\\d{3}) [A-Z]");
    /** wire.md W1, and 431 for header lines without end. */
    private static final List<String> DOCUMENTED =
            List.of("200", "202", "400", "403", "404", "405", "410", "413", "431");

    private static final String[] METHODS = {"GET", "POST", "POST", "POST", "PUT", "", "G T", "post"};
    private static final String[] PATHS = {
        "invocation/next",
        "invocation/next",
        "invocation/ID/response",
        "invocation/ID/response",
        "invocation/ID/error",
        "init/error",
        "restore/next",
        "restore/error",
        "invocation/ID/other",
        "invocation//response",
        "../ping",
        "",
        "%00"
    };
    private static final String[] HEADERS = {
        "Content-Type: application/json\r\n",
        "Lambda-Runtime-Function-Error-Type: Runtime.Some\r\n",
        "lambda-runtime-function-error-type: \u007f\"\\\r\n",
        "Lambda-Runtime-Function-Response-Mode: streaming\r\n",
        "Lambda-Runtime-Function-Response-Mode: Streaming\r\n",
        "Trailer: Lambda-Runtime-Function-Error-Type\r\n",
        "Expect: 100-continue\r\n",
        "Connection: close\r\n",
        "no colon\r\n",
        ": no name\r\n",
        "Content-Length: -1\r\n",
        "Transfer-Encoding: gzip\r\n",
        "X: " + "y".repeat(9_000) + "\r\n"
    };

    private final List<EmbeddedChannel> connections = new ArrayList<>();
    private UnpooledByteBufAllocator buffers = new UnpooledByteBufAllocator(false);
    private RecordedSession recorded = new RecordedSession();
    private String currentId = "";
    private int dispatched;

    /** 100,000 requests in all; jqwik prints the seed. */
    @Property(tries = 1_000)
    void shouldAnswerEveryRequestAndGiveEveryBufferBack(@ForAll long seed) {
        Random random = new Random(seed);
        buffers = new UnpooledByteBufAllocator(false);
        recorded = new RecordedSession();
        dispatched = 0;
        for (int i = 0; i < REQUESTS; i++) {
            EmbeddedChannel connection = connection(random);
            send(connection, request(random), random);
            dispatchWhereWaiting(random);
            if (random.nextInt(1_000) == 0) {
                recorded.session.timeOut();
            }
        }
        assertStillServes();
        recorded.session.end();
        connections.forEach(EmbeddedChannel::finishAndReleaseAll);
        connections.clear();
        assertThat(buffers.metric().usedHeapMemory() + buffers.metric().usedDirectMemory())
                .as("bytes that nobody gave back")
                .isZero();
    }

    private EmbeddedChannel connection(Random random) {
        connections.removeIf(each -> !each.isOpen());
        if (connections.size() == CONNECTIONS) {
            connections.remove(random.nextInt(CONNECTIONS)).finishAndReleaseAll();
        }
        return connections.isEmpty() || random.nextInt(3) > 0
                ? connect()
                : connections.get(random.nextInt(connections.size()));
    }

    private EmbeddedChannel connect() {
        EmbeddedChannel connection = new EmbeddedChannel();
        connection.config().setAllocator(buffers);
        connection.pipeline().addLast(new RuntimeApiConnection(recorded.session, recorded.extensions));
        connections.add(connection);
        return connection;
    }

    /** Cut somewhere, now and then ended in its midst. */
    private void send(EmbeddedChannel connection, String request, Random random) {
        byte[] bytes = request.getBytes(StandardCharsets.ISO_8859_1);
        int cut = random.nextInt(bytes.length + 1);
        write(connection, bytes, 0, cut);
        if (random.nextInt(20) == 0) {
            connection.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        } else {
            write(connection, bytes, cut, bytes.length);
        }
        checkAnswers(connection);
    }

    private void write(EmbeddedChannel connection, byte[] bytes, int from, int to) {
        if (connection.isOpen()) {
            connection.writeInbound(buffers.buffer().writeBytes(bytes, from, to - from));
        }
    }

    private static String checkAnswers(EmbeddedChannel connection) {
        StringBuilder answers = new StringBuilder();
        for (ByteBuf sent = connection.readOutbound(); sent != null; sent = connection.readOutbound()) {
            answers.append(sent.toString(StandardCharsets.ISO_8859_1));
            sent.release();
        }
        Matcher status = STATUS.matcher(answers);
        while (status.find()) {
            if (!status.group(1).equals("100")) {
                assertThat(DOCUMENTED).contains(status.group(1));
            }
        }
        return answers.toString();
    }

    private void dispatchWhereWaiting(Random random) {
        if (recorded.session.isWaiting() && random.nextInt(2) == 0) {
            dispatch(random.nextBoolean());
        }
    }

    private void dispatch(boolean streams) {
        currentId = "id-" + dispatched++;
        RuntimeApiEvent event = RecordedSession.event(currentId, "");
        event.release();
        event.payload = buffers.buffer().writeBytes(new byte[dispatched % 2 == 0 ? 10 : 2_000]);
        event.stream =
                streams ? new ResponseStream(connect().eventLoop(), new Dropping(), new CachedNanoClock()) : null;
        recorded.session.dispatch(event);
        connections.forEach(RuntimeApiPropertiesTest::checkAnswers);
    }

    /** A client that takes whatever comes. */
    private static final class Dropping implements ResponseStream.Reader {
        @Override
        public void onBegin(@Nullable String contentType) {}

        @Override
        public void onPart(ByteBuf part) {
            part.release();
        }
    }

    /** Only an init error or a timeout ends a session for good; every other one serves two more invocations. */
    private void assertStillServes() {
        EmbeddedChannel connection = connect();
        assertThat(exchange(connect(), "GET", "../../ping", "")).isNotEmpty();
        if (recorded.session.isWaiting()) {
            dispatch(false);
        }
        String state = exchange(connection, "GET", "invocation/next", "");
        if (state.contains("from InitError") || state.contains("from Timeout")) {
            return;
        }
        if (state.contains("from Running")) {
            // Its answer may still be claimed by a connection that sends it: that one ends.
            connections.forEach(each -> each.finishAndReleaseAll());
            connections.clear();
            connection = connect();
            assertThat(exchange(connection, "POST", "invocation/" + currentId + "/response", "x"))
                    .containsAnyOf("HTTP/1.1 202", "Invalid request ID");
            exchange(connection, "GET", "invocation/next", "");
        }
        for (int i = 0; i < 2; i++) {
            if (recorded.session.isWaiting()) {
                dispatch(false);
            }
            EmbeddedChannel next = connect();
            assertThat(exchange(next, "POST", "invocation/" + currentId + "/response", "x"))
                    .startsWith("HTTP/1.1 202");
            exchange(next, "GET", "invocation/next", "");
            assertThat(recorded.session.isWaiting()).isTrue();
        }
    }

    private String exchange(EmbeddedChannel connection, String method, String path, String body) {
        byte[] request = (method + " /2018-06-01/runtime/" + path + " HTTP/1.1\r\nContent-Length: " + body.length()
                        + "\r\n\r\n" + body)
                .getBytes(StandardCharsets.ISO_8859_1);
        write(connection, request, 0, request.length);
        return checkAnswers(connection);
    }

    private String request(Random random) {
        StringBuilder request = new StringBuilder(pick(random, METHODS));
        String id = random.nextInt(4) == 0 ? pick(random, new String[] {"", "x", "id-0", "\u007f"}) : currentId;
        request.append(random.nextInt(30) == 0 ? " /2018-06-02/runtime/" : " /2018-06-01/runtime/");
        request.append(pick(random, PATHS).replace("ID", id));
        request.append(random.nextInt(30) == 0 ? " HTTP/9\r\n" : " HTTP/1.1\r\n");
        while (random.nextInt(3) == 0) {
            request.append(pick(random, HEADERS));
        }
        String body = "z".repeat(random.nextInt(8) == 0 ? random.nextInt(5_000) : random.nextInt(20));
        return random.nextInt(3) == 0
                ? chunked(request, body, random)
                : request.append("Content-Length: ")
                        .append(length(body, random))
                        .append("\r\n\r\n")
                        .append(body)
                        .toString();
    }

    /** Now and then too long for any body, or longer than what follows. */
    private static long length(String body, Random random) {
        return switch (random.nextInt(30)) {
            case 0 -> Long.MAX_VALUE;
            case 1 -> RuntimeSession.PAYLOAD_LIMIT_BYTES + 1L;
            case 2 -> body.length() + random.nextInt(50);
            default -> body.length();
        };
    }

    private static String chunked(StringBuilder head, String body, Random random) {
        head.append("Transfer-Encoding: chunked\r\n\r\n");
        int cut = random.nextInt(body.length() + 1);
        for (String part : List.of(body.substring(0, cut), body.substring(cut))) {
            if (!part.isEmpty()) {
                head.append(Integer.toHexString(part.length())).append(random.nextInt(10) == 0 ? ";x=\"y\"" : "");
                head.append("\r\n").append(part).append(random.nextInt(40) == 0 ? "!!" : "\r\n");
            }
        }
        String end = pick(random, new String[] {
            "0\r\n\r\n",
            "0\r\n\r\n",
            "0\r\nLambda-Runtime-Function-Error-Type: Function.X\r\nLambda-Runtime-Function-Error-Body: eA==\r\n\r\n",
            "0\r\nLambda-Runtime-Function-Error-Body: *\r\n\r\n",
            "-1\r\n\r\n",
            "fffffffffffffffff\r\n"
        });
        return head.append(end).toString();
    }

    private static String pick(Random random, String[] from) {
        return from[random.nextInt(from.length)];
    }
}
