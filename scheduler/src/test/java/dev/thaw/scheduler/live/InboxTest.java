package dev.thaw.scheduler.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thaw.scheduler.core.Invocation;
import dev.thaw.scheduler.core.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class InboxTest {
    private static final int INVOCATIONS = 4;
    private static final int ENVIRONMENTS = 100;

    private final Inbox inbox = new Inbox(INVOCATIONS, ENVIRONMENTS);

    @Test
    void shouldCountWhatItRefusesByFunctionAndArn() {
        Exchange exchange = new Exchange();
        exchange.invokedFunctionArn = "arn:live";
        for (int i = 0; i < INVOCATIONS + 2; i++) {
            exchange.invocation.start(i, 7, exchange, 0);
            inbox.offer(exchange.invocation);
        }

        assertThat(inbox.refusals).hasSize(1);
        assertThat(Objects.requireNonNull(inbox.refusals.get(new Inbox.Asked(7, "arn:live")))
                        .sum())
                .isEqualTo(2);
    }

    @Test
    void shouldRefuseInvocationsAndStillTakeEverySignal() {
        for (int i = 0; i < INVOCATIONS; i++) {
            assertThat(inbox.offer(new Invocation())).isTrue();
        }
        assertThat(inbox.offer(new Invocation())).isFalse();
        for (int i = 0; i < ENVIRONMENTS * Inbox.SIGNALS_PER_ENVIRONMENT; i++) {
            inbox.ready(i);
        }
        assertThat(inbox.size()).isEqualTo(INVOCATIONS + ENVIRONMENTS * Inbox.SIGNALS_PER_ENVIRONMENT);
    }

    @Test
    void shouldHandOverInOrder() {
        Invocation invocation = new Invocation();
        inbox.response(7, Outcome.RESPONSE);
        inbox.offer(invocation);
        List<Object> drained = new ArrayList<>();
        assertThat(inbox.drain(drained::add, 10)).isEqualTo(2);
        assertThat(drained.get(0)).isInstanceOf(Signal.class);
        assertThat(drained.get(1)).isSameAs(invocation);
        assertThat(inbox.isEmpty()).isTrue();
    }

    @Test
    void shouldDrainNoMoreThanTold() {
        inbox.ready(1);
        inbox.ready(2);
        assertThat(inbox.drain(message -> {}, 1)).isEqualTo(1);
        assertThat(inbox.size()).isEqualTo(1);
    }

    @Test
    void shouldUseSignalsAgain() {
        List<Object> seen = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            inbox.thawed(i);
            inbox.drain(
                    message -> {
                        seen.add(message);
                        inbox.recycle((Signal) message);
                    },
                    1);
        }
        assertThat(seen.stream().mapToInt(System::identityHashCode).distinct().count())
                .isLessThanOrEqualTo(1_024);
    }

    @Test
    void shouldWakeAfterEveryOffer() {
        int[] wakeups = {0};
        inbox.onOffer(() -> wakeups[0]++);
        inbox.ready(1);
        inbox.offer(new Invocation());
        assertThat(wakeups[0]).isEqualTo(2);
    }

    @Test
    void shouldSayWhereASignalFindsNoRoom() {
        Inbox small = new Inbox(1, 1);
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 10_000; i++) {
                        small.ready(5);
                    }
                })
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("inbox has no room for READY of environment 5");
    }
}
