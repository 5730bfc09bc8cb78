package dev.thaw.cli.evidence.ab;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Who runs when: a seeded order in each odd round, its reverse in the round after it (A B, B A), so that what drifts
 * steadily meets all variants alike.
 */
record RoundOrder(long seed) {
    private static final long STREAM = 0x9E3779B97F4A7C15L;

    /** Rounds begin with 1. */
    <T> List<T> of(int round, List<T> all) {
        int block = (round - 1) / 2;
        List<T> order = new ArrayList<>(all);
        Collections.shuffle(order, new SplittableRandom(seed * STREAM + block));
        return round % 2 == 1 ? order : order.reversed();
    }
}
