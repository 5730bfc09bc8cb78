package dev.thaw.jmh.kernels;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** {@link JsonTokens} whose bytes the Vector API tells apart; the walk is the same. */
final class VectorJsonTokens implements Kernel {
    private static final VectorSpecies<Byte> BYTES = ByteVector.SPECIES_PREFERRED;

    private final JsonTokens json = new JsonTokens();

    @Override
    public String name() {
        return json.name();
    }

    @Override
    public long units() {
        return json.units();
    }

    @Override
    public void run() {
        for (int i = 0; i < JsonTokens.SIZE; i += BYTES.length()) {
            classes(ByteVector.fromArray(BYTES, json.text, i)).intoArray(json.classes, i);
        }
        json.walk();
    }

    private static ByteVector classes(ByteVector c) {
        ByteVector open = c.or(JsonTokens.BRACKET_BIT);
        VectorMask<Byte> structure =
                open.eq((byte) '{').or(open.eq((byte) '}')).or(c.eq((byte) ',')).or(c.eq((byte) ':'));
        return ByteVector.zero(BYTES)
                .blend(JsonTokens.SPACE, c.compare(VectorOperators.ULE, (byte) ' '))
                .blend(JsonTokens.STRUCTURE, structure)
                .blend(JsonTokens.QUOTE, c.eq((byte) '"'))
                .blend(JsonTokens.BACKSLASH, c.eq((byte) '\\'));
    }

    @Override
    public long checksum() {
        return json.checksum();
    }
}
