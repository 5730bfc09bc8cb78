package dev.thaw.results.compare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.results.statistics.Design;
import dev.thaw.results.statistics.RatioEstimate;
import dev.thaw.results.statistics.RatioTest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A thousand pairs of runs whose truth is known: what the statistics say of them, and how often that is right. */
@Tag("slow")
final class KnownAnswersTest {
    private static final int PAIRS = 1000;
    private static final double SIGMA = 0.4;
    private static final int DRAWS = 400;
    private static final int EXCHANGES = 499;

    @ParameterizedTest
    @CsvSource({
        "true, 0.00, 0.0",
        "true, 0.05, 0.5",
        "false, 0.05, 0.5",
        "false, 0.10, 0.5",
        "true, 0.10, 0.6",
        "false, 0.10, 0.6"
    })
    void shouldCoverTheKnownShiftInAbout95Of100Intervals(boolean paired, double spread, double likeness) {
        double ratio = 1.10;
        Map<String, Integer> covered = new LinkedHashMap<>();
        for (int pair = 0; pair < PAIRS; pair++) {
            for (Claim claim : claims(pair, ratio, SIGMA, spread, likeness)) {
                RatioEstimate estimate = claim.estimate(new RatioTest(design(paired), DRAWS, 0, pair));
                boolean holds = estimate.low() <= ratio && ratio <= estimate.high();
                covered.merge(claim.metric().name(), holds ? 1 : 0, Integer::sum);
            }
        }
        System.out.println("covered of " + PAIRS + ": " + covered);
        assertThat(covered)
                .hasSize(4)
                .allSatisfy((_, count) -> assertThat(count).isBetween(930, 970));
    }

    @ParameterizedTest
    @CsvSource({"true, 0.15, 0.5", "false, 0.15, 0.5"})
    void shouldStopAtMostOneChangeInAHundredWhereNothingChanged(boolean paired, double spread, double likeness) {
        Gate gate = new Gate(0.05);
        int stopped = 0;
        int over = 0;
        for (int pair = 0; pair < PAIRS; pair++) {
            List<Finding> findings = findings(pair, 1, SIGMA, spread, likeness, paired);
            stopped += findings.stream().anyMatch(each -> gate.stops(each, 1)) ? 1 : 0;
            over += findings.stream().anyMatch(each -> each.worseBy() > gate.limit()) ? 1 : 0;
        }
        System.out.println("stopped of " + PAIRS + ": " + stopped + ", over the limit by chance: " + over);
        assertThat(over).as("pairs that a limit alone would have stopped").isGreaterThan(PAIRS / 5);
        assertThat(stopped).isLessThanOrEqualTo(PAIRS / 100);
    }

    @Test
    void shouldFindAShiftOf5PercentOfP99AsOftenAsPromised() {
        double promised = 0;
        double detectable = 0;
        int found = 0;
        for (int pair = 0; pair < PAIRS; pair++) {
            Finding p99 = findings(pair, 1.05, 0.12, 0.015, 0.4, true).stream()
                    .filter(each -> each.metric().name().equals("latency.p99"))
                    .findFirst()
                    .orElseThrow();
            promised += p99.estimate().power(ComparisonSettings.DEFAULT_LEVEL / 4, 0.05);
            detectable += p99.detectable();
            found += p99.verdict() == Verdict.WORSE ? 1 : 0;
        }
        System.out.println("found of " + PAIRS + ": " + found + ", promised " + Math.round(promised)
                + ", detectable on average " + detectable / PAIRS);
        assertThat(found / (double) PAIRS).isGreaterThan(promised / PAIRS - 0.03);
    }

    private static Design design(boolean paired) {
        return new Design(Units.STRETCHES, Units.STRETCHES, paired, true);
    }

    private static List<Claim> claims(long pair, double ratio, double sigma, double spread, double likeness) {
        List<Figure> a = SyntheticSide.of(2 * pair, 1, sigma, spread, likeness).figures();
        List<Figure> b =
                SyntheticSide.of(2 * pair + 1, ratio, sigma, spread, likeness).figures();
        List<Claim> claims = new ArrayList<>();
        for (int i = 0; i < a.size(); i++) {
            claims.addAll(Claim.of(a.get(i), b.get(i), 0));
        }
        return claims;
    }

    private static List<Finding> findings(
            long pair, double ratio, double sigma, double spread, double likeness, boolean paired) {
        Family family = new Family(ComparisonSettings.DEFAULT_LEVEL);
        for (Claim claim : claims(pair, ratio, sigma, spread, likeness)) {
            family.add(claim.metric(), claim.estimate(new RatioTest(design(paired), 200, EXCHANGES, pair)));
        }
        return family.findings();
    }
}
