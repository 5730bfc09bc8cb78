package dev.thaw.jmh.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class KernelRunnerTest {
    private long nowNs;

    /** Each look at the clock takes 60 us. */
    private final KernelRunner runner = new KernelRunner("plain", () -> nowNs += 60_000);

    @Test
    void shouldRunOnceWhereNoTimeIsGiven() {
        assertThat(runner.answer("run copy 0")).isEqualTo("copy acca5cecc4e86b15 16384 1 60000");
    }

    @Test
    void shouldLookAtTheClockSeldomAndCountEveryRun() {
        // 60 us are too short between two looks, whatever ran between them: doubled until they are not.
        KernelRunner slow = new KernelRunner("plain", () -> nowNs += 150_000);
        assertThat(slow.answer("run copy 400000")).isEqualTo("copy acca5cecc4e86b15 16384 3 450000");
    }

    @Test
    void shouldRefuseWhatItDoesNotKnow() {
        for (String line :
                new String[] {"", "run", "run copy", "run copies 0", "run copy -1", "run copy x", "walk copy 0"}) {
            assertThat(runner.answer(line)).isEqualTo("unknown");
        }
    }
}
