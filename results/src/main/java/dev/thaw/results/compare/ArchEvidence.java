package dev.thaw.results.compare;

import dev.thaw.results.RunBundle;
import dev.thaw.results.cost.PriceList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a run of kernels knows: a cell for each kernel in each build that ran natively, its units the rounds, and the
 * list price of its work. Between two architectures no build is the same: there a kernel's builds go by their role, C
 * without vectors, C with those that were fastest, and Java's.
 */
final class ArchEvidence {
    private static final double TRILLION = 1e12;
    private static final double GB_OF_ONE_VCPU = 1769.0 / 1024;

    private final Map<String, JsonNode> builds = new HashMap<>();
    private final boolean byRole;
    private final boolean whole;
    private final Evidence evidence = Evidence.of(1, List.of());

    private ArchEvidence(RunBundle run, boolean whole, boolean byRole) {
        this.whole = whole;
        this.byRole = byRole;
        run.summary()
                .path("builds")
                .forEach(each -> builds.put(each.path("name").asString(""), each));
    }

    static Evidence read(RunBundle run, int stretches, boolean byRole) {
        ArchEvidence reader = new ArchEvidence(run, stretches == 1, byRole);
        run.summary().path("kernels").forEach(reader::kernel);
        return reader.evidence;
    }

    private void kernel(JsonNode kernel) {
        String name = kernel.path("name").asString("");
        Map<String, JsonNode> byName = new HashMap<>();
        for (JsonNode outcome : kernel.path("builds")) {
            if (outcome.path("unitsPerSecond").path("rounds").size() > 0) {
                String build = outcome.path("build").asString("");
                byName.merge(byRole ? role(build) : build, outcome, ArchEvidence::faster);
            }
        }
        byName.forEach((build, outcome) -> put(name, build, kernel.path("unit").asString(""), outcome));
    }

    private static JsonNode faster(JsonNode x, JsonNode y) {
        return speed(x) >= speed(y) ? x : y;
    }

    private static double speed(JsonNode outcome) {
        return outcome.path("unitsPerSecond").path("median").asDouble(0);
    }

    private String role(String build) {
        @Nullable JsonNode described = builds.get(build);
        if (described == null || !described.path("language").asString("").equals("C")) {
            return build;
        }
        return described.path("instructionSet").asString("").equals("scalar") ? "C scalar" : "C vectors, fastest";
    }

    private void put(String kernel, String build, String unit, JsonNode outcome) {
        double[] rounds = rounds(outcome.path("unitsPerSecond").path("rounds"));
        double[] speeds = whole ? new double[] {Arrays.stream(rounds).average().orElse(Double.NaN)} : rounds;
        double[] ones = new double[speeds.length];
        Arrays.fill(ones, 1);
        String cell = kernel + ", " + build;
        evidence.groups().put(cell, build);
        evidence.put(cell, new Figure.Quotient(new Metric("speed", unit + "/s", false), speeds, ones));
        PriceList price = PriceList.of(outcome.path("architecture").asString(""));
        if (price != null) {
            double[] usd = new double[speeds.length];
            Arrays.fill(usd, price.usd(GB_OF_ONE_VCPU) * TRILLION);
            evidence.put(cell, new Figure.Quotient(new Metric("cost", "USD/10^12 " + unit, true), usd, speeds));
        }
    }

    private static double[] rounds(JsonNode values) {
        double[] rounds = new double[values.size()];
        Arrays.setAll(rounds, i -> values.path(i).asDouble(0));
        return rounds;
    }
}
