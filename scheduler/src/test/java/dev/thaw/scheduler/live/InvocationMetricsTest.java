package dev.thaw.scheduler.live;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.thaw.results.ServerMetrics;
import dev.thaw.results.live.EndedInterval;
import dev.thaw.scheduler.core.Invocation;
import dev.thaw.scheduler.core.Outcome;
import java.lang.management.ManagementFactory;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class InvocationMetricsTest {
    private static final int WARM_UP = 50_000;
    private static final int MORE_WINDOWS = 20;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final InvocationMetrics metrics = new InvocationMetrics();

    @Test
    void shouldKeepASeriesForEachFunctionAndArn() {
        Random random = new Random(1);
        long[][] expected = new long[40][5];
        for (int i = 0; i < 10_000; i++) {
            int functionId = random.nextInt(40);
            int arn = random.nextInt(5);
            metrics.onEnded(functionId, "arn:" + arn, Outcome.RESPONSE, 1_000_000);
            expected[functionId][arn]++;
        }

        assertThat(metrics.series()).isEqualTo(200);
        for (int series = 0; series < metrics.series(); series++) {
            int arn = Integer.parseInt(metrics.arn(series).substring(4));
            assertThat(rowOf(series).invocations()).isEqualTo(expected[metrics.functionId(series)][arn]);
        }
    }

    @Test
    void shouldPutADurationIntoTheBucketThatItsBoundIncludes() {
        double[] boundsMs = ServerMetrics.durationBoundsMs();
        for (double boundMs : boundsMs) {
            metrics.onEnded(0, "a", Outcome.RESPONSE, Math.round(boundMs * 1e6));
        }
        metrics.onEnded(0, "a", Outcome.TIMED_OUT, 900_000_000_000L);

        ServerMetrics.Invocations row = rowOf(0);

        assertThat(row.durationCounts()).hasSize(boundsMs.length + 1).containsOnly(1L);
        assertThat(row.errors()).isEqualTo(1);
    }

    @Test
    void shouldTakeAThrottleAsTheFirstOfAll() {
        for (int functionId = 0; functionId < 100; functionId++) {
            metrics.onThrottled(functionId, "a");
        }

        assertThat(rowOf(99).throttles()).isEqualTo(1);
        assertThat(rowOf(99).invocations()).isZero();
    }

    @Test
    void shouldNotChangeWhatWasCopied() {
        metrics.onEnded(0, "a", Outcome.RESPONSE, 5);
        InvocationMetrics copy = metrics.copy();
        metrics.onEnded(0, "a", Outcome.RESPONSE, 5);
        metrics.onThrottled(0, "b");

        InvocationTotals totals = new InvocationTotals("f", "1", null);
        copy.addTo(0, totals);

        assertThat(copy.series()).isEqualTo(1);
        assertThat(totals.toRow().invocations()).isEqualTo(1);
    }

    @Test
    void shouldNotAllocateOnceASeriesIsThere() {
        count(WARM_UP);
        long allocatedBytes = allocatedBytes();
        for (int more = 0; allocatedBytes != 0 && more < MORE_WINDOWS; more++) {
            allocatedBytes = allocatedBytes();
        }

        assertThat(allocatedBytes).isZero();
    }

    private long allocatedBytes() {
        long beforeBytes = threads.getCurrentThreadAllocatedBytes();
        count(10_000);
        return threads.getCurrentThreadAllocatedBytes() - beforeBytes;
    }

    private void count(int invocations) {
        for (int i = 0; i < invocations; i++) {
            metrics.onEnded(i & 63, "arn", Outcome.RESPONSE, 70_000);
            metrics.onThrottled(i & 63, "other");
        }
    }

    @Test
    void shouldRecordWhatEndsOnlyWhereSomebodyWatchesAndAllocateNothing() {
        Invocation invocation = new Invocation();
        invocation.start(1, 0, null, 1_000);
        metrics.onAnswer(invocation, 5_000, 11_000);
        EndedInterval interval = new EndedInterval();
        assertThat(metrics.watch(interval)).isNull();
        record(invocation, WARM_UP);
        long allocatedBytes = recordedBytes(invocation);
        for (int more = 0; allocatedBytes != 0 && more < MORE_WINDOWS; more++) {
            allocatedBytes = recordedBytes(invocation);
        }

        assertThat(allocatedBytes).isZero();
        interval.reset();
        record(invocation, 7);
        assertThat(metrics.watch(null)).isSameAs(interval);
        record(invocation, 5);
        assertThat(interval.count()).as("of those that were watched").isEqualTo(7);
    }

    private long recordedBytes(Invocation invocation) {
        long beforeBytes = threads.getCurrentThreadAllocatedBytes();
        record(invocation, 10_000);
        return threads.getCurrentThreadAllocatedBytes() - beforeBytes;
    }

    private void record(Invocation invocation, int times) {
        for (int i = 0; i < times; i++) {
            metrics.onAnswer(invocation, 5_000, 11_000);
        }
    }

    private ServerMetrics.Invocations rowOf(int series) {
        InvocationTotals totals = new InvocationTotals("f", "1", null);
        metrics.addTo(series, totals);
        return totals.toRow();
    }
}
