package dev.thaw.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class FleetWatchTest {
    private static final long NS_PER_SEC = 1_000_000_000L;

    @Test
    void shouldSampleOnceInEachSecondAndInEveryPartOfIt() {
        int parts = 10;
        long[] hits = new long[parts];
        for (int second = 0; second < 100; second++) {
            long sampleNs = FleetWatch.sampleNs(second);
            assertThat(sampleNs / NS_PER_SEC).isEqualTo(second);
            hits[(int) (sampleNs % NS_PER_SEC * parts / NS_PER_SEC)]++;
        }
        assertThat(LongStream.of(hits)).allMatch(each -> each >= 8 && each <= 12);
    }
}
