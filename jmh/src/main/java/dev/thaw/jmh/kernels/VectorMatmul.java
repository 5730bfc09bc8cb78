package dev.thaw.jmh.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** {@link Matmul} with the Vector API, fused. */
final class VectorMatmul implements Kernel {
    private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
    private static final int N = Matmul.N;

    private final Matmul matmul = new Matmul();

    @Override
    public String name() {
        return matmul.name();
    }

    @Override
    public long units() {
        return matmul.units();
    }

    @Override
    public void run() {
        for (int i = 0; i < N; i++) {
            row(i * N);
        }
    }

    private void row(int row) {
        for (int j = 0; j < N; j += FLOATS.length()) {
            FloatVector.zero(FLOATS).intoArray(matmul.c, row + j);
        }
        for (int k = 0; k < N; k += 4) {
            FloatVector f0 = FloatVector.broadcast(FLOATS, matmul.a[row + k]);
            FloatVector f1 = FloatVector.broadcast(FLOATS, matmul.a[row + k + 1]);
            FloatVector f2 = FloatVector.broadcast(FLOATS, matmul.a[row + k + 2]);
            FloatVector f3 = FloatVector.broadcast(FLOATS, matmul.a[row + k + 3]);
            int at = k * N;
            for (int j = 0; j < N; j += FLOATS.length()) {
                FloatVector sum = FloatVector.fromArray(FLOATS, matmul.c, row + j);
                sum = f0.fma(b(at + j), sum);
                sum = f1.fma(b(at + N + j), sum);
                sum = f2.fma(b(at + 2 * N + j), sum);
                f3.fma(b(at + 3 * N + j), sum).intoArray(matmul.c, row + j);
            }
        }
    }

    private FloatVector b(int at) {
        return FloatVector.fromArray(FLOATS, matmul.b, at);
    }

    @Override
    public long checksum() {
        return matmul.checksum();
    }
}
