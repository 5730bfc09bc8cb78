package dev.thaw.jmh.kernels;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Tokens of a JSON document: all bytes are told apart first, then what matters is walked through. */
final class JsonTokens implements Kernel {
    static final int SIZE = 65536;
    static final byte QUOTE = 1;
    static final byte BACKSLASH = 2;
    static final byte STRUCTURE = 4;
    static final byte SPACE = 8;
    /** This bit alone is between [ and {, and between ] and }. */
    static final byte BRACKET_BIT = 0x20;

    private static final long EACH_BYTE = 0x0101010101010101L;
    private static final VarHandle WORDS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    final byte[] text = new byte[SIZE];
    final byte[] classes = new byte[SIZE + Long.BYTES];
    private final int[] tokens = new int[2 * SIZE];
    private int tokenCount;

    JsonTokens() {
        byte[] document = document().getBytes(US_ASCII);
        Arrays.fill(text, (byte) ' ');
        System.arraycopy(document, 0, text, 0, document.length);
        Arrays.fill(classes, SIZE, classes.length, (byte) -1); // whatever is looked for, it is found there
    }

    private static String document() {
        Numbers numbers = new Numbers(6);
        StringBuilder out = new StringBuilder("[");
        while (out.length() < SIZE - 300) {
            out.append("{\"id\": ").append(numbers.below(1000000));
            letters(out.append(", \"name\": \""), numbers.next());
            letters(out.append("\", \"path\": \"c:\\\\temp\\\\\\\""), numbers.next());
            out.append("\\\"\", \"size\": [-").append(numbers.below(100));
            out.append(".25e3, ").append(numbers.below(10000));
            out.append((numbers.next() & 1) != 0 ? "], \"ok\": true},\n  " : ", null], \"ok\": false},\n  ");
        }
        return out.append("{}]").toString();
    }

    private static void letters(StringBuilder out, long random) {
        int count = 4 + (int) Long.remainderUnsigned(random, 28);
        for (int i = 0; i < count; i++) {
            out.append((char) ('a' + (random >>> i % 16 & 15)));
        }
    }

    @Override
    public String name() {
        return "json";
    }

    @Override
    public long units() {
        return SIZE;
    }

    @Override
    public void run() {
        for (int i = 0; i < SIZE; i++) {
            byte c = text[i];
            int open = c | BRACKET_BIT;
            boolean structure = open == '{' | open == '}' | c == ',' | c == ':';
            classes[i] = (byte) ((c == '"' ? QUOTE : 0)
                    | (c == '\\' ? BACKSLASH : 0)
                    | (structure ? STRUCTURE : 0)
                    | ((c & 0xff) <= ' ' ? SPACE : 0));
        }
        walk();
    }

    void walk() {
        int count = 0;
        for (int at = 0; at < SIZE; ) {
            byte kind = classes[at];
            int begin = at;
            if (kind == QUOTE) {
                at = stringEnd(at);
            } else {
                at = kind == 0 ? next(at, QUOTE | STRUCTURE | SPACE) : at + 1;
            }
            if (kind != SPACE) {
                tokens[2 * count] = begin;
                tokens[2 * count + 1] = at;
                count++;
            }
        }
        tokenCount = count;
    }

    /** The next byte from {@code at} on that has one of the classes. */
    private int next(int at, int wanted) {
        long mask = wanted * EACH_BYTE;
        for (int i = at; ; i += Long.BYTES) {
            long word = (long) WORDS.get(classes, i) & mask;
            if (word != 0) {
                return i + Long.numberOfTrailingZeros(word) / Byte.SIZE;
            }
        }
    }

    private int stringEnd(int open) {
        int at = next(open + 1, QUOTE | BACKSLASH);
        while (at < SIZE && classes[at] == BACKSLASH) {
            at = next(at + 2, QUOTE | BACKSLASH);
        }
        return at + 1;
    }

    /** What the last run found: for a test. */
    List<String> tokens() {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < tokenCount; i++) {
            texts.add(new String(text, tokens[2 * i], tokens[2 * i + 1] - tokens[2 * i], US_ASCII));
        }
        return texts;
    }

    @Override
    public long checksum() {
        return Numbers.hash(tokens, 2 * tokenCount);
    }
}
