package dev.thaw.scheduler.frontend;

import static dev.thaw.scheduler.frontend.EmbeddedFrontEnd.read;
import static dev.thaw.scheduler.frontend.EmbeddedFrontEnd.send;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.scheduler.auth.TestSigner;
import dev.thaw.scheduler.control.policy.PolicyBook;
import dev.thaw.scheduler.control.url.FunctionUrls;
import dev.thaw.scheduler.frontend.live.LiveReaders;
import dev.thaw.scheduler.live.Exchange;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.agrona.concurrent.CachedEpochClock;
import org.junit.jupiter.api.Test;

/** Connections that follow the live page's events; who makes them is the test. */
final class LiveAnswerTest {
    private static final String GET =
            "GET /_thaw/live HTTP/1.1\r\nHost: 127.0.0.1:9001\r\nAccept: text/event-stream\r\n";
    private static final int MOST = 2;

    private int changes;
    private final LiveReaders readers = new LiveReaders(MOST, () -> changes++);
    private final EmbeddedFrontEnd frontEnd =
            new EmbeddedFrontEnd(1 << 20, Management.NONE, Access.open(), readers, new CachedEpochClock());

    private EmbeddedChannel follow() {
        EmbeddedChannel client = frontEnd.connect();
        send(client, GET + "\r\n");
        return client;
    }

    private void publish(String event) {
        readers.publish((event + "\n\n").getBytes(StandardCharsets.UTF_8));
    }

    private static String readNew(EmbeddedChannel client) {
        client.runPendingTasks();
        return read(client);
    }

    @Test
    void shouldWriteAHeadAndThenEachEvent() {
        EmbeddedChannel client = follow();
        assertThat(read(client))
                .startsWith("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-store\r\n")
                .contains("\r\nConnection: close\r\n")
                .doesNotContain("Content-Length", "Transfer-Encoding")
                .endsWith("\r\n\r\nretry: 2000\n\n");

        publish("data: 1");
        assertThat(readNew(client)).isEqualTo("data: 1\n\n");
        publish("data: 2");
        publish("data: 3");
        assertThat(readNew(client)).isEqualTo("data: 2\n\ndata: 3\n\n");
        assertThat(client.isOpen()).isTrue();
    }

    @Test
    void shouldServeThePageToWhoeverWantsNoEvents() {
        EmbeddedChannel client = frontEnd.connect();
        send(client, "GET /_thaw/live HTTP/1.1\r\nHost: x\r\nAccept: text/html\r\n\r\n");

        assertThat(read(client))
                .startsWith("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n")
                .contains("new EventSource(", "aria-live=\"polite\"")
                .doesNotContain("{{", "src=\"http", "href=\"http");
        assertThat(readers.isEmpty()).isTrue();
        assertThat(client.isOpen()).isTrue();
    }

    @Test
    void shouldNotFindThePageWhereItIsOff() {
        EmbeddedFrontEnd off = new EmbeddedFrontEnd(1 << 20);
        for (String accept : new String[] {"text/html", "text/event-stream"}) {
            EmbeddedChannel client = off.connect();
            send(client, "GET /_thaw/live HTTP/1.1\r\nHost: x\r\nAccept: " + accept + "\r\n\r\n");
            assertThat(read(client)).startsWith("HTTP/1.1 404 ").endsWith("Unknown path: /_thaw/live\"}");
        }
    }

    @Test
    void shouldRefuseOneMoreThanMayReadUntilOneHasGone() {
        EmbeddedChannel first = follow();
        follow();

        EmbeddedChannel third = follow();

        assertThat(read(third))
                .startsWith("HTTP/1.1 503 Service Unavailable\r\n")
                .contains("\r\nRetry-After: 5\r\n")
                .endsWith("2 readers follow the live page, which is the most that there may be: close one\"}");
        var _ = first.close();
        assertThat(read(follow())).startsWith("HTTP/1.1 200 ");
    }

    @Test
    void shouldForgetAReaderThatHasGone() {
        EmbeddedChannel client = follow();
        assertThat(changes).isEqualTo(1);
        var _ = client.close();
        assertThat(readers.isEmpty()).isTrue();
        assertThat(changes).as("nobody reads any more").isEqualTo(2);
        publish("data: 1");
    }

    @Test
    void shouldLetASlowReaderMissEventsAndDropOneThatReadsNothing() {
        FullSocket slow = new FullSocket(frontEnd.newConnection());
        send(slow, GET + "\r\n");
        EmbeddedChannel quick = follow();
        for (int event = 0; event < LiveAnswer.MOST_MISSED; event++) {
            publish("data: " + event);
            slow.runPendingTasks();
            quick.runPendingTasks();
        }
        assertThat(slow.isOpen()).isTrue();
        assertThat(slow.unsafe().outboundBuffer().totalPendingWriteBytes())
                .as("a head and one event wait, however many there were")
                .isLessThan(1_000);
        slow.take(1_000_000);
        publish("data: last");
        slow.runPendingTasks();
        quick.runPendingTasks();
        assertThat(slow.unsafe().outboundBuffer().totalPendingWriteBytes())
                .as("it has caught up")
                .isZero();

        slow.stop();
        for (int event = 0; event < LiveAnswer.MOST_MISSED + 2; event++) {
            assertThat(slow.isOpen()).isTrue();
            publish("data: " + event);
            slow.runPendingTasks();
            quick.runPendingTasks();
        }

        assertThat(slow.isOpen()).isFalse();
        assertThat(readNew(quick)).contains("data: 9\n\n", "data: last\n\n");
        assertThat(quick.isOpen()).isTrue();
    }

    @Test
    void shouldWaitForItsTurnBehindEarlierAnswers() {
        EmbeddedChannel client = frontEnd.connect();
        send(client, EmbeddedFrontEnd.head(2) + "{}" + GET + "\r\n");
        for (int event = 0; event < 3 * LiveAnswer.MOST_MISSED; event++) {
            publish("data: " + event);
        }
        assertThat(readNew(client)).isEmpty();

        Exchange exchange = frontEnd.takeExchange();
        EmbeddedFrontEnd.answer(exchange);

        assertThat(readNew(client))
                .startsWith("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n")
                .contains("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n")
                .endsWith("retry: 2000\n\ndata: 29\n\n");
    }

    @Test
    void shouldKeepTheRulesOfOtherPagesOnAServerWithKeys() {
        CachedEpochClock clock = new CachedEpochClock();
        clock.update(TestSigner.NOW_EPOCH_MS);
        Access access = new Access(TestSigner.gate(new PolicyBook(), clock), new FunctionUrls());
        EmbeddedFrontEnd guarded = new EmbeddedFrontEnd(1 << 20, Management.NONE, access, readers, clock);
        EmbeddedChannel stranger = guarded.connect();
        send(stranger, GET + "\r\n");
        assertThat(read(stranger)).startsWith("HTTP/1.1 403 ").contains("MissingAuthenticationTokenException");
        assertThat(readers.isEmpty()).isTrue();

        Map<String, String> headers = new HashMap<>(Map.of("Host", "127.0.0.1:9001"));
        Map<String, String> signed =
                new TestSigner().sign("GET", "/_thaw/live", "", headers, "".getBytes(StandardCharsets.UTF_8));
        StringBuilder request = new StringBuilder(GET);
        signed.forEach((name, value) -> {
            if (!name.equals("Host")) {
                request.append(name).append(": ").append(value).append("\r\n");
            }
        });
        EmbeddedChannel signer = guarded.connect();
        send(signer, request + "\r\n");
        assertThat(read(signer)).startsWith("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream");
    }
}
