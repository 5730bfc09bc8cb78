package dev.thaw.results.compare;

import dev.thaw.results.JmhBundle;
import dev.thaw.results.RunBundle;
import dev.thaw.results.statistics.Design;
import dev.thaw.results.statistics.GeometricMean;
import dev.thaw.results.statistics.JointRatio;
import dev.thaw.results.statistics.Measure;
import dev.thaw.results.statistics.RatioEstimate;
import dev.thaw.results.statistics.RatioTest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Does the work of {@link Comparison#of}: evidence of both sides, one test for each metric, corrected by families. */
final class Comparer {
    private static final String LATENCY = "latency";
    /** A p just small enough is to be four of the least that can be told. */
    private static final double RESERVE = 0.25;
    /** Rows that differ take up to so many times the exchanges. */
    private static final int MOST_TIMES = 10;

    private final List<RunBundle> a;
    private final List<RunBundle> b;
    private final ComparisonSettings settings;
    private final Units units;
    /** All rows of a metric together, by its name. */
    private final Map<String, JointRatio> together = new HashMap<>();
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
        claims(ofA.overall(), ofB.overall(), 0).forEach(claim -> headline.add(claim.metric(), test(claim)));
        SequencedMap<String, List<Claim>> byCell = cells(ofA, ofB);
        if (headline.size() > 0 && byCell.size() == 1) {
            byCell.clear(); // the only function is the whole
        }
        Tables cells = new Tables(settings.level());
        int furthest = furthest(byCell);
        byCell.forEach(
                (cell, claims) -> claims.forEach(claim -> cells.add(cell, claim.metric(), testRow(claim, furthest))));
        cells.forEachRatios((metric, ratios) -> addMean(headline, metric, ratios));
        List<Finding> findings = headline.findings();
        List<String> otherUnits = OtherUnits.notes(ofA, ofB, settings);
        if (findings.isEmpty() && byCell.isEmpty()) {
            throw new IllegalArgumentException("compare: the two sides tell nothing in common"
                    + (settings.metrics().isEmpty() ? "" : " of --metrics " + String.join(",", settings.metrics()))
                    + String.join("", otherUnits.stream().map(": "::concat).toList()));
        }
        List<String> notes = new ArrayList<>(Comparability.notes(a, b));
        notes.addAll(onOneSide(ofA, ofB));
        notes.addAll(otherUnits);
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

    private RatioEstimate test(Claim claim) {
        return claim.estimate(test(claim.metric().name(), units.design(claim.unitsA(), claim.unitsB())));
    }

    /** So many exchanges tell p finely enough for a gate that looks at so many rows and metrics; within reason. */
    private int furthest(SequencedMap<String, List<Claim>> byCell) {
        long metrics = byCell.values().stream()
                .flatMap(List::stream)
                .map(claim -> claim.metric().name())
                .distinct()
                .count();
        double needed = byCell.size() * (1 + metrics) / (Gate.LEVEL * RESERVE);
        return (int) Math.min((double) MOST_TIMES * settings.exchanges(), Math.ceil(needed));
    }

    /** With the same draws as all other rows of the metric. */
    private RatioEstimate testRow(Claim claim, int furthest) {
        Design design = units.design(claim.unitsA(), claim.unitsB());
        RatioTest test = test(claim.metric().name(), design).upTo(furthest);
        JointRatio all = together.computeIfAbsent(
                claim.metric().name(), _ -> new JointRatio(design, settings.draws(), settings.exchanges()));
        return claim.estimate(all.design().equals(design) ? test.within(all) : test);
    }

    private RatioTest test(String name, Design design) {
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

    private List<String> onOneSide(Evidence ofA, Evidence ofB) {
        long onlyA = missing(ofA, ofB);
        long onlyB = missing(ofB, ofA);
        return onlyA + onlyB == 0
                ? List.of()
                : List.of("Rows on one side only, and left out: " + onlyA + " of A, " + onlyB + " of B.");
    }

    private long missing(Evidence from, Evidence other) {
        return from.cells().keySet().stream()
                .filter(settings::wantsCell)
                .filter(each -> !other.cells().containsKey(each))
                .count();
    }

    private void addMean(Family headline, Metric metric, double[] ratios) {
        if (ratios.length > 1) {
            Metric mean =
                    new Metric(metric.name() + Comparison.MEAN_SUFFIX, "of " + ratios.length, metric.lowerIsBetter());
            headline.add(mean, mean(metric, ratios, settings.seedOf(mean.name())));
        }
    }

    /**
     * Of whole runs, as sure as these let it be. Within one run a side, no surer than the rows differ from each other
     * either; benchmarks, and figures that others computed, have no units that are those of all rows, and samples of days
     * stand for these days alone.
     */
    private RatioEstimate mean(Metric metric, double[] ratios, long seed) {
        JointRatio all = Objects.requireNonNull(together.get(metric.name()));
        if (units.runs()) {
            return all.estimate();
        }
        RatioEstimate ofRows = GeometricMean.of(ratios, settings.draws(), settings.exchanges(), seed);
        boolean sameUnits = units.serial() && !a.getFirst().kind().equals(JmhBundle.KIND);
        return sameUnits && all.design().units() > 2 ? ofRows.lessSure(all.estimate()) : ofRows;
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
        return test(group + " " + first.metric().name(), units.design(first.unitsA(), first.unitsB()))
                .of(Measure.geometricMean(claims.stream()
                        .filter(claim -> claim.unitsA() == first.unitsA() && claim.unitsB() == first.unitsB())
                        .map(Claim::measure)
                        .toList()));
    }
}
