package dev.thaw.jmh.kernels;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Compression that replaces what came before by where it came, greedily; the format is in {@code lz.c}. */
final class Lz implements Kernel {
    static final int SIZE = 32768;
    static final int MULTIPLIER = (int) 2654435761L;
    static final int HASH_BITS = 12;
    private static final int MIN_MATCH = 4;
    private static final int WORDS = 256;
    private static final int WORD_ROOM = 12;
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /** Eight bytes more than it holds. */
    final byte[] text = new byte[SIZE + Long.BYTES];

    /** Of positions 0, 4, 8 .., then of 1, 5, 9 ..: so that vectors store them one after the other. */
    final int[] hashes = new int[SIZE];

    private final int[] table = new int[1 << HASH_BITS];
    private final byte[] output = new byte[2 * SIZE];
    private int outputBytes;

    Lz() {
        Numbers numbers = new Numbers(7);
        byte[][] words = new byte[WORDS][];
        for (int i = 0; i < WORDS; i++) {
            words[i] = new byte[2 + numbers.below(WORD_ROOM - 2)];
            for (int j = 0; j < words[i].length; j++) {
                words[i][j] = (byte) ('a' + numbers.below(26));
            }
        }
        for (int at = 0; at < SIZE; ) {
            long random = numbers.next();
            byte[] word = words[(int) ((random & 255) * (random >>> 8 & 255) >>> 8)];
            for (int j = 0; j < word.length && at < SIZE; j++) {
                text[at++] = word[j];
            }
            if (at < SIZE) {
                text[at++] = ' ';
            }
        }
    }

    @Override
    public String name() {
        return "lz";
    }

    @Override
    public long units() {
        return SIZE;
    }

    @Override
    public void run() {
        for (int i = 0; i < SIZE; i++) {
            int four = text[i] & 0xff
                    | (text[i + 1] & 0xff) << 8
                    | (text[i + 2] & 0xff) << 16
                    | (text[i + 3] & 0xff) << 24;
            hashes[place(i)] = four * MULTIPLIER >>> Integer.SIZE - HASH_BITS;
        }
        parse();
    }

    private static int place(int position) {
        return (position & 3) * (SIZE / 4) + (position >> 2);
    }

    void parse() {
        Arrays.fill(table, 0);
        int to = 0;
        int literals = 0;
        int at = 0;
        while (at < SIZE) {
            int hash = hashes[place(at)];
            int before = table[hash]; // one more than its position; 0: none
            table[hash] = at + 1;
            int length = before == 0 ? 0 : agree(before - 1, at);
            if (length < MIN_MATCH) {
                at++;
                continue;
            }
            to = literals(number(to, at - literals), literals, at);
            to = number(number(to, at - (before - 1)), length);
            at += length;
            literals = at;
        }
        outputBytes = literals(number(to, at - literals), literals, at);
    }

    private int number(int start, int value) {
        int to = start;
        int number = value;
        for (; number >= 128; number >>>= 7) {
            output[to++] = (byte) (number | 128);
        }
        output[to++] = (byte) number;
        return to;
    }

    private int literals(int to, int from, int end) {
        System.arraycopy(text, from, output, to, end - from);
        return to + end - from;
    }

    /** How many bytes agree, up to the text's end. */
    private int agree(int before, int at) {
        int limit = SIZE - at;
        for (int n = 0; n < limit; n += Long.BYTES) {
            long differing = (long) LONGS.get(text, before + n) ^ (long) LONGS.get(text, at + n);
            if (differing != 0) {
                return Math.min(limit, n + Long.numberOfTrailingZeros(differing) / Byte.SIZE);
            }
        }
        return limit;
    }

    /** What the output stands for: a test's way back. */
    byte[] expand() {
        byte[] back = new byte[SIZE];
        int[] at = {0};
        int end = 0;
        while (at[0] < outputBytes) {
            int literals = readNumber(at);
            System.arraycopy(output, at[0], back, end, literals);
            at[0] += literals;
            end += literals;
            if (at[0] < outputBytes) {
                int distance = readNumber(at);
                for (int length = readNumber(at); length > 0; length--, end++) {
                    back[end] = back[end - distance];
                }
            }
        }
        return Arrays.copyOf(back, end);
    }

    int outputBytes() {
        return outputBytes;
    }

    private int readNumber(int[] at) {
        int number = 0;
        for (int shift = 0; ; shift += 7) {
            byte next = output[at[0]++];
            number |= (next & 127) << shift;
            if (next >= 0) {
                return number;
            }
        }
    }

    @Override
    public long checksum() {
        return Numbers.hash(output, outputBytes);
    }
}
