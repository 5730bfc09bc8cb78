package dev.thaw.jmh.kernels;

/** Dot product of floats that are small whole numbers: exact in every order. */
final class Dot implements Kernel {
    static final int PART = 1040;
    private static final int N = 4 * PART;

    final float[] a = new float[N];
    final float[] b = new float[N];
    float sum;

    Dot() {
        Numbers numbers = new Numbers(1);
        for (int i = 0; i < N; i++) {
            a[i] = numbers.small();
            b[i] = numbers.small();
        }
    }

    @Override
    public String name() {
        return "dot";
    }

    @Override
    public long units() {
        return N;
    }

    @Override
    public void run() {
        float s0 = 0;
        float s1 = 0;
        float s2 = 0;
        float s3 = 0;
        for (int i = 0; i < PART; i++) {
            s0 += a[i] * b[i];
            s1 += a[i + PART] * b[i + PART];
            s2 += a[i + 2 * PART] * b[i + 2 * PART];
            s3 += a[i + 3 * PART] * b[i + 3 * PART];
        }
        sum = s0 + s1 + (s2 + s3);
    }

    @Override
    public long checksum() {
        return Numbers.hash(new int[] {(int) sum}, 1);
    }
}
