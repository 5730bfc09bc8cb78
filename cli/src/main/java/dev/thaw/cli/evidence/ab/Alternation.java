package dev.thaw.cli.evidence.ab;

import dev.thaw.results.compare.Tightness;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.agrona.concurrent.NanoClock;

/**
 * Rounds of one run of each variant, two by two, until the intervals are tight enough or the budget is spent. What the
 * runs say for or against a variant never decides how many there are.
 */
public final class Alternation {
    private final List<String> variants;
    private final RoundOrder order;
    private final Rounds rounds;
    private final Trial trial;
    private final Look look;
    private final NanoClock clock;

    /**
     * How many.
     *
     * @param atLeast before anybody looks at how tight the intervals are
     * @param atMost however wide they are
     * @param budget no two rounds are begun that would last longer, by the longest so far; the first two always are
     */
    public record Rounds(int atLeast, int atMost, Duration budget) {
        /** As good as no budget. */
        public static final Duration UNLIMITED = Duration.ofDays(365);
    }

    /** Makes one run. */
    @FunctionalInterface
    public interface Trial {
        /** Fails with a line that says why there is none; interrupted where it is to end. */
        void run(String variant, int round) throws IOException, InterruptedException, VariantFailure;
    }

    /** Looks at how tight the intervals are, after so many complete rounds; the first is for finding mistakes early. */
    @FunctionalInterface
    public interface Look {
        boolean isTightEnough(int rounds) throws IOException;
    }

    public Alternation(List<String> variants, long seed, Rounds rounds, Trial trial, Look look, NanoClock clock) {
        this.variants = List.copyOf(variants);
        this.order = new RoundOrder(seed);
        this.rounds = rounds;
        this.trial = trial;
        this.look = look;
        this.clock = clock;
    }

    /** Goes on after so many rounds; says why it ended. */
    public String run(int done) throws IOException, InterruptedException, VariantFailure {
        long startNs = clock.nanoTime();
        long longestNs = 0;
        int inARow = 0;
        for (int round = done + 1; round <= rounds.atMost; round++) {
            long beganNs = clock.nanoTime();
            if (round % 2 == 1 && beganNs - startNs + 2 * longestNs > rounds.budget.toNanos()) {
                return "the time is spent";
            }
            for (String variant : order.of(round, variants)) {
                trial.run(variant, round);
            }
            longestNs = Math.max(longestNs, clock.nanoTime() - beganNs);
            boolean due = round % 2 == 0 && round >= rounds.atLeast;
            boolean tight = (round == 1 || due) && look.isTightEnough(round);
            inARow = due ? tight ? inARow + 1 : 0 : inARow;
            if (inARow == Tightness.IN_A_ROW) {
                return "as tight as asked";
            }
        }
        return "all rounds are done";
    }
}
