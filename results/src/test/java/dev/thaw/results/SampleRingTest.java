package dev.thaw.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class SampleRingTest {
    @Test
    void shouldRefuseWhenFullAndGoOnOnceDrained() {
        SampleRing ring = new SampleRing(2);
        assertThat(ring.offer(numbered(1))).isTrue();
        assertThat(ring.offer(numbered(2))).isTrue();
        assertThat(ring.offer(numbered(3))).isFalse();

        List<Long> seen = new ArrayList<>();
        assertThat(ring.drain(sample -> seen.add(sample.sentNs), 1)).isEqualTo(1);

        assertThat(ring.offer(numbered(4))).isTrue();
        assertThat(ring.offer(numbered(5))).isFalse();
        assertThat(ring.drain(sample -> seen.add(sample.sentNs), 10)).isEqualTo(2);
        assertThat(seen).containsExactly(1L, 2L, 4L);
    }

    @Test
    void shouldCopyEveryField() {
        SampleRing ring = new SampleRing(1);
        Sample sample = numbered(7);
        sample.function = 3;
        sample.status = SampleStatus.TIMED_OUT;
        sample.serverKnown = true;
        sample.server.clear();
        sample.server.phasesNs[4] = 44;
        sample.server.outOfMemory = true;
        sample.server.billedMs = 9;
        ring.offer(sample);

        ring.drain(
                copy -> assertThat(copy)
                        .isNotSameAs(sample)
                        .usingRecursiveComparison()
                        .isEqualTo(sample),
                1);
    }

    @Test
    void shouldHandOverEverySampleOnceInOrderBetweenThreads() {
        SampleRing ring = new SampleRing(64);
        long total = 300_000;
        AtomicLong wrong = new AtomicLong();
        Thread producer = Thread.ofPlatform().start(() -> {
            Sample sample = new Sample();
            for (long i = 0; i < total; ) {
                sample.sentNs = i;
                sample.doneNs = -i;
                if (ring.offer(sample)) {
                    i++;
                } else {
                    Thread.onSpinWait();
                }
            }
        });
        long[] next = new long[1];
        while (next[0] < total) {
            ring.drain(
                    sample -> {
                        if (sample.sentNs != next[0] || sample.doneNs != -next[0]) {
                            wrong.incrementAndGet();
                        }
                        next[0]++;
                    },
                    1000);
        }
        Uninterruptible.join(producer);

        assertThat(wrong).hasValue(0);
        assertThat(ring.drain(sample -> {}, 1)).isZero();
    }

    @Test
    void shouldRefuseACapacityThatIsNoPowerOfTwo() {
        assertThatThrownBy(() -> new SampleRing(3)).hasMessage("capacity is 3, must be a power of two");
    }

    private static Sample numbered(long number) {
        Sample sample = new Sample();
        sample.sentNs = number;
        return sample;
    }
}
