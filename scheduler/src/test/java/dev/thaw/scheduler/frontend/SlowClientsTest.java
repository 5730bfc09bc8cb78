package dev.thaw.scheduler.frontend;

import static dev.thaw.scheduler.frontend.EmbeddedFrontEnd.head;
import static dev.thaw.scheduler.frontend.EmbeddedFrontEnd.read;
import static dev.thaw.scheduler.frontend.EmbeddedFrontEnd.send;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.scheduler.live.Exchange;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Clients that stop or trickle in the middle of a head or body that they send, or of an answer that they take. */
final class SlowClientsTest {
    private static final long WINDOW_NS = SlowClients.WINDOW_NS;
    private static final int FILLS_WINDOW = (int) SlowClients.WINDOW_BYTES;

    private final EmbeddedFrontEnd frontEnd = new EmbeddedFrontEnd(64 << 20);

    @Test
    void shouldEndARequestWhoseBodyStops() {
        EmbeddedChannel client = frontEnd.connect();
        send(client, head(100_000));
        send(client, 5_000);
        expireAt(WINDOW_NS - 1);
        assertThat(read(client)).isEmpty();
        assertThat(frontEnd.budget.heldBytes()).isEqualTo(5_000);

        expireAt(WINDOW_NS);

        assertThat(read(client))
                .startsWith("HTTP/1.1 408 Request Timeout\r\n")
                .contains("x-amzn-ErrorType: RequestTimeoutException\r\nConnection: close\r\n")
                .endsWith("{\"Type\":\"User\",\"message\":\"The request's body stopped at 5000 bytes, must go on by"
                        + " 262144 bytes or end in every 30 s\"}");
        assertThat(client.isOpen()).isFalse();
        assertThat(frontEnd.budget.heldBytes()).isZero();
        assertThat(frontEnd.loop.slowClients.isEmpty()).isTrue();
    }

    @Test
    void shouldEndARequestWhoseBodyNeverBegins() {
        EmbeddedChannel client = frontEnd.connect();
        send(client, head(1));
        expireAt(WINDOW_NS);
        assertThat(read(client)).startsWith("HTTP/1.1 408 ");
    }

    @Test
    void shouldEndARequestWhoseBodyTrickles() {
        EmbeddedChannel client = frontEnd.connect();
        send(client, head(6_000_000));
        for (int second = 0; second < 30; second++) {
            frontEnd.clock.update(TimeUnit.SECONDS.toNanos(second));
            send(client, FILLS_WINDOW / 31);
        }
        expireAt(WINDOW_NS);
        assertThat(read(client)).startsWith("HTTP/1.1 408 ");
    }

    @Test
    void shouldGiveABodyThatGoesOnAnotherWindow() {
        EmbeddedChannel client = frontEnd.connect();
        send(client, head(4 * FILLS_WINDOW));
        for (int window = 1; window <= 3; window++) {
            frontEnd.clock.update(window * (WINDOW_NS - 1));
            send(client, FILLS_WINDOW);
            frontEnd.loop.slowClients.expire(window * (WINDOW_NS - 1) + WINDOW_NS - 1);
        }
        send(client, FILLS_WINDOW);
        assertThat(frontEnd.taken).hasSize(1);
        assertThat(frontEnd.loop.slowClients.isEmpty()).isTrue();
        EmbeddedFrontEnd.answer(frontEnd.takeExchange());
        assertThat(read(client)).startsWith("HTTP/1.1 200 OK");
    }

    @Test
    void shouldEndOnlyThoseWhoseWindowIsOver() {
        EmbeddedChannel first = frontEnd.connect();
        EmbeddedChannel second = frontEnd.connect();
        EmbeddedChannel third = frontEnd.connect();
        EmbeddedChannel left = frontEnd.connect();
        send(left, head(10));
        send(first, head(10));
        left.close().awaitUninterruptibly();
        frontEnd.clock.update(5);
        send(second, head(FILLS_WINDOW + 10));
        frontEnd.clock.update(9);
        send(third, head(10));
        send(second, FILLS_WINDOW);

        expireAt(WINDOW_NS + 8);
        assertThat(read(first)).startsWith("HTTP/1.1 408 ");
        assertThat(read(second) + read(third)).isEmpty();

        expireAt(WINDOW_NS + 9);
        assertThat(read(second)).startsWith("HTTP/1.1 408 ");
        assertThat(read(third)).startsWith("HTTP/1.1 408 ");
        assertThat(frontEnd.budget.heldBytes()).isZero();
    }

    @Test
    void shouldEndAConnectionWhoseHeadStops() {
        EmbeddedChannel client = frontEnd.connect();
        send(client, "POST " + EmbeddedFrontEnd.ECHO + " HT");
        expireAt(WINDOW_NS - 1);
        assertThat(read(client)).isEmpty();

        expireAt(WINDOW_NS);

        assertThat(read(client))
                .startsWith("HTTP/1.1 408 Request Timeout\r\n")
                .contains("x-amzn-ErrorType: RequestTimeoutException\r\nConnection: close\r\n")
                .endsWith("{\"Type\":\"User\",\"message\":\"The request's head must end within 30 s of its first"
                        + " byte\"}");
        assertThat(client.isOpen()).isFalse();
        assertThat(frontEnd.loop.slowClients.isEmpty()).isTrue();
    }

    @Test
    void shouldEndAConnectionWhoseHeadTricklesLineByLine() {
        EmbeddedChannel client = frontEnd.connect();
        send(client, "POST " + EmbeddedFrontEnd.ECHO + " HTTP/1.1\r\n");
        for (int second = 1; second < 30; second++) {
            frontEnd.clock.update(TimeUnit.SECONDS.toNanos(second));
            send(client, "X-Line: " + second + "\r\n");
        }
        assertThat(client.isOpen()).isTrue();

        expireAt(WINDOW_NS);

        assertThat(read(client)).startsWith("HTTP/1.1 408 ");
        assertThat(client.isOpen()).isFalse();
    }

    @Test
    void shouldWatchTheHeadThatFollowsAWholeRequestInTheSameRead() {
        EmbeddedChannel client = frontEnd.connect();
        send(client, head(2) + "{}" + "POST ");
        expireAt(WINDOW_NS);
        assertThat(read(client)).isEmpty();

        EmbeddedFrontEnd.answer(frontEnd.takeExchange());

        assertThat(read(client)).startsWith("HTTP/1.1 200 OK").contains("HTTP/1.1 408 ");
        assertThat(client.isOpen()).isFalse();
    }

    @Test
    void shouldNotBlameAHeadThatEndsInTime() {
        EmbeddedChannel client = frontEnd.connect();
        String head = head(2);
        send(client, head.substring(0, 9));
        frontEnd.clock.update(WINDOW_NS - 1);
        send(client, head.substring(9) + "{}");

        expireAt(10 * WINDOW_NS);

        EmbeddedFrontEnd.answer(frontEnd.takeExchange());
        assertThat(read(client)).startsWith("HTTP/1.1 200 OK");
        assertThat(client.isOpen()).isTrue();
        assertThat(frontEnd.loop.slowClients.isEmpty()).isTrue();
    }

    @Test
    void shouldForgetAClientThatLeavesInItsHead() {
        EmbeddedChannel client = frontEnd.connect();
        send(client, "POST ");
        assertThat(frontEnd.loop.slowClients.isEmpty()).isFalse();

        client.close().awaitUninterruptibly();

        assertThat(frontEnd.loop.slowClients.isEmpty()).isTrue();
    }

    @Test
    void shouldNotWatchAConnectionBetweenRequests() {
        EmbeddedChannel client = frontEnd.connect();
        send(client, head(2) + "{}");
        assertThat(frontEnd.loop.slowClients.isEmpty()).isTrue();
        expireAt(100 * WINDOW_NS);
        EmbeddedFrontEnd.answer(frontEnd.takeExchange());
        expireAt(200 * WINDOW_NS);
        assertThat(client.isOpen()).isTrue();
    }

    @Test
    void shouldNotBlameWhoWaitsForLeaveToSend() {
        EmbeddedChannel client = frontEnd.connect();
        send(client, head(2) + "{}");
        Exchange running = frontEnd.takeExchange();
        send(
                client,
                "POST " + EmbeddedFrontEnd.ECHO
                        + " HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
        expireAt(WINDOW_NS);
        assertThat(read(client)).isEmpty();

        EmbeddedFrontEnd.answer(running);
        assertThat(read(client)).startsWith("HTTP/1.1 200 OK").endsWith("HTTP/1.1 100 Continue\r\n\r\n");
        expireAt(2 * WINDOW_NS);

        assertThat(read(client)).startsWith("HTTP/1.1 408 ");
    }

    @Test
    void shouldNotBlameWhoIsNotRead() {
        EmbeddedChannel client = frontEnd.connect();
        StringBuilder pipelined = new StringBuilder();
        for (int i = 0; i < Answers.MAX_PIPELINED; i++) {
            pipelined.append(head(2)).append("{}");
        }
        send(client, pipelined + head(2));
        assertThat(client.config().isAutoRead()).isFalse();

        expireAt(WINDOW_NS);
        assertThat(client.isOpen()).isTrue();
        while (!frontEnd.taken.isEmpty()) {
            EmbeddedFrontEnd.answer(frontEnd.takeExchange());
        }
        assertThat(read(client)).doesNotContain("HTTP/1.1 408");

        expireAt(2 * WINDOW_NS);
        assertThat(read(client)).startsWith("HTTP/1.1 408 ");
    }

    @Test
    void shouldLookAtTheClockByItself() {
        EmbeddedChannel client = frontEnd.connect();
        client.freezeTime();
        send(client, head(10));
        frontEnd.clock.update(WINDOW_NS);
        client.advanceTimeBy(WINDOW_NS, TimeUnit.NANOSECONDS);
        client.runScheduledPendingTasks();
        assertThat(read(client)).startsWith("HTTP/1.1 408 ");
    }

    @Test
    void shouldLookAgainForWhoIsLeft() {
        EmbeddedChannel client = frontEnd.connect();
        client.freezeTime();
        send(client, head(FILLS_WINDOW + 1));
        frontEnd.clock.update(WINDOW_NS / 2);
        send(client, FILLS_WINDOW);
        frontEnd.clock.update(WINDOW_NS);
        client.advanceTimeBy(WINDOW_NS, TimeUnit.NANOSECONDS);
        client.runScheduledPendingTasks();
        assertThat(read(client)).isEmpty();

        frontEnd.clock.update(WINDOW_NS + WINDOW_NS / 2);
        client.advanceTimeBy(WINDOW_NS / 2, TimeUnit.NANOSECONDS);
        client.runScheduledPendingTasks();
        assertThat(read(client)).startsWith("HTTP/1.1 408 ");
    }

    @Test
    void shouldCloseOnAClientThatDoesNotTakeItsAnswer() {
        FullSocket client = new FullSocket(frontEnd.newConnection());
        ByteBuf response = answerWith(client, 8 * FILLS_WINDOW);
        client.take(FILLS_WINDOW);
        expireAt(WINDOW_NS);
        assertThat(client.isOpen()).isTrue();
        client.take(FILLS_WINDOW - 1);
        assertThat(response.refCnt()).isEqualTo(1);

        expireAt(2 * WINDOW_NS);

        assertThat(client.isOpen()).isFalse();
        assertThat(response.refCnt()).isZero();
        assertThat(frontEnd.loop.slowClients.isEmpty()).isTrue();
    }

    @Test
    void shouldForgetAClientThatCatchesUp() {
        FullSocket client = new FullSocket(frontEnd.newConnection());
        answerWith(client, 8 * FILLS_WINDOW);
        assertThat(frontEnd.loop.slowClients.isEmpty()).isFalse();

        client.take(9 * FILLS_WINDOW);

        assertThat(frontEnd.loop.slowClients.isEmpty()).isTrue();
        expireAt(100 * WINDOW_NS);
        assertThat(client.isOpen()).isTrue();
        client.finishAndReleaseAll();
    }

    private ByteBuf answerWith(EmbeddedChannel client, int bytes) {
        send(client, head(2) + "{}");
        Exchange exchange = frontEnd.takeExchange();
        ByteBuf response = Unpooled.buffer(bytes).writeZero(bytes);
        exchange.response = response;
        EmbeddedFrontEnd.answer(exchange);
        return response;
    }

    private void expireAt(long nowNs) {
        frontEnd.clock.update(nowNs);
        frontEnd.loop.slowClients.expire(nowNs);
    }
}
