package dev.thaw.results;

/** One line of comma-separated ASCII under construction, reused from line to line. Allocates nothing once made. */
final class AsciiLine {
    private final byte[] bytes;
    private int length;

    AsciiLine(int capacity) {
        bytes = new byte[capacity];
    }

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    void clear() {
        length = 0;
    }

    AsciiLine field(long value) {
        separate();
        length = putLong(bytes, length, value);
        return this;
    }

    AsciiLine field(byte[] text) {
        separate();
        System.arraycopy(text, 0, bytes, length, text.length);
        length += text.length;
        return this;
    }

    /** An empty field: not known. */
    AsciiLine empty() {
        separate();
        return this;
    }

    void end() {
        bytes[length++] = '\n';
    }

    private void separate() {
        if (length > 0) {
            bytes[length++] = ',';
        }
    }

    /** Writes the decimal digits and returns the index after the last one. */
    static int putLong(byte[] target, int start, long value) {
        int at = start;
        // Digits are taken from the negative side, which alone can hold the smallest long.
        long rest = value < 0 ? value : -value;
        if (value < 0) {
            target[at++] = '-';
        }
        int end = at + digits(rest);
        for (int i = end - 1; i >= at; i--) {
            target[i] = (byte) ('0' - rest % 10);
            rest /= 10;
        }
        return end;
    }

    private static int digits(long negative) {
        int digits = 1;
        for (long rest = negative / 10; rest != 0; rest /= 10) {
            digits++;
        }
        return digits;
    }
}
