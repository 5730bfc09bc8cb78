package dev.thaw.jmh.kernels;

import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** {@link Sha256} with the Vector API: as many messages at a time as a vector has lanes. */
final class VectorSha256 implements Kernel {
    private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
    private static final int LANES = Sha256.LANES;

    private final Sha256 sha256 = new Sha256();
    private final int[] w = new int[Sha256.ROUNDS * LANES];

    @Override
    public String name() {
        return sha256.name();
    }

    @Override
    public long units() {
        return sha256.units();
    }

    @Override
    public void run() {
        for (int i = 0; i < sha256.digests.length; i++) {
            sha256.digests[i] = Sha256.START[i / LANES];
        }
        for (int block = 0; block < Sha256.BLOCKS; block++) {
            for (int lane = 0; lane < LANES; lane += INTS.length()) {
                schedule(block * Sha256.BLOCK_WORDS * LANES, lane);
                compress(lane);
            }
        }
    }

    private void schedule(int from, int lane) {
        for (int i = 0; i < Sha256.BLOCK_WORDS; i++) {
            IntVector.fromArray(INTS, sha256.messages, from + i * LANES + lane).intoArray(w, i * LANES + lane);
        }
        for (int i = Sha256.BLOCK_WORDS; i < Sha256.ROUNDS; i++) {
            IntVector w15 = w(i - 15, lane);
            IntVector w2 = w(i - 2, lane);
            IntVector s0 = three(w15, 7, 18).lanewise(VectorOperators.XOR, w15.lanewise(VectorOperators.LSHR, 3));
            IntVector s1 = three(w2, 17, 19).lanewise(VectorOperators.XOR, w2.lanewise(VectorOperators.LSHR, 10));
            w(i - 16, lane).add(s0).add(w(i - 7, lane)).add(s1).intoArray(w, i * LANES + lane);
        }
    }

    private IntVector w(int i, int lane) {
        return IntVector.fromArray(INTS, w, i * LANES + lane);
    }

    private static IntVector three(IntVector x, int first, int second) {
        return x.lanewise(VectorOperators.ROR, first)
                .lanewise(VectorOperators.XOR, x.lanewise(VectorOperators.ROR, second));
    }

    private static IntVector sigma(IntVector x, int first, int second, int third) {
        return three(x, first, second).lanewise(VectorOperators.XOR, x.lanewise(VectorOperators.ROR, third));
    }

    private static IntVector choose(IntVector e, IntVector f, IntVector g) {
        return e.and(f).lanewise(VectorOperators.XOR, e.not().and(g));
    }

    private static IntVector majority(IntVector a, IntVector b, IntVector c) {
        return a.and(b).or(c.and(a.or(b)));
    }

    private void compress(int lane) {
        IntVector a = digest(0, lane);
        IntVector b = digest(1, lane);
        IntVector c = digest(2, lane);
        IntVector d = digest(3, lane);
        IntVector e = digest(4, lane);
        IntVector f = digest(5, lane);
        IntVector g = digest(6, lane);
        IntVector h = digest(7, lane);
        for (int i = 0; i < Sha256.ROUNDS; i++) {
            IntVector t1 = h.add(sigma(e, 6, 11, 25))
                    .add(choose(e, f, g))
                    .add(Sha256.K[i])
                    .add(w(i, lane));
            IntVector t2 = sigma(a, 2, 13, 22).add(majority(a, b, c));
            h = g;
            g = f;
            f = e;
            e = d.add(t1);
            d = c;
            c = b;
            b = a;
            a = t1.add(t2);
        }
        add(a, 0, lane);
        add(b, 1, lane);
        add(c, 2, lane);
        add(d, 3, lane);
        add(e, 4, lane);
        add(f, 5, lane);
        add(g, 6, lane);
        add(h, 7, lane);
    }

    private IntVector digest(int word, int lane) {
        return IntVector.fromArray(INTS, sha256.digests, word * LANES + lane);
    }

    private void add(IntVector value, int word, int lane) {
        digest(word, lane).add(value).intoArray(sha256.digests, word * LANES + lane);
    }

    @Override
    public long checksum() {
        return sha256.checksum();
    }
}
