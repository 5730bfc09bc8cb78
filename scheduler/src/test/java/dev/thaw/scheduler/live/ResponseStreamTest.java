package dev.thaw.scheduler.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.CachedNanoClock;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Both ends on one event loop whose time is the test's. */
final class ResponseStreamTest {
    private static final int PART_BYTES = 64 << 10;

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final CachedNanoClock clock = new CachedNanoClock();
    private final Recorder reader = new Recorder();
    private final ResponseStream stream = new ResponseStream(channel.eventLoop(), reader, clock);
    private final List<ByteBuf> written = new ArrayList<>();
    private int asked;

    private static final class Recorder implements ResponseStream.Reader {
        final Queue<ByteBuf> parts = new ArrayDeque<>();

        @Nullable
        String contentType;

        @Override
        public void onBegin(@Nullable String newContentType) {
            contentType = newContentType;
        }

        @Override
        public void onPart(ByteBuf part) {
            parts.add(part);
        }
    }

    private void begin() {
        channel.freezeTime();
        stream.begin("text/plain", channel.eventLoop(), () -> asked++);
    }

    private boolean write(int bytes) {
        ByteBuf part = Unpooled.buffer(bytes).writeZero(bytes);
        written.add(part);
        return stream.write(part);
    }

    private void take() {
        ByteBuf part = reader.parts.remove();
        int weight = ResponseStream.weightOf(part);
        part.release();
        stream.taken(weight);
        channel.runPendingTasks();
    }

    private void advance(long ns) {
        clock.advance(ns);
        channel.advanceTimeBy(ns, TimeUnit.NANOSECONDS);
        channel.runScheduledPendingTasks();
    }

    private void passTheBurst() {
        for (long left = ResponsePacer.BURST_BYTES; left > 0; left -= PART_BYTES) {
            write(PART_BYTES);
            take();
        }
        asked = 0;
    }

    @Test
    void shouldHandPartsOverInOrder() {
        begin();
        assertThat(write(3)).isTrue();
        assertThat(write(5)).isTrue();

        assertThat(reader.contentType).isEqualTo("text/plain");
        assertThat(reader.parts).containsExactlyElementsOf(written);
    }

    @Test
    void shouldStopTheWriterWhileTheClientDoesNotTakeItsParts() {
        begin();
        assertThat(write(PART_BYTES)).isTrue();
        assertThat(write(PART_BYTES)).isTrue();
        assertThat(write(PART_BYTES)).isTrue();
        assertThat(write(PART_BYTES)).isFalse();
        take();
        take();
        assertThat(asked).isZero();
        take();
        assertThat(asked).isEqualTo(1);
        take();
        assertThat(asked).isEqualTo(1);
    }

    @Test
    void shouldBoundTinyPartsToo() {
        begin();
        int parts = 1;
        while (write(1)) {
            parts++;
        }
        assertThat(parts).isEqualTo(ResponseStream.BACKLOG_BYTES / 1_024);
    }

    @Test
    void shouldHoldAPartUntilTheBandwidthAllowsIt() {
        begin();
        passTheBurst();
        assertThat(write(2 << 20)).isFalse();
        advance(999_999_999);
        assertThat(reader.parts).isEmpty();
        advance(1);

        assertThat(reader.parts).hasSize(1);
        assertThat(asked).isZero(); // the client has not taken it yet
        take();
        assertThat(asked).isEqualTo(1);
    }

    @Test
    void shouldDropTheHeldPartAtItsEnd() {
        begin();
        passTheBurst();
        write(PART_BYTES);
        stream.end();
        advance(1_000_000_000);

        assertThat(reader.parts).isEmpty();
        assertThat(asked).isZero();
        assertThat(written).allMatch(part -> part.refCnt() == 0);
    }

    @Test
    void shouldPassWhatWaitsBeforeTheLastPart() {
        begin();
        passTheBurst();
        write(PART_BYTES);
        ByteBuf last = Unpooled.buffer(1).writeZero(1);
        stream.writeLast(last);

        assertThat(reader.parts).containsExactly(written.getLast(), last);
        advance(1_000_000_000);
        assertThat(reader.parts).hasSize(2);
        assertThat(stream.write(Unpooled.buffer(1).writeZero(1))).isTrue();
        assertThat(reader.parts).hasSize(2);
    }

    @Test
    void shouldDropPartsWithoutPacingOnceNobodyReads() {
        begin();
        stream.closeReader();
        for (int i = 0; i < 400; i++) {
            assertThat(write(PART_BYTES)).isTrue();
        }
        assertThat(written).allMatch(part -> part.refCnt() == 0);
        assertThat(reader.parts).isEmpty();
    }

    @Test
    void shouldLetAWriterGoOnWhoseReaderLeft() {
        begin();
        while (write(PART_BYTES)) {}
        stream.closeReader();
        while (!reader.parts.isEmpty()) {
            take(); // as the client's end drops what it holds
        }
        assertThat(asked).isEqualTo(1);
    }
}
