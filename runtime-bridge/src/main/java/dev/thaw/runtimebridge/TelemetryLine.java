package dev.thaw.runtimebridge;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The line that somebody has begun to write.
 *
 * <p>Threading: the log thread.
 */
final class TelemetryLine {
    /** A longer line comes in pieces, so that each fits into any batch. */
    static final int LIMIT_BYTES = 32 << 10;

    /** Who writes it. */
    final TelemetryType writer;

    private byte[] bytes = new byte[0];
    private int count;

    TelemetryLine(TelemetryType writer) {
        this.writer = writer;
    }

    boolean isEmpty() {
        return count == 0;
    }

    boolean isFull() {
        return count == LIMIT_BYTES;
    }

    /** Appends until it is full; returns how many bytes it took. */
    int append(byte[] from, int start, int end) {
        int taken = Math.min(end - start, LIMIT_BYTES - count);
        if (bytes.length < count + taken) {
            bytes = Arrays.copyOf(bytes, Math.max(count + taken, 2 * bytes.length));
        }
        System.arraycopy(from, start, bytes, count, taken);
        count += taken;
        return taken;
    }

    /** Its text; it is empty then. */
    String take() {
        String text = new String(bytes, 0, count, StandardCharsets.UTF_8);
        count = 0;
        return text;
    }
}
