package dev.thaw.results.compare;

import dev.thaw.results.RunBundle;
import dev.thaw.results.statistics.Design;
import dev.thaw.results.statistics.GeometricMean;
import dev.thaw.results.statistics.Measure;
import dev.thaw.results.statistics.RatioEstimate;
import dev.thaw.results.statistics.RatioTest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Does the work of {@link Comparison#of}: evidence of both sides, one test for each metric, corrected by families. */
final class Comparer {
    private static final String LATENCY = "latency";

    private final List<RunBundle> a;
    private final List<RunBundle> b;
    private final ComparisonSettings settings;
    private final Units units;
    /** Of the metric with most units. */
    private Design most;

    Comparer(List<RunBundle> a, List<RunBundle> b, ComparisonSettings settings) {
        this.a = List.copyOf(a);
        this.b = List.copyOf(b);
        this.settings = settings;
        Comparability.check(a, b);
        units = Units.of(a, b, settings);
        most = units.design(1, 1);
    }

    Comparison compare() throws IOException {
        boolean byRole = Comparability.architectures(a, b).size() > 1;
        Evidence ofA = EvidenceReader.read(a, units, byRole);
        Evidence ofB = EvidenceReader.read(b, units, byRole);
        Family headline = new Family(settings.level());
        claims(ofA.overall(), ofB.overall(), 0).forEach(claim -> headline.add(claim.metric(), test("", claim)));
        SequencedMap<String, List<Claim>> byCell = cells(ofA, ofB);
        if (headline.size() > 0 && byCell.size() == 1) {
            byCell.clear(); // the only function is the whole
        }
        Tables cells = new Tables(settings.level());
        byCell.forEach((cell, claims) -> claims.forEach(claim -> cells.add(cell, claim.metric(), test(cell, claim))));
        cells.forEachRatios((metric, ratios) -> addMean(headline, metric, ratios));
        List<Finding> findings = headline.findings();
        if (findings.isEmpty() && byCell.isEmpty()) {
            throw new IllegalArgumentException("compare: the two sides tell nothing in common"
                    + (settings.metrics().isEmpty() ? "" : " of --metrics " + String.join(",", settings.metrics())));
        }
        List<String> notes = new ArrayList<>(Comparability.notes(a, b));
        notes.addAll(units.notes(most, Math.max(1, findings.size()), settings.level()));
        return new Comparison(
                a,
                b,
                Difference.between(a, b),
                notes,
                units.text(),
                most,
                settings,
                shift(ofA, ofB),
                findings,
                groups(ofA.groups(), byCell).findings(),
                cells.findings());
    }

    private @Nullable ShiftFunction shift(Evidence ofA, Evidence ofB) {
        return ShiftFunction.of(
                ofA.overall().get(LATENCY),
                ofB.overall().get(LATENCY),
                (unitsA, unitsB) ->
                        new RatioTest(units.design(unitsA, unitsB), settings.draws(), 0, settings.seedOf("shift")));
    }

    private RatioEstimate test(String row, Claim claim) {
        String name = row + " " + claim.metric().name();
        return claim.estimate(test(name, claim.unitsA(), claim.unitsB()));
    }

    private RatioTest test(String name, int unitsA, int unitsB) {
        Design design = units.design(unitsA, unitsB);
        most = design.smallestP() < most.smallestP() ? design : most;
        return new RatioTest(design, settings.draws(), settings.exchanges(), settings.seedOf(name));
    }

    private List<Claim> claims(Map<String, Figure> ofA, Map<String, Figure> ofB, long minCount) {
        List<Claim> claims = new ArrayList<>();
        ofA.forEach((name, figure) -> {
            Figure other = ofB.get(name);
            if (other != null) {
                Claim.of(figure, other, minCount).stream()
                        .filter(claim -> settings.wants(claim.metric()))
                        .forEach(claims::add);
            }
        });
        return claims;
    }

    private SequencedMap<String, List<Claim>> cells(Evidence ofA, Evidence ofB) {
        SequencedMap<String, List<Claim>> byCell = new LinkedHashMap<>();
        ofA.cells().forEach((cell, figures) -> {
            var others = ofB.cells().get(cell);
            if (others != null && settings.wantsCell(cell)) {
                List<Claim> claims = claims(figures, others, settings.minCount());
                if (!claims.isEmpty()) {
                    byCell.put(cell, claims);
                }
            }
        });
        return byCell;
    }

    private void addMean(Family headline, Metric metric, double[] ratios) {
        if (ratios.length > 1) {
            Metric mean =
                    new Metric(metric.name() + Comparison.MEAN_SUFFIX, "of " + ratios.length, metric.lowerIsBetter());
            headline.add(
                    mean,
                    GeometricMean.of(ratios, settings.draws(), settings.exchanges(), settings.seedOf(mean.name())));
        }
    }

    /** Each group's geometric mean, its cells' units drawn and exchanged together. */
    private Tables groups(Map<String, String> groupOf, SequencedMap<String, List<Claim>> byCell) {
        Map<String, Map<String, List<Claim>>> members = new TreeMap<>();
        byCell.forEach((cell, claims) -> {
            String group = groupOf.get(cell);
            if (group != null) {
                claims.forEach(claim -> members.computeIfAbsent(group, _ -> new LinkedHashMap<>())
                        .computeIfAbsent(claim.metric().name(), _ -> new ArrayList<>())
                        .add(claim));
            }
        });
        Tables tables = new Tables(settings.level());
        members.forEach((group, byMetric) -> byMetric.values()
                .forEach(claims -> tables.add(group, claims.getFirst().metric(), mean(group, claims))));
        return tables;
    }

    private RatioEstimate mean(String group, List<Claim> claims) {
        Claim first = claims.getFirst();
        return test(group + " " + first.metric().name(), first.unitsA(), first.unitsB())
                .of(Measure.geometricMean(claims.stream()
                        .filter(claim -> claim.unitsA() == first.unitsA() && claim.unitsB() == first.unitsB())
                        .map(Claim::measure)
                        .toList()));
    }
}
