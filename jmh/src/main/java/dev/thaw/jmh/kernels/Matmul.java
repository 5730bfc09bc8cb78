package dev.thaw.jmh.kernels;

/** Product of two square matrices of small whole numbers in floats, row by row in one array. */
final class Matmul implements Kernel {
    static final int N = 128;

    final float[] a = new float[N * N];
    final float[] b = new float[N * N];
    final float[] c = new float[N * N];

    Matmul() {
        Numbers numbers = new Numbers(2);
        for (int i = 0; i < N * N; i++) {
            a[i] = numbers.small();
            b[i] = numbers.small();
        }
    }

    @Override
    public String name() {
        return "matmul";
    }

    @Override
    public long units() {
        return (long) N * N * N;
    }

    @Override
    public void run() {
        for (int i = 0; i < N; i++) {
            row(i * N);
        }
    }

    private void row(int row) {
        for (int j = 0; j < N; j++) {
            c[row + j] = 0;
        }
        for (int k = 0; k < N; k += 4) {
            float f0 = a[row + k];
            float f1 = a[row + k + 1];
            float f2 = a[row + k + 2];
            float f3 = a[row + k + 3];
            int at = k * N;
            for (int j = 0; j < N; j++) {
                c[row + j] += f0 * b[at + j] + f1 * b[at + N + j] + f2 * b[at + 2 * N + j] + f3 * b[at + 3 * N + j];
            }
        }
    }

    @Override
    public long checksum() {
        int[] whole = new int[N * N];
        for (int i = 0; i < whole.length; i++) {
            whole[i] = (int) c[i];
        }
        return Numbers.hash(whole, whole.length);
    }
}
