package dev.thaw.runtimebridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.thaw.results.FaultPhase;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.jspecify.annotations.Nullable;

/** Which inits, events and shutdowns get a fault; no clock, no thread, no state. */
final class FaultPlanTest {
    private static final int DRAWS = 10_000;

    @Property(tries = 50)
    void shouldHonourTheRateOfEveryRule(
            @ForAll long seed,
            @ForAll @AlphaChars @StringLength(min = 1, max = 20) String function,
            @ForAll @IntRange(min = 1, max = 50) int first,
            @ForAll @IntRange(min = 1, max = 50) int second) {
        FaultPlan plan = plan(seed, "crash@invoke:" + first + "%", "hang@invoke:" + second + "%", "crash@init:100%");

        assertShare(plan, function, 0, first);
        assertShare(plan, function, 1, second);
        assertThat(draws(plan, function, FaultPhase.INIT))
                .containsOnly(plan.rules().get(2));
    }

    /** Six standard deviations: fails once in five hundred million tries. */
    private static void assertShare(FaultPlan plan, String function, int rule, int percent) {
        long hits = draws(plan, function, FaultPhase.INVOKE).stream()
                .filter(plan.rules().get(rule)::equals)
                .count();
        double share = percent / 100.0;
        double spread = 6 * Math.sqrt(DRAWS * share * (1 - share));
        assertThat((double) hits).isCloseTo(DRAWS * share, within(spread));
    }

    @Property(tries = 50)
    void shouldGiveTheSameFaultsForTheSameSeedAndOthersForAnother(@ForAll long seed) {
        FaultPlan plan = plan(seed, "crash@invoke:30%", "delay@invoke:20%,5ms");
        FaultPlan same = new FaultPlan(seed, plan.rules());
        FaultPlan other = new FaultPlan(seed + 1, plan.rules());

        assertThat(draws(same, "f", FaultPhase.INVOKE)).isEqualTo(draws(plan, "f", FaultPhase.INVOKE));
        assertThat(draws(other, "f", FaultPhase.INVOKE)).isNotEqualTo(draws(plan, "f", FaultPhase.INVOKE));
    }

    /** Both hit in a quarter of the draws, as independent ones do. */
    @Property(tries = 50)
    void shouldDrawForEachFunctionAndPhaseOnItsOwn(@ForAll long seed) {
        FaultPlan plan = plan(seed, "crash@invoke:50%", "crash@init:50%", "hang@shutdown:50%");

        assertThat(both(draws(plan, "f", FaultPhase.INVOKE), draws(plan, "g", FaultPhase.INVOKE)))
                .isCloseTo(0.25, within(0.03));
        assertThat(both(draws(plan, "f", FaultPhase.INVOKE), draws(plan, "f", FaultPhase.INIT)))
                .isCloseTo(0.25, within(0.03));
        assertThat(both(draws(plan, "f", FaultPhase.INVOKE), draws(plan, "f", FaultPhase.SHUTDOWN)))
                .isCloseTo(0.25, within(0.03));
    }

    private static double both(List<@Nullable FaultRule> some, List<@Nullable FaultRule> others) {
        long hits = LongStream.range(0, DRAWS)
                .filter(i -> some.get((int) i) != null && others.get((int) i) != null)
                .count();
        return hits / (double) DRAWS;
    }

    @Property(tries = 50)
    void shouldNotChangeAFunctionsFaultsByRulesForOthers(@ForAll long seed) {
        FaultPlan alone = plan(seed, "crash@invoke:30%");
        FaultPlan beside = plan(seed, "hang@invoke:60%,function=other-*", "crash@invoke:30%");

        assertThat(draws(beside, "f", FaultPhase.INVOKE)).isEqualTo(draws(alone, "f", FaultPhase.INVOKE));
    }

    @Example
    void shouldConcernOnlyTheFunctionsNamed() {
        FaultPlan plan = plan(1, "crash@invoke:100%,function=img-*");

        assertThat(draws(plan, "img-resize", FaultPhase.INVOKE)).doesNotContainNull();
        assertThat(draws(plan, "img", FaultPhase.INVOKE)).containsOnlyNulls();
        assertThat(draws(plan, "other-img-resize", FaultPhase.INVOKE)).containsOnlyNulls();
    }

    @Example
    void shouldRefuseRatesAboveTheWhole() {
        assertThatThrownBy(() -> plan(1, "crash@invoke:60%", "hang@invoke:50%"))
                .hasMessage(
                        "crash@invoke: the rates of this phase add up to 110.0% where function=* is concerned, must be"
                                + " at most 100%");
        assertThatThrownBy(() -> plan(1, "crash@invoke:80%,function=a", "hang@invoke:80%"))
                .hasMessageContaining("add up to 160.0% where function=a is concerned");
        assertThatThrownBy(() -> plan(1, "crash@invoke:80%,function=a*", "hang@invoke:80%,function=ab"))
                .hasMessageContaining("160.0%");
        assertThat(plan(1, "crash@invoke:80%,function=a", "hang@invoke:80%,function=b")
                        .rules())
                .hasSize(2);
        assertThat(plan(1, "crash@invoke:60%", "hang@init:50%").rules()).hasSize(2);
    }

    private static FaultPlan plan(long seed, String... rules) {
        return new FaultPlan(seed, Stream.of(rules).map(FaultRule::parse).toList());
    }

    private static List<@Nullable FaultRule> draws(FaultPlan plan, String function, FaultPhase phase) {
        return LongStream.range(0, DRAWS)
                .<@Nullable FaultRule>mapToObj(number -> plan.draw(function, phase, number))
                .toList();
    }
}
