package dev.thaw.results;

import dev.thaw.results.cost.ProvisionedUse;
import dev.thaw.results.cost.ProvisionedVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a run costs by list prices: what ran on demand, and provisioned concurrency, which is paid for as long as it is there
 * and makes what runs on it cheaper. What ran on an architecture has that one's price; all of it at one price is a what-if.
 * Nothing of an emulated run is priced, for its billed time is the emulator's; nor of one that nobody tells enough of.
 */
final class RunCost {
    static final String KEY = "costUsd";
    /** Below {@link #KEY}: invocations on provisioned concurrency, as the server counted them. */
    static final String COUNTED = "provisionedInvocations";
    /** Below {@link #KEY}: what provisioned concurrency is of it; null where there was none. */
    static final String PROVISIONED = "provisioned";
    /** Below {@link #PROVISIONED}: why nothing is priced; null where it is. */
    static final String UNKNOWN = "unknown";

    private static final double NS_PER_S = 1e9;

    private final Headline headline;
    private final Figures figures;
    private final ProvisionedUse provisioned;
    private final @Nullable Long counted;
    private final boolean emulated;

    private RunCost(
            RunPlan plan, Headline headline, Figures figures, ProvisionedUse provisioned, @Nullable Long counted) {
        this.headline = headline;
        this.figures = figures;
        this.provisioned = provisioned;
        this.counted = counted;
        emulated = Emulation.of(plan, headline.counts).isAny();
    }

    /** Of a run that is over; {@code metrics} is what its server counted meanwhile, null where that did not tell. */
    static RunCost live(RunPlan plan, Headline headline, Figures figures, @Nullable ServerMetrics metrics) {
        ProvisionedUse use = ProvisionedUse.of(
                metrics == null
                        ? null
                        : metrics.versions().stream().map(RunCost::provisioned).toList(),
                plan.functions().stream().map(RunPlan.RunFunction::name).toList(),
                figures.usage.provisionedInvocations,
                Math.max(0, figures.lastDoneNs) / NS_PER_S);
        return new RunCost(
                plan, headline, figures, use, metrics == null ? null : (Long) metrics.countProvisionedInvocations());
    }

    /** Of a simulation. */
    static RunCost virtual(RunPlan plan, Headline headline, Figures figures, List<Double> provisionedGbS) {
        return new RunCost(
                plan,
                headline,
                figures,
                new ProvisionedUse(provisionedGbS, null),
                provisionedGbS.isEmpty() ? null : (Long) figures.usage.provisionedInvocations);
    }

    private static ProvisionedVersion provisioned(ServerMetrics.Version version) {
        Integer mib = version.provisionedMib();
        boolean changed = mib != null && mib == ServerMetrics.Version.CHANGED;
        return new ProvisionedVersion(
                version.function(),
                version.version(),
                changed ? null : mib,
                changed || version.provisionedAllocated() > 0 || version.provisionedInvocations() > 0);
    }

    private boolean hasPrice() {
        return !emulated && provisioned.isKnown();
    }

    private boolean isProvisioned() {
        return !provisioned.isKnown() || provisioned.allKeptGbS() > 0 || figures.usage.provisionedInvocations > 0;
    }

    private static double usd(PriceList price, Usage ran, double keptGbS) {
        return price.usd(ran.gbSeconds - ran.provisionedGbSeconds)
                + price.provisionedUsd(keptGbS, ran.provisionedGbSeconds);
    }

    private double provisionedUsd(PriceList price) {
        return price.provisionedUsd(provisioned.allKeptGbS(), figures.usage.provisionedGbSeconds);
    }

    ObjectNode toJson() {
        ObjectNode cost = Json.MAPPER.createObjectNode();
        ObjectNode whatIf = Json.MAPPER.createObjectNode();
        for (PriceList price : PriceList.values()) {
            cost.put(price.key, ran(price));
            boolean known = hasPrice() && figures.usage.known > 0;
            whatIf.put(price.key, known ? (Double) usd(price, figures.usage, provisioned.allKeptGbS()) : null);
        }
        cost.put("requests", PriceList.requestsUsd(headline.counts.completed() - refused()));
        cost.set("whatIf", whatIf);
        cost.put(COUNTED, counted);
        cost.set(PROVISIONED, isProvisioned() ? provisionedJson() : Json.MAPPER.nullNode());
        return cost;
    }

    /** What ran on the price's architecture; null where nothing did. */
    private @Nullable Double ran(PriceList price) {
        Usage ran = new Usage();
        double keptGbS = 0;
        for (int function = 0; function < figures.functions.size(); function++) {
            FunctionTotals totals = figures.functions.get(function);
            if (totals.function.architecture().equals(price.key)) {
                ran.add(totals.usage);
                keptGbS += provisioned.keptGbS(function);
            }
        }
        return hasPrice() && ran.known > 0 ? (Double) usd(price, ran, keptGbS) : null;
    }

    /** Answers that no function ran for, and that nobody pays for. */
    private long refused() {
        return headline.counts.of(SampleStatus.THROTTLED) + headline.counts.of(SampleStatus.ERROR);
    }

    private ObjectNode provisionedJson() {
        ObjectNode node = Json.MAPPER.createObjectNode();
        node.put(UNKNOWN, provisioned.unknown());
        node.put("keptGbSeconds", provisioned.isKnown() ? (Double) provisioned.allKeptGbS() : null);
        node.put("ranGbSeconds", figures.usage.provisionedGbSeconds);
        node.put("invocations", figures.usage.provisionedInvocations);
        node.put("spillovers", provisioned.isKnown() ? (Long) spillovers() : null);
        ObjectNode usd = node.putObject("usd");
        for (PriceList price : PriceList.values()) {
            usd.put(price.key, hasPrice() ? (Double) provisionedUsd(price) : null);
        }
        return node;
    }

    /** Invocations that ran on demand of functions that have any provisioned. */
    private long spillovers() {
        long spilled = 0;
        for (int function = 0; function < figures.functions.size(); function++) {
            Usage usage = figures.functions.get(function).usage;
            spilled += provisioned.keptGbS(function) > 0 ? usage.known - usage.provisionedInvocations : 0;
        }
        return spilled;
    }

    JsonNode perMillion() {
        return hasPrice() ? CostPerMillion.of(figures.usage, provisioned.allKeptGbS()) : Json.MAPPER.nullNode();
    }

    /** For a terminal; none where all is on demand. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        String unknown = provisioned.unknown();
        if (unknown != null) {
            lines.add("cost         not priced, of provisioned concurrency: " + unknown);
            return lines;
        }
        if (!isProvisioned()) {
            return lines;
        }
        lines.add(String.format(
                Locale.ROOT,
                "provisioned  %.3f GB-s kept ready; %d invocations ran on it, %.3f GB-s; %d spilled over",
                provisioned.allKeptGbS(),
                figures.usage.provisionedInvocations,
                figures.usage.provisionedGbSeconds,
                spillovers()));
        if (hasPrice()) {
            for (PriceList price : PriceList.values()) {
                lines.add(String.format(
                        Locale.ROOT,
                        "cost         %.8f USD if all on %s, %.8f of that for provisioned concurrency; requests apart",
                        usd(price, figures.usage, provisioned.allKeptGbS()),
                        price.key,
                        provisionedUsd(price)));
            }
        }
        return lines;
    }
}
