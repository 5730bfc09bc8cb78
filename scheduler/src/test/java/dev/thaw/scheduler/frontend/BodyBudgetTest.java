package dev.thaw.scheduler.frontend;

import static dev.thaw.scheduler.frontend.EmbeddedFrontEnd.head;
import static dev.thaw.scheduler.frontend.EmbeddedFrontEnd.read;
import static dev.thaw.scheduler.frontend.EmbeddedFrontEnd.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thaw.scheduler.core.Refusal;
import dev.thaw.scheduler.live.Exchange;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.internal.PlatformDependent;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Bytes held for bodies, over all connections; at the end of each test nothing is held. */
final class BodyBudgetTest {
    private static final int BOUND_BYTES = 100_000;

    private final EmbeddedFrontEnd frontEnd = new EmbeddedFrontEnd(BOUND_BYTES);
    private final List<EmbeddedChannel> clients = new ArrayList<>();

    @AfterEach
    void shouldHoldNothingOnceAllHaveGone() {
        clients.forEach(EmbeddedChannel::finishAndReleaseAll);
        assertThat(frontEnd.budget.heldBytes()).isZero();
    }

    @Test
    void shouldCountPiecesUntilTheEventHasBeenReleased() {
        EmbeddedChannel client = connect();
        send(client, head(40_000));
        send(client, 30_000);
        assertThat(frontEnd.budget.heldBytes()).isEqualTo(30_000);
        send(client, 10_000);
        Exchange exchange = frontEnd.takeExchange();
        assertThat(frontEnd.budget.heldBytes()).isEqualTo(40_000);

        EmbeddedFrontEnd.answer(exchange);

        assertThat(frontEnd.budget.heldBytes()).isZero();
        assertThat(read(client)).startsWith("HTTP/1.1 200 OK");
    }

    @Test
    void shouldNotCountABodyThatComesInOneRead() {
        EmbeddedChannel client = connect();
        send(client, head(2) + "{}");
        assertThat(frontEnd.budget.heldBytes()).isZero();
        EmbeddedFrontEnd.answer(frontEnd.takeExchange());
    }

    @Test
    void shouldRefuseABodyBeyondTheBoundAndServeItsConnectionAgain() {
        EmbeddedChannel slow = connect();
        send(slow, head(99_000));
        send(slow, 90_000);
        EmbeddedChannel client = connect();
        send(client, head(40_000));
        send(client, 10_000);
        assertThat(frontEnd.budget.heldBytes()).isEqualTo(100_000);
        send(client, 1);
        assertThat(frontEnd.budget.heldBytes()).isEqualTo(90_000);
        assertThat(read(client)).isEmpty();

        send(client, 29_999);

        assertThat(read(client))
                .startsWith("HTTP/1.1 429 Too Many Requests\r\n")
                .contains("x-amzn-ErrorType: TooManyRequestsException\r\nRetry-After: 1\r\n")
                .endsWith("{\"Reason\":\"CallerRateLimitExceeded\",\"Type\":\"User\",\"message\":\"Rate Exceeded:"
                        + " request bodies that are being sent hold the 100000 bytes that they may hold together.\"}");
        assertThat(frontEnd.taken).isEmpty();
        assertThat(frontEnd.budget.heldBytes()).isEqualTo(90_000);
        send(client, head(8_000));
        send(client, 8_000);
        EmbeddedFrontEnd.answer(frontEnd.takeExchange());
        assertThat(read(client)).startsWith("HTTP/1.1 200 OK");
    }

    @Test
    void shouldCountSmallPiecesAsWhatTheyCost() {
        EmbeddedChannel client = connect();
        send(client, head(1_000));
        for (int i = 0; i < 97; i++) {
            send(client, 1);
        }
        assertThat(frontEnd.budget.heldBytes()).isEqualTo(97 * 1_024);
        send(client, 1);
        assertThat(frontEnd.budget.heldBytes()).isZero();
    }

    @Test
    void shouldGiveBackWhatAClientHeldThatLeavesInItsBody() {
        EmbeddedChannel client = connect();
        send(client, head(50_000));
        send(client, 20_000);
        client.close().awaitUninterruptibly();
        assertThat(frontEnd.budget.heldBytes()).isZero();
    }

    @Test
    void shouldGiveBackOnceTheEventOfAClientThatLeftIsReleased() {
        EmbeddedChannel client = connect();
        send(client, head(20_000));
        send(client, 10_000);
        send(client, 10_000);
        Exchange served = frontEnd.takeExchange();
        send(client, head(20_000));
        send(client, 10_000);
        send(client, 10_000);
        Exchange refused = frontEnd.takeExchange();
        client.close().awaitUninterruptibly();
        assertThat(frontEnd.budget.heldBytes()).isEqualTo(40_000);

        Objects.requireNonNull(refused.sink).refuse(refused, Refusal.NO_CAPACITY);
        EmbeddedFrontEnd.answer(served);

        assertThat(frontEnd.budget.heldBytes()).isZero();
    }

    @Test
    void shouldGiveBackAtOnceWhereARequestIsRefusedThatMustWaitForItsTurn() {
        EmbeddedChannel client = connect();
        send(client, head(2) + "{}");
        Exchange first = frontEnd.takeExchange();
        send(client, head(20_000));
        send(client, 10_000);
        assertThat(frontEnd.budget.heldBytes()).isEqualTo(10_000);
        send(client, "x".repeat(10_000));
        assertThat(frontEnd.budget.heldBytes()).isZero();
        assertThat(read(client)).isEmpty();

        EmbeddedFrontEnd.answer(first);

        assertThat(read(client)).startsWith("HTTP/1.1 200 OK").contains("HTTP/1.1 400 Bad Request");
    }

    @Test
    void shouldGiveBackWhereABodyBreaksOff() {
        EmbeddedChannel client = connect();
        send(client, "POST " + EmbeddedFrontEnd.ECHO + " HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
        send(client, "3\r\n{\"a\r\n");
        assertThat(frontEnd.budget.heldBytes()).isEqualTo(1_024);
        send(client, "no length\r\n");
        assertThat(frontEnd.budget.heldBytes()).isZero();
        assertThat(read(client)).startsWith("HTTP/1.1 400 Bad Request");
    }

    @Test
    void shouldHoldOneLargestRequestAtLeast() {
        assertThatThrownBy(() -> new FrontEndConfig("127.0.0.1", 0, 6_291_455, false))
                .hasMessage("bodyBudgetBytes: 6291455, must be 6291456 or more, one largest request");
        assertThat(new FrontEndConfig("127.0.0.1", 0).bodyBudgetBytes())
                .isGreaterThanOrEqualTo(6_291_456)
                .isEqualTo(Math.max(6_291_456, PlatformDependent.maxDirectMemory() / 2));
    }

    private EmbeddedChannel connect() {
        EmbeddedChannel client = frontEnd.connect();
        clients.add(client);
        return client;
    }
}
