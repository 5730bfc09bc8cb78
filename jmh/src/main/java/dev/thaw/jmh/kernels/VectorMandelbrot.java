package dev.thaw.jmh.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** {@link Mandelbrot} with the Vector API: pixels side by side, not fused, in the same order. */
final class VectorMandelbrot implements Kernel {
    private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;

    private final Mandelbrot mandelbrot = new Mandelbrot();
    private final float[] lefts = new float[Mandelbrot.WIDTH];

    VectorMandelbrot() {
        for (int x = 0; x < lefts.length; x++) {
            lefts[x] = Mandelbrot.left(x);
        }
    }

    @Override
    public String name() {
        return mandelbrot.name();
    }

    @Override
    public long units() {
        return mandelbrot.units();
    }

    @Override
    public void run() {
        for (int y = 0; y < Mandelbrot.HEIGHT; y++) {
            FloatVector cy = FloatVector.broadcast(FLOATS, Mandelbrot.top(y));
            for (int x = 0; x < Mandelbrot.WIDTH; x += FLOATS.length()) {
                pixels(FloatVector.fromArray(FLOATS, lefts, x), cy)
                        .intoArray(mandelbrot.counts, y * Mandelbrot.WIDTH + x);
            }
        }
    }

    private static IntVector pixels(FloatVector cx, FloatVector cy) {
        FloatVector zx = FloatVector.zero(FLOATS);
        FloatVector zy = zx;
        IntVector count = IntVector.zero(INTS);
        for (int i = 0; i < Mandelbrot.ITERATIONS; i++) {
            FloatVector xx = zx.mul(zx);
            FloatVector yy = zy.mul(zy);
            VectorMask<Integer> inside =
                    xx.add(yy).compare(VectorOperators.LE, 4.0f).cast(INTS);
            count = count.add(1, inside);
            zy = zx.mul(zy).mul(2.0f).add(cy);
            zx = xx.sub(yy).add(cx);
        }
        return count;
    }

    @Override
    public long checksum() {
        return mandelbrot.checksum();
    }
}
