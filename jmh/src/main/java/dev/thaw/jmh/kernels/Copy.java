package dev.thaw.jmh.kernels;

/** Memory copy, word by word. */
final class Copy implements Kernel {
    static final int WORDS = 2048;

    final long[] from = new long[WORDS];
    final long[] to = new long[WORDS];

    Copy() {
        Numbers numbers = new Numbers(4);
        for (int i = 0; i < WORDS; i++) {
            from[i] = numbers.next();
        }
    }

    @Override
    public String name() {
        return "copy";
    }

    @Override
    public long units() {
        return (long) WORDS * Long.BYTES;
    }

    @Override
    @SuppressWarnings("ManualArrayCopy") // the loop is what is compared
    public void run() {
        for (int i = 0; i < WORDS; i++) {
            to[i] = from[i];
        }
    }

    @Override
    public long checksum() {
        return Numbers.hash(to);
    }
}
