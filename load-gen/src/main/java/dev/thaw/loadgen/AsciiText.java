package dev.thaw.loadgen;

import java.nio.charset.StandardCharsets;

/** A short text that is set again and again without objects. Longer ones than it can hold are empty. */
final class AsciiText implements CharSequence {
    private final byte[] bytes;
    private int length;

    AsciiText(int maxLength) {
        bytes = new byte[maxLength];
    }

    void clear() {
        length = 0;
    }

    void set(byte[] from, int start, int end) {
        length = end - start <= bytes.length ? end - start : 0;
        System.arraycopy(from, start, bytes, 0, length);
    }

    @Override
    public int length() {
        return length;
    }

    @Override
    public char charAt(int index) {
        return (char) (bytes[index] & 0xff);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
        return toString().substring(start, end);
    }

    @Override
    public String toString() {
        return new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
    }
}
