package dev.thaw.jmh.kernels;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** {@link Lz} whose hashes the Vector API makes; the choice of matches is the same. */
final class VectorLz implements Kernel {
    private static final VectorSpecies<Byte> BYTES = ByteVector.SPECIES_PREFERRED;

    private final Lz lz = new Lz();

    @Override
    public String name() {
        return lz.name();
    }

    @Override
    public long units() {
        return lz.units();
    }

    @Override
    public void run() {
        for (int shift = 0; shift < Integer.BYTES; shift++) {
            int plane = shift * (Lz.SIZE / Integer.BYTES);
            // The text has eight bytes more than it holds, and a last vector that begins three bytes later needs three.
            for (int i = 0; i < Lz.SIZE; i += BYTES.length()) {
                IntVector fours =
                        ByteVector.fromArray(BYTES, lz.text, i + shift).reinterpretAsInts();
                fours.mul(Lz.MULTIPLIER)
                        .lanewise(VectorOperators.LSHR, Integer.SIZE - Lz.HASH_BITS)
                        .intoArray(lz.hashes, plane + i / Integer.BYTES);
            }
        }
        lz.parse();
    }

    @Override
    public long checksum() {
        return lz.checksum();
    }
}
