package dev.thaw.scheduler.live;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class PollBackoffTest {
    private final PollBackoff backoff = new PollBackoff();

    @Test
    void shouldTryAgainAtOnceAfterOneFailure() {
        backoff.onFailure(5);
        assertThat(backoff.waitNs(5)).isZero();
    }

    @Test
    void shouldWaitTwiceAsLongEachTimeUpToItsBound() {
        backoff.onFailure(0);
        for (long waitNs = 1_000_000; waitNs < 1_000_000_000; waitNs *= 2) {
            backoff.onFailure(7);
            assertThat(backoff.waitNs(7)).isEqualTo(waitNs);
            assertThat(backoff.waitNs(7 + waitNs - 1)).isEqualTo(1);
            assertThat(backoff.waitNs(7 + waitNs)).isZero();
        }
        for (int i = 0; i < 100; i++) {
            backoff.onFailure(9);
            assertThat(backoff.waitNs(9)).isEqualTo(PollBackoff.LONGEST_WAIT_NS);
        }
    }

    @Test
    void shouldForgetOnceAPollGoesWell() {
        backoff.onFailure(0);
        backoff.onFailure(0);
        backoff.onFailure(0);
        backoff.onSuccess();
        assertThat(backoff.waitNs(0)).isZero();
        backoff.onFailure(0);
        backoff.onFailure(0);
        assertThat(backoff.waitNs(0)).isEqualTo(PollBackoff.FIRST_WAIT_NS);
    }
}
