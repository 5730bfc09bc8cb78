package dev.thaw.scheduler.frontend;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import java.util.UUID;

/**
 * Makes request ids and trace headers: unique, not secret.
 *
 * <p>Threading: none; one for each event loop.
 */
final class RequestIds {
    private static final long VERSION_MASK = 0xFFFF_FFFF_FFFF_0FFFL;
    private static final long VERSION_4 = 0x4000L;
    private static final long VARIANT_MASK = 0x3FFF_FFFF_FFFF_FFFFL;
    private static final long VARIANT_2 = 0x8000_0000_0000_0000L;
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TRACE = "Root=1-00000000-000000000000000000000000;Parent=0000000000000000;Sampled=0"
            .getBytes(StandardCharsets.US_ASCII);
    private static final int ROOT_TIME = 7;
    private static final int ROOT_ID = 16;
    private static final int PARENT = 48;

    private final SplittableRandom random;
    private final byte[] trace = TRACE.clone();

    RequestIds(long seed) {
        random = new SplittableRandom(seed);
    }

    /** A random UUID (version 4). */
    String nextRequestId() {
        long high = (random.nextLong() & VERSION_MASK) | VERSION_4;
        long low = (random.nextLong() & VARIANT_MASK) | VARIANT_2;
        return new UUID(high, low).toString();
    }

    /** {@code Root=1-<time>-<id>;Parent=<id>;Sampled=0}, as the service makes it where the client sends none. */
    String nextTraceId(long epochSeconds) {
        hex(epochSeconds, ROOT_TIME, 8);
        hex(random.nextLong(), ROOT_ID, 16);
        hex(random.nextLong(), ROOT_ID + 16, 8);
        hex(random.nextLong(), PARENT, 16);
        return new String(trace, StandardCharsets.US_ASCII);
    }

    private void hex(long value, int at, int digits) {
        for (int i = 0; i < digits; i++) {
            trace[at + digits - 1 - i] = HEX[(int) (value >>> (4 * i)) & 0xF];
        }
    }
}
