package dev.thaw.runtimebridge;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.TimeUnit;

/**
 * Times of events, {@code 2026-11-23T08:15:30.120Z}, always with milliseconds: the minute is worded once, for all events
 * of it. Threading: safe on any thread.
 */
final class EventTime {
    static final int LENGTH = 24;

    private static final DateTimeFormatter FORMAT =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:").withZone(ZoneOffset.UTC);
    private static final long MS_PER_MINUTE = TimeUnit.MINUTES.toMillis(1);

    /** The last one asked for; whichever thread's, it is whole. */
    private static volatile Minute last = new Minute(0);

    private static final class Minute {
        private final long number;
        private final byte[] text;

        Minute(long number) {
            this.number = number;
            text = FORMAT.format(Instant.ofEpochMilli(number * MS_PER_MINUTE)).getBytes(StandardCharsets.US_ASCII);
        }
    }

    private EventTime() {}

    /** Writes {@link #LENGTH} bytes; years 0 to 9999. */
    static void write(long epochMs, byte[] out, int at) {
        long number = Math.floorDiv(epochMs, MS_PER_MINUTE);
        Minute minute = last;
        if (minute.number != number) {
            minute = new Minute(number);
            last = minute;
        }
        int ms = (int) Math.floorMod(epochMs, MS_PER_MINUTE);
        System.arraycopy(minute.text, 0, out, at, minute.text.length);
        int seconds = at + minute.text.length;
        digits(ms / 1000, out, seconds, 2);
        out[seconds + 2] = '.';
        digits(ms % 1000, out, seconds + 3, 3);
        out[at + LENGTH - 1] = 'Z';
    }

    private static void digits(int number, byte[] out, int at, int count) {
        int rest = number;
        for (int i = count - 1; i >= 0; i--) {
            out[at + i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
    }
}
