package dev.thaw.jmh.kernels;

import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorSpecies;

/** {@link Copy} with the Vector API. */
final class VectorCopy implements Kernel {
    private static final VectorSpecies<Long> LONGS = LongVector.SPECIES_PREFERRED;

    private final Copy copy = new Copy();

    @Override
    public String name() {
        return copy.name();
    }

    @Override
    public long units() {
        return copy.units();
    }

    @Override
    public void run() {
        for (int i = 0; i < Copy.WORDS; i += LONGS.length()) {
            LongVector.fromArray(LONGS, copy.from, i).intoArray(copy.to, i);
        }
    }

    @Override
    public long checksum() {
        return copy.checksum();
    }
}
