package dev.thaw.loadgen.trace;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.agrona.collections.LongArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Arrivals in any order, to be walked over in order of their starts: the first million in memory, more in sorted runs of a
 * temporary file, 16 bytes each. Arrivals that start together stay as they came. The file has no name any more once it is
 * there, and its space is given back when the last walk over it is forgotten.
 *
 * <p>Threading: filled by one thread, then walked over by any.
 */
final class ArrivalSpool {
    /** Of one run: 16 MiB. */
    static final int RUN_ARRIVALS = 1 << 20;

    static final int ARRIVAL_BYTES = 16;
    static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final int runArrivals;
    private long[] startsNs = new long[1024];
    private int[] functions = new int[1024];
    private int[] durationsUs = new int[1024];
    private int size;
    private boolean sorted = true;
    private final LongArrayList runEnds = new LongArrayList();
    private @Nullable FileChannel file;

    ArrivalSpool() {
        this(RUN_ARRIVALS);
    }

    ArrivalSpool(int runArrivals) {
        this.runArrivals = runArrivals;
    }

    void add(long startNs, int function, int durationUs) {
        if (size == runArrivals) {
            spill();
        }
        if (size == startsNs.length) {
            grow();
        }
        sorted &= size == 0 || startsNs[size - 1] <= startNs;
        startsNs[size] = startNs;
        functions[size] = function;
        durationsUs[size] = durationUs;
        size++;
    }

    private void grow() {
        int larger = Math.min(runArrivals, size * 2);
        startsNs = Arrays.copyOf(startsNs, larger);
        functions = Arrays.copyOf(functions, larger);
        durationsUs = Arrays.copyOf(durationsUs, larger);
    }

    /** No more arrivals will come; function indexes are put in by {@code dense}. */
    Walks finish(int[] dense) {
        if (file == null) {
            sort();
            long[] starts = Arrays.copyOf(startsNs, size);
            int[] indexes = Arrays.stream(functions, 0, size).map(f -> dense[f]).toArray();
            int[] durations = Arrays.copyOf(durationsUs, size);
            return () -> new ArrayCursor(starts, indexes, durations);
        }
        spill();
        MemorySegment all = mapped(file);
        long[] ends = runEnds.toLongArray();
        return () -> new SpoolCursor(all, ends, dense);
    }

    /** As many walks as are asked for. */
    @FunctionalInterface
    interface Walks {
        ArrivalCursor walk();
    }

    private void sort() {
        if (sorted) {
            return;
        }
        // Sorting objects keeps the order of equals, and is quick where most is in order already, as traces are.
        int[] order = IntStream.range(0, size)
                .boxed()
                .sorted(Comparator.comparingLong(i -> startsNs[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        startsNs = Arrays.stream(order).mapToLong(i -> startsNs[i]).toArray();
        functions = Arrays.stream(order).map(i -> functions[i]).toArray();
        durationsUs = Arrays.stream(order).map(i -> durationsUs[i]).toArray();
    }

    private void spill() {
        sort();
        try {
            FileChannel channel = file == null ? temporaryFile() : file;
            file = channel;
            ByteBuffer bytes =
                    ByteBuffer.allocate(Math.min(size, 1 << 16) * ARRIVAL_BYTES).order(ByteOrder.LITTLE_ENDIAN);
            for (int i = 0; i < size; i++) {
                bytes.putLong(startsNs[i]).putInt(functions[i]).putInt(durationsUs[i]);
                if (!bytes.hasRemaining()) {
                    write(channel, bytes);
                }
            }
            write(channel, bytes);
            runEnds.addLong(channel.size() / ARRIVAL_BYTES);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        size = 0;
        sorted = true;
    }

    private static void write(FileChannel channel, ByteBuffer bytes) throws IOException {
        bytes.flip();
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
        bytes.clear();
    }

    private static FileChannel temporaryFile() throws IOException {
        Path path = Files.createTempFile("thaw-trace", ".spool");
        FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
        Files.delete(path);
        return channel;
    }

    private static MemorySegment mapped(FileChannel channel) {
        try (channel) {
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), Arena.ofAuto());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
