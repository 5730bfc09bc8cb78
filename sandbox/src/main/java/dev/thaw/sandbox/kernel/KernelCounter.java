package dev.thaw.sandbox.kernel;

import java.nio.charset.StandardCharsets;

/**
 * One number in a kernel file that stays open: a bare one, or the one behind a key in a file of {@code key value} lines.
 *
 * <p>Threading: reads are safe on any thread while the file is open; they allocate nothing.
 */
final class KernelCounter {
    /** Stands for a counter that this host does not have. */
    static final KernelCounter ABSENT = new KernelCounter(-1, "", 1);

    private final int fd;
    private final byte[] key;
    private final long scale;

    private KernelCounter(int fd, String key, long scale) {
        this.fd = fd;
        this.key = key.getBytes(StandardCharsets.US_ASCII);
        this.scale = scale;
    }

    /**
     * Opens a counter; {@link #ABSENT} where there is no such file.
     *
     * @param key empty for a file that is one number
     * @param scale what one unit in the file is worth
     */
    static KernelCounter open(String path, String key, long scale) {
        long fd = Kernel.open(path, 0);
        return fd < 0 ? ABSENT : new KernelCounter((int) fd, key, scale);
    }

    /** The number now, or -1 where it cannot be read. */
    long read() {
        if (fd < 0) {
            return -1;
        }
        int length = Kernel.readBuffered(fd);
        int at = length <= 0 ? -1 : afterKey(length);
        return at < 0 ? -1 : scale * number(at, length);
    }

    private int afterKey(int length) {
        if (key.length == 0) {
            return 0;
        }
        for (int line = 0; line >= 0; line = nextLine(line, length)) {
            if (startsWithKey(line, length)) {
                return line + key.length + 1;
            }
        }
        return -1;
    }

    private boolean startsWithKey(int line, int length) {
        if (line + key.length >= length || Kernel.bufferedByte(line + key.length) != ' ') {
            return false;
        }
        for (int i = 0; i < key.length; i++) {
            if (Kernel.bufferedByte(line + i) != key[i]) {
                return false;
            }
        }
        return true;
    }

    private static int nextLine(int line, int length) {
        for (int at = line; at < length - 1; at++) {
            if (Kernel.bufferedByte(at) == '\n') {
                return at + 1;
            }
        }
        return -1;
    }

    private static long number(int start, int length) {
        long value = 0;
        for (int at = start; at < length; at++) {
            int digit = Kernel.bufferedByte(at) - '0';
            if (digit < 0 || digit > 9) {
                break;
            }
            value = value * 10 + digit;
        }
        return value;
    }

    void close() {
        Kernel.close(fd);
    }
}
