package dev.thaw.sandbox.microvm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Positive;

/** However a guest's bytes are cut up, the same frames come out; whatever they are, nothing else happens. */
final class FrameReaderPropertiesTest {
    /** One frame of an honest guest; its payload repeats itself only after a while. */
    record Frame(FrameType type, int stream, int length, byte fill) {
        byte[] bytes() {
            byte[] payload = new byte[length];
            for (int i = 0; i < length; i++) {
                payload[i] = (byte) (fill * i + i / 251);
            }
            return Commands.of(type, stream, payload);
        }
    }

    /** Joins pieces of streams' bytes again, so that cuts do not show. */
    private static final class Collected implements FrameReader.Sink {
        private final List<String> frames = new ArrayList<>();
        private final ByteArrayOutputStream data = new ByteArrayOutputStream();
        private int dataStream = -1;

        @Override
        public void onData(int stream, MemorySegment bytes, long at, int count) {
            if (stream != dataStream) {
                endData();
                dataStream = stream;
            }
            data.writeBytes(copy(bytes, at, count));
        }

        @Override
        public void onFrame(FrameType type, int stream, MemorySegment payload, long at, int length) {
            endData();
            frames.add(type + " " + stream + " " + Arrays.toString(copy(payload, at, length)));
        }

        private void endData() {
            if (data.size() > 0) {
                frames.add("DATA " + dataStream + " " + Arrays.hashCode(data.toByteArray()));
            }
            data.reset();
            dataStream = -1;
        }

        private static byte[] copy(MemorySegment bytes, long at, int count) {
            return bytes.asSlice(at, count).toArray(ValueLayout.JAVA_BYTE);
        }

        List<String> finish() {
            endData();
            return frames;
        }
    }

    @Provide
    Arbitrary<List<Frame>> frames() {
        Arbitrary<FrameType> type = Arbitraries.of(
                Arrays.stream(FrameType.values()).filter(FrameType::isForHost).toList());
        Arbitrary<Integer> stream = Arbitraries.integers().between(0, Frames.STREAMS - 1);
        Arbitrary<Integer> length = Arbitraries.integers().between(0, Frames.PAYLOAD_BYTES_MAX);
        Arbitrary<Byte> content = Arbitraries.bytes();
        return Combinators.combine(type, stream, length, content)
                .as((frameType, number, bytes, fill) -> new Frame(
                        frameType,
                        number,
                        frameType == FrameType.DATA ? bytes : bytes % FrameReader.CONTROL_BYTES_MAX,
                        fill))
                .list()
                .ofMinSize(1)
                .ofMaxSize(12);
    }

    @Property(tries = 200)
    void shouldReadTheSameFramesHoweverTheyAreCut(
            @ForAll("frames") List<Frame> frames, @ForAll List<@Positive Short> cuts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        frames.forEach(frame -> all.writeBytes(frame.bytes()));
        byte[] bytes = all.toByteArray();
        assertThat(readIn(bytes, cuts)).isEqualTo(readIn(bytes, List.of((short) 16_384)));
        assertThat(readIn(bytes, List.of((short) 1))).isEqualTo(readIn(bytes, List.of()));
    }

    private static List<String> readIn(byte[] bytes, List<? extends Number> cuts) {
        Collected collected = new Collected();
        try (Arena arena = Arena.ofConfined()) {
            feed(new FrameReader(arena, collected), bytes, cuts);
        }
        return collected.finish();
    }

    private static void feed(FrameReader reader, byte[] bytes, List<? extends Number> cuts) {
        int at = 0;
        for (int i = 0; at < bytes.length; i++) {
            int wanted =
                    cuts.isEmpty() ? bytes.length : cuts.get(i % cuts.size()).intValue();
            int count = Math.min(wanted, bytes.length - at);
            MemorySegment piece = Arena.ofAuto().allocate(count);
            MemorySegment.copy(bytes, at, piece, ValueLayout.JAVA_BYTE, 0, count);
            reader.read(piece, count);
            at += count;
        }
    }

    @Property(tries = 2000)
    void shouldRefuseOrReadAnyBytes(@ForAll byte[] bytes) {
        try (Arena arena = Arena.ofConfined()) {
            feed(new FrameReader(arena, new Collected()), bytes, List.of((short) 3));
        } catch (GuestFault refused) {
            assertThat(refused).hasMessageStartingWith("guest broke the protocol: ");
        }
    }

    @Property(tries = 1000)
    void shouldRefuseWhatNoGuestMaySend(
            @ForAll int length, @ForAll short stream, @ForAll byte type, @ForAll byte zero) {
        byte[] header = ByteBuffer.allocate(Frames.HEADER_BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(length)
                .putShort(stream)
                .put(type)
                .put(zero)
                .array();
        FrameType known = FrameType.of(type);
        boolean fits = known != null
                && known.isForHost()
                && zero == 0
                && length >= 0
                && length <= (known == FrameType.DATA ? Frames.PAYLOAD_BYTES_MAX : FrameReader.CONTROL_BYTES_MAX)
                && (stream & 0xffff) < Frames.STREAMS;
        boolean read;
        try (Arena arena = Arena.ofConfined()) {
            feed(new FrameReader(arena, new Collected()), header, List.of());
            read = true;
        } catch (GuestFault refused) {
            read = false;
        }
        assertThat(read).isEqualTo(fits);
    }
}
