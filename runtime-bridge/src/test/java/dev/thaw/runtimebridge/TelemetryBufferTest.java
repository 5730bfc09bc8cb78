package dev.thaw.runtimebridge;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Batches by number, bytes and time, and what is lost (wire.md W3). */
final class TelemetryBufferTest {
    private static final long MS = 1_000_000;
    private static final int MAX_ITEMS = 1_000;
    private static final int MAX_BYTES = 262_144;
    private static final int TIMEOUT_MS = 100;

    private final TelemetryBuffer buffer = new TelemetryBuffer(new TelemetrySubscription(
            TelemetryApi.TELEMETRY,
            Set.of(TelemetryType.PLATFORM),
            new TelemetrySubscription.Destination(80, ""),
            MAX_ITEMS,
            MAX_BYTES,
            TIMEOUT_MS));

    private static byte[] event(int bytes) {
        return new byte[bytes];
    }

    private static String text(byte[] event) {
        return new String(event, StandardCharsets.UTF_8);
    }

    @Test
    void shouldWaitForTheTimeOfTheFirstEvent() {
        assertThat(buffer.waitNs(0)).isEqualTo(-1);
        buffer.add(event(10), 0);
        buffer.add(event(10), 90 * MS);
        assertThat(buffer.waitNs(90 * MS)).isEqualTo(10 * MS);
        assertThat(buffer.take(99 * MS, 0)).isEmpty();
        assertThat(buffer.take(100 * MS, 0)).hasSize(2);
        assertThat(buffer.waitNs(100 * MS)).isEqualTo(-1);
    }

    @Test
    void shouldSendAFullBatchAtOnce() {
        for (int i = 0; i < MAX_ITEMS; i++) {
            assertThat(buffer.take(0, 0)).isEmpty();
            buffer.add(event(1), 0);
        }
        buffer.add(event(1), 0);
        assertThat(buffer.take(0, 0)).hasSize(MAX_ITEMS);
        assertThat(buffer.take(0, 0)).isEmpty();
    }

    @Test
    void shouldSendABatchThatIsFullOfBytesAtOnce() {
        buffer.add(event(200_000), 0);
        assertThat(buffer.take(0, 0)).isEmpty();
        buffer.add(event(200_000), 0);
        assertThat(buffer.take(0, 0)).hasSize(1);
        assertThat(buffer.waitNs(0)).isEqualTo(TIMEOUT_MS * MS);
    }

    @Test
    void shouldFlushNoMoreThanOneBatchInEachTimeout() {
        buffer.add(event(1), 0);
        buffer.flush(0);
        assertThat(buffer.take(0, 0)).hasSize(1);
        buffer.add(event(1), 10 * MS);
        buffer.flush(10 * MS);
        assertThat(buffer.waitNs(10 * MS)).isEqualTo(90 * MS);
        buffer.flushNow(20 * MS);
        assertThat(buffer.take(20 * MS, 0)).hasSize(1);
    }

    @Test
    void shouldHoldTwoBatchesAndTellWhatItLost() {
        for (int i = 0; i < 2 * MAX_ITEMS; i++) {
            assertThat(buffer.add(event(10), 0)).isTrue();
        }
        assertThat(buffer.add(event(30), 0)).isFalse();
        assertThat(buffer.add(event(40), 0)).isFalse();
        List<byte[]> batch = buffer.take(0, 0);
        assertThat(batch).hasSize(MAX_ITEMS);
        assertThat(text(batch.getFirst()))
                .contains("platform.logsDropped", "\"droppedBytes\":70,\"droppedRecords\":2", TelemetryBuffer.SLOW);
        assertThat(text(buffer.take(0, 0).getFirst())).doesNotContain("logsDropped");
    }

    @Test
    void shouldJoinAsAnArrayOrAsLines() {
        List<byte[]> batch = List.of("{1}".getBytes(StandardCharsets.UTF_8), "{2}".getBytes(StandardCharsets.UTF_8));
        assertThat(text(TelemetryBuffer.join(batch, true))).isEqualTo("[{1},{2}]");
        assertThat(text(TelemetryBuffer.join(batch, false))).isEqualTo("{1}\n{2}\n");
    }

    /** Nothing is lost unseen, nothing exceeds its bound, whatever comes when. */
    @Property(tries = 500)
    void shouldHoldItsBounds(
            @ForAll @Size(max = 400) List<@IntRange(min = 1, max = 60_000) Integer> sizes,
            @ForAll @IntRange(max = 50) int stepMs) {
        long nowNs = 0;
        long taken = 0;
        long lost = 0;
        long waiting = 0;
        for (int size : sizes) {
            nowNs += stepMs * MS;
            boolean added = buffer.add(event(size), nowNs);
            lost += added ? 0 : 1;
            waiting += added ? size + 1 : 0;
            assertThat(waiting).isLessThanOrEqualTo(2L * MAX_BYTES);
            if (size % 7 == 0) {
                List<byte[]> batch = buffer.take(nowNs, 0);
                long notes = batch.stream()
                        .filter(event -> text(event).contains("logsDropped"))
                        .count();
                taken += batch.size() - notes;
                for (byte[] event : batch) {
                    waiting -= text(event).contains("logsDropped") ? 0 : event.length + 1;
                }
                assertThat(TelemetryBuffer.join(batch, true).length).isLessThanOrEqualTo(MAX_BYTES);
            }
        }
        for (List<byte[]> batch = buffer.take(nowNs + TIMEOUT_MS * MS, 0); !batch.isEmpty(); ) {
            taken += batch.stream()
                    .filter(event -> !text(event).contains("logsDropped"))
                    .count();
            nowNs += TIMEOUT_MS * MS;
            batch = buffer.take(nowNs + TIMEOUT_MS * MS, 0);
        }
        assertThat(taken + lost).isEqualTo(sizes.size());
    }
}
