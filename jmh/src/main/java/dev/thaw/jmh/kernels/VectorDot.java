package dev.thaw.jmh.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** {@link Dot} with the Vector API, fused. */
final class VectorDot implements Kernel {
    private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;

    private final Dot dot = new Dot();

    @Override
    public String name() {
        return dot.name();
    }

    @Override
    public long units() {
        return dot.units();
    }

    @Override
    public void run() {
        FloatVector s0 = FloatVector.zero(FLOATS);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        for (int i = 0; i < Dot.PART; i += FLOATS.length()) {
            s0 = a(i).fma(b(i), s0);
            s1 = a(i + Dot.PART).fma(b(i + Dot.PART), s1);
            s2 = a(i + 2 * Dot.PART).fma(b(i + 2 * Dot.PART), s2);
            s3 = a(i + 3 * Dot.PART).fma(b(i + 3 * Dot.PART), s3);
        }
        dot.sum = s0.add(s1).add(s2.add(s3)).reduceLanes(VectorOperators.ADD);
    }

    private FloatVector a(int at) {
        return FloatVector.fromArray(FLOATS, dot.a, at);
    }

    private FloatVector b(int at) {
        return FloatVector.fromArray(FLOATS, dot.b, at);
    }

    @Override
    public long checksum() {
        return dot.checksum();
    }
}
