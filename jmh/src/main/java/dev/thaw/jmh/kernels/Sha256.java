package dev.thaw.jmh.kernels;

/** SHA-256 (FIPS 180-4) of 16 messages of the same size, which lie in lanes side by side: {@code [word][lane]}. */
final class Sha256 implements Kernel {
    static final int LANES = 16;
    static final int ROUNDS = 64;
    static final int WORDS = 8;
    static final int BLOCK_WORDS = 16;
    private static final int BLOCK_BYTES = 64;
    private static final int MESSAGE_BYTES = 4096;
    private static final int LENGTH_BYTES = 8;

    /** Fractions of the cube roots of the first 64 primes (FIPS 180-4, 4.2.2). */
    static final int[] K = {
        0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98,
        0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
        0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8,
        0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
        0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819,
        0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
        0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
        0xc67178f2
    };

    static final int[] START = {
        0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19
    };

    static final int BLOCKS = blocks(MESSAGE_BYTES);

    final int[] messages = new int[BLOCKS * BLOCK_WORDS * LANES];
    final int[] digests = new int[WORDS * LANES];
    private final int[] w = new int[ROUNDS];

    Sha256() {
        Numbers numbers = new Numbers(5);
        for (int lane = 0; lane < LANES; lane++) {
            byte[] message = new byte[MESSAGE_BYTES];
            for (int i = 0; i < message.length; i++) {
                message[i] = (byte) numbers.next();
            }
            layOut(message, lane);
        }
    }

    private static int blocks(int bytes) {
        return (bytes + LENGTH_BYTES) / BLOCK_BYTES + 1;
    }

    /** The message with its padding, as big-endian words, into one lane. */
    private void layOut(byte[] message, int lane) {
        int padded = blocks(message.length) * BLOCK_BYTES;
        for (int i = 0; i < padded; i++) {
            int word = i / Integer.BYTES * LANES + lane;
            messages[word] = messages[word] << Byte.SIZE | padded(message, i, padded - 1 - i);
        }
    }

    private static int padded(byte[] message, int i, int fromEnd) {
        if (i < message.length) {
            return message[i] & 0xff;
        }
        if (i == message.length) {
            return 0x80;
        }
        return fromEnd < LENGTH_BYTES ? (int) (message.length * 8L >>> Byte.SIZE * fromEnd) & 0xff : 0;
    }

    @Override
    public String name() {
        return "sha256";
    }

    @Override
    public long units() {
        return (long) LANES * MESSAGE_BYTES;
    }

    @Override
    public void run() {
        for (int i = 0; i < digests.length; i++) {
            digests[i] = START[i / LANES];
        }
        for (int block = 0; block < BLOCKS; block++) {
            for (int lane = 0; lane < LANES; lane++) {
                schedule(block * BLOCK_WORDS * LANES + lane);
                compress(lane);
            }
        }
    }

    private void schedule(int from) {
        for (int i = 0; i < BLOCK_WORDS; i++) {
            w[i] = messages[from + i * LANES];
        }
        for (int i = BLOCK_WORDS; i < ROUNDS; i++) {
            int w15 = w[i - 15];
            int w2 = w[i - 2];
            int s0 = Integer.rotateRight(w15, 7) ^ Integer.rotateRight(w15, 18) ^ w15 >>> 3;
            int s1 = Integer.rotateRight(w2, 17) ^ Integer.rotateRight(w2, 19) ^ w2 >>> 10;
            w[i] = w[i - 16] + s0 + w[i - 7] + s1;
        }
    }

    private void compress(int lane) {
        int a = digests[lane];
        int b = digests[LANES + lane];
        int c = digests[2 * LANES + lane];
        int d = digests[3 * LANES + lane];
        int e = digests[4 * LANES + lane];
        int f = digests[5 * LANES + lane];
        int g = digests[6 * LANES + lane];
        int h = digests[7 * LANES + lane];
        for (int i = 0; i < ROUNDS; i++) {
            int s1 = Integer.rotateRight(e, 6) ^ Integer.rotateRight(e, 11) ^ Integer.rotateRight(e, 25);
            int t1 = h + s1 + (e & f ^ ~e & g) + K[i] + w[i];
            int s0 = Integer.rotateRight(a, 2) ^ Integer.rotateRight(a, 13) ^ Integer.rotateRight(a, 22);
            int t2 = s0 + (a & b ^ a & c ^ b & c);
            h = g;
            g = f;
            f = e;
            e = d + t1;
            d = c;
            c = b;
            b = a;
            a = t1 + t2;
        }
        digests[lane] += a;
        digests[LANES + lane] += b;
        digests[2 * LANES + lane] += c;
        digests[3 * LANES + lane] += d;
        digests[4 * LANES + lane] += e;
        digests[5 * LANES + lane] += f;
        digests[6 * LANES + lane] += g;
        digests[7 * LANES + lane] += h;
    }

    @Override
    public long checksum() {
        return Numbers.hash(digests, digests.length);
    }
}
