package dev.thaw.cli.evidence.ab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thaw.cli.evidence.ab.Alternation.Rounds;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class AlternationTest {
    private static final long SEC_NS = 1_000_000_000L;

    private final List<String> ran = new ArrayList<>();
    private final List<Integer> looked = new ArrayList<>();
    private long nowNs = 5 * SEC_NS;
    private int tightAfter = Integer.MAX_VALUE;
    private String failing = "";

    private void run(String variant, int round) throws VariantFailure {
        if (failing.equals(variant + round)) {
            throw new VariantFailure(variant, round, "ended with exit code 2: nobody is there");
        }
        nowNs += 10 * SEC_NS;
        ran.add(variant + round);
    }

    private boolean look(int rounds) {
        looked.add(rounds);
        return rounds >= tightAfter;
    }

    private Alternation of(int atLeast, int atMost, Duration budget, String... variants) {
        Rounds rounds = new Rounds(atLeast, atMost, budget);
        return new Alternation(List.of(variants), 1, rounds, this::run, this::look, () -> nowNs);
    }

    @Test
    void shouldRunEverySecondRoundInTheOppositeOrder() throws IOException, InterruptedException, VariantFailure {
        assertThat(of(4, 20, Rounds.UNLIMITED, "a", "b", "c").run(0)).isEqualTo("all rounds are done");

        assertThat(ran).hasSize(60).doesNotHaveDuplicates();
        Set<List<String>> orders = new HashSet<>();
        for (int round = 0; round < 20; round += 2) {
            List<String> first = names(round);
            assertThat(names(round + 1)).isEqualTo(first.reversed());
            orders.add(first);
        }
        assertThat(orders).as("drawn anew for each two rounds").hasSizeGreaterThan(2);
        List<String> once = List.copyOf(ran);
        ran.clear();
        of(4, 20, Rounds.UNLIMITED, "a", "b", "c").run(0);
        assertThat(ran).as("seeded").isEqualTo(once);
    }

    private List<String> names(int round) {
        return ran.subList(3 * round, 3 * round + 3).stream()
                .map(each -> each.substring(0, 1))
                .toList();
    }

    @Test
    void shouldEndWhereTheIntervalsAreTightAfterARoundThatLevelsTheOrder()
            throws IOException, InterruptedException, VariantFailure {
        tightAfter = 7;

        assertThat(of(4, 20, Rounds.UNLIMITED, "a", "b").run(0)).isEqualTo("as tight as asked");
        assertThat(looked).containsExactly(1, 4, 6, 8, 10);
        assertThat(ran).as("tight at two looks in a row").hasSize(20);
    }

    @Test
    void shouldBeginNoTwoRoundsThatTheBudgetDoesNotHold() throws IOException, InterruptedException, VariantFailure {
        assertThat(of(4, 20, Duration.ofSeconds(119), "a", "b").run(0)).isEqualTo("the time is spent");
        assertThat(ran).as("twice two rounds of 20 s").hasSize(8);

        ran.clear();
        assertThat(of(4, 20, Duration.ofSeconds(1), "a", "b").run(0)).isEqualTo("the time is spent");
        assertThat(ran).as("the first two always").hasSize(4);
    }

    @Test
    void shouldGoOnWhereItWasStopped() throws IOException, InterruptedException, VariantFailure {
        of(4, 6, Rounds.UNLIMITED, "a", "b").run(0);
        List<String> whole = List.copyOf(ran);
        ran.clear();
        failing = whole.get(7);
        assertThatThrownBy(() -> of(4, 6, Rounds.UNLIMITED, "a", "b").run(0))
                .isInstanceOf(VariantFailure.class)
                .hasMessage("variant " + failing.charAt(0) + ", round 4: ended with exit code 2: nobody is there");
        assertThat(ran).isEqualTo(whole.subList(0, 7));

        failing = "";
        ran.clear();
        of(4, 6, Rounds.UNLIMITED, "a", "b").run(3);
        assertThat(ran).isEqualTo(whole.subList(6, 12));
    }
}
