package dev.thaw.jmh.kernels;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** {@link Blur} with the Vector API, in shorts. */
final class VectorBlur implements Kernel {
    private static final VectorSpecies<Short> SHORTS = ShortVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Byte> BYTES =
            VectorSpecies.of(byte.class, VectorShape.forBitSize(SHORTS.vectorBitSize() / 2));
    private static final int WIDTH = Blur.WIDTH;

    private final Blur blur = new Blur();

    @Override
    public String name() {
        return blur.name();
    }

    @Override
    public long units() {
        return blur.units();
    }

    @Override
    public void run() {
        for (int y = 1; y < Blur.HEIGHT - 1; y++) {
            row(y * WIDTH);
        }
    }

    private void row(int row) {
        for (int x = 0; x < WIDTH; x += SHORTS.length()) {
            pixels(row - WIDTH + x)
                    .add(pixels(row + x))
                    .add(pixels(row + WIDTH + x))
                    .intoArray(blur.columns, x);
        }
        int last = WIDTH - 1 - SHORTS.length();
        for (int x = 1; x < last; x += SHORTS.length()) {
            means(row, x);
        }
        means(row, last); // some a second time, instead of fewer
    }

    private ShortVector pixels(int at) {
        return (ShortVector)
                ByteVector.fromArray(BYTES, blur.from, at).convertShape(VectorOperators.ZERO_EXTEND_B2S, SHORTS, 0);
    }

    /**
     * Divides by 9 in 16 bits: a quotient that is at most 4 too small, then the rest's own. Exact for all sums up to
     * 9 * 255 + 4, whose products stay below 2^16.
     */
    private void means(int row, int x) {
        ShortVector sum = ShortVector.fromArray(SHORTS, blur.columns, x - 1)
                .add(ShortVector.fromArray(SHORTS, blur.columns, x))
                .add(ShortVector.fromArray(SHORTS, blur.columns, x + 1))
                .add((short) 4);
        ShortVector about = sum.mul((short) 28).lanewise(VectorOperators.LSHR, 8);
        ShortVector rest = sum.sub(about.mul((short) 9));
        ShortVector mean = about.add(rest.mul((short) 57).lanewise(VectorOperators.LSHR, 9));
        ((ByteVector) mean.convertShape(VectorOperators.S2B, BYTES, 0)).intoArray(blur.to, row + x);
    }

    @Override
    public long checksum() {
        return blur.checksum();
    }
}
