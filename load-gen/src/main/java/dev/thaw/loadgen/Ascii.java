package dev.thaw.loadgen;

import java.nio.charset.StandardCharsets;

/** Looks at ASCII in byte arrays, without objects. Texts to compare with ignoring case are in lower case. */
final class Ascii {
    static final byte[] HTTP_1 = bytes("HTTP/1.");
    static final byte[] CONNECTION = bytes("connection");
    static final byte[] CLOSE = bytes("close");
    static final byte[] KEEP_ALIVE = bytes("keep-alive");
    static final byte[] CONTENT_LENGTH = bytes("content-length");
    static final byte[] TRANSFER_ENCODING = bytes("transfer-encoding");
    static final byte[] CHUNKED = bytes("chunked");
    static final byte[] FUNCTION_ERROR = bytes("x-amz-function-error");
    static final byte[] RECORD = bytes("x-thaw-record");
    static final byte[] REQUEST_ID = bytes("x-amzn-requestid");
    /** In quotes: inside another JSON string they would be escaped. */
    static final byte[] TIMED_OUT = bytes("\"Sandbox.Timedout\"");

    private Ascii() {}

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }

    static int indexOf(byte[] in, byte wanted, int end) {
        for (int i = 0; i < end; i++) {
            if (in[i] == wanted) {
                return i;
            }
        }
        return -1;
    }

    static boolean startsWith(byte[] in, byte[] text) {
        for (int i = 0; i < text.length; i++) {
            if (in[i] != text[i]) {
                return false;
            }
        }
        return true;
    }

    static boolean startsWithIgnoreCase(byte[] in, int from, byte[] lowerCase) {
        for (int i = 0; i < lowerCase.length; i++) {
            byte b = in[from + i];
            if ((b >= 'A' && b <= 'Z' ? b + 32 : b) != lowerCase[i]) {
                return false;
            }
        }
        return true;
    }

    static boolean containsIgnoreCase(byte[] in, int from, int to, byte[] lowerCase) {
        for (int i = from; i + lowerCase.length <= to; i++) {
            if (startsWithIgnoreCase(in, i, lowerCase)) {
                return true;
            }
        }
        return false;
    }

    static boolean contains(byte[] in, int end, byte[] text) {
        for (int i = 0; i + text.length <= end; i++) {
            int same = 0;
            while (same < text.length && in[i + same] == text[same]) {
                same++;
            }
            if (same == text.length) {
                return true;
            }
        }
        return false;
    }

    /** A number of up to 18 digits, or -1. */
    static long decimal(byte[] in, int from, int to) {
        long value = 0;
        for (int i = from; i < to; i++) {
            int digit = in[i] - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return to <= from || to - from > 18 ? -1 : value;
    }

    /** A number of up to 15 hexadecimal digits, or -1. */
    static long hexadecimal(byte[] in, int to) {
        long value = 0;
        for (int i = 0; i < to; i++) {
            int digit = Character.digit(in[i], 16);
            if (digit < 0) {
                return -1;
            }
            value = value << 4 | digit;
        }
        return to == 0 || to > 15 ? -1 : value;
    }
}
