package dev.thaw.jmh.kernels;

/** Pseudo-random numbers (splitmix64) and checksums (FNV-1a, 64 bits), as in {@code examples/c/kernels/kernels.c}. */
final class Numbers {
    private static final long FNV_START = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private long state;

    Numbers(long seed) {
        state = seed;
    }

    long next() {
        state += 0x9e3779b97f4a7c15L;
        long z = (state ^ state >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }

    /** The next number modulo the bound, unsigned. */
    int below(int bound) {
        return (int) Long.remainderUnsigned(next(), bound);
    }

    /** A whole number from -8 to 7: sums of products of these are exact in any order. */
    float small() {
        return (next() & 15) - 8.0f;
    }

    static long hash(byte[] data, int bytes) {
        long hash = FNV_START;
        for (int i = 0; i < bytes; i++) {
            hash = (hash ^ data[i] & 0xff) * FNV_PRIME;
        }
        return hash;
    }

    /** Of the integers' bytes, lowest first. */
    static long hash(int[] data, int count) {
        long hash = FNV_START;
        for (int i = 0; i < count; i++) {
            for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
                hash = (hash ^ data[i] >>> shift & 0xff) * FNV_PRIME;
            }
        }
        return hash;
    }

    /** Of the numbers' bytes, lowest first. */
    static long hash(long[] data) {
        long hash = FNV_START;
        for (long each : data) {
            for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
                hash = (hash ^ each >>> shift & 0xff) * FNV_PRIME;
            }
        }
        return hash;
    }
}
