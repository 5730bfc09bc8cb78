package dev.thaw.jmh.kernels;

import jdk.incubator.vector.FloatVector;

/** How wide the vectors are that the Vector API takes to be best on this processor. */
final class VectorWidth {
    private VectorWidth() {}

    static int bits() {
        return FloatVector.SPECIES_PREFERRED.vectorBitSize();
    }
}
