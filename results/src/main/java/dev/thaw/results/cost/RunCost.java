package dev.thaw.results.cost;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a run costs by list prices: what ran on demand, and provisioned concurrency, which is paid for as long as it is there
 * and makes what runs on it cheaper. What ran on an architecture has that one's price; all of it at one price is a what-if.
 * Nothing of an emulated run is priced, for its billed time is the emulator's; nor of one that nobody tells enough of.
 */
public final class RunCost {
    public static final String KEY = "costUsd";
    /** Below {@link #KEY}: invocations on provisioned concurrency, as the server counted them. */
    private static final String COUNTED = "provisionedInvocations";
    /** Below {@link #KEY}: what provisioned concurrency is of it; null where there was none. */
    public static final String PROVISIONED = "provisioned";
    /** Below {@link #PROVISIONED}: why nothing is priced; null where it is. */
    public static final String UNKNOWN = "unknown";

    private final List<Function> functions;
    private final BilledUse all;
    private final long paidRequests;
    private final ProvisionedUse provisioned;
    private final @Nullable Long counted;
    private final boolean emulated;

    /** A function of the run, and what its invocations are paid for. */
    public record Function(String architecture, BilledUse use) {}

    /**
     * Of a run that is over.
     *
     * @param functions in the order of {@code provisioned}
     * @param all what all of them are paid for; not less than they together
     * @param paidRequests answers but those that no function ran for
     * @param counted invocations on provisioned concurrency, as the server counted them; null where it did not tell
     * @param emulated any of it ran on an emulated processor
     */
    public RunCost(
            List<Function> functions,
            BilledUse all,
            long paidRequests,
            ProvisionedUse provisioned,
            @Nullable Long counted,
            boolean emulated) {
        this.functions = List.copyOf(functions);
        this.all = all;
        this.paidRequests = paidRequests;
        this.provisioned = provisioned;
        this.counted = counted;
        this.emulated = emulated;
    }

    private boolean hasPrice() {
        return !emulated && provisioned.isKnown();
    }

    private boolean isProvisioned() {
        return !provisioned.isKnown() || provisioned.allKeptGbS() > 0 || all.provisionedInvocations() > 0;
    }

    private static double usd(PriceList price, BilledUse ran, double keptGbS) {
        return price.usd(ran.gbSeconds() - ran.provisionedGbSeconds())
                + price.provisionedUsd(keptGbS, ran.provisionedGbSeconds());
    }

    private double provisionedUsd(PriceList price) {
        return price.provisionedUsd(provisioned.allKeptGbS(), all.provisionedGbSeconds());
    }

    /** {@code summary.json}: {@link #KEY}. */
    public ObjectNode toJson() {
        ObjectNode cost = JsonNodeFactory.instance.objectNode();
        ObjectNode whatIf = JsonNodeFactory.instance.objectNode();
        for (PriceList price : PriceList.values()) {
            cost.put(price.key(), ran(price));
            boolean known = hasPrice() && all.invocations() > 0;
            whatIf.put(price.key(), known ? (Double) usd(price, all, provisioned.allKeptGbS()) : null);
        }
        cost.put("requests", PriceList.requestsUsd(paidRequests));
        cost.set("whatIf", whatIf);
        cost.put(COUNTED, counted);
        cost.set(PROVISIONED, isProvisioned() ? provisionedJson() : JsonNodeFactory.instance.nullNode());
        return cost;
    }

    /** What ran on the price's architecture; null where nothing did. */
    private @Nullable Double ran(PriceList price) {
        BilledUse ran = BilledUse.NONE;
        double keptGbS = 0;
        for (int i = 0; i < functions.size(); i++) {
            Function function = functions.get(i);
            if (function.architecture.equals(price.key())) {
                ran = ran.plus(function.use);
                keptGbS += provisioned.keptGbS(i);
            }
        }
        return hasPrice() && ran.invocations() > 0 ? (Double) usd(price, ran, keptGbS) : null;
    }

    private ObjectNode provisionedJson() {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put(UNKNOWN, provisioned.unknown());
        node.put("keptGbSeconds", provisioned.isKnown() ? (Double) provisioned.allKeptGbS() : null);
        node.put("ranGbSeconds", all.provisionedGbSeconds());
        node.put("invocations", all.provisionedInvocations());
        node.put("spillovers", provisioned.isKnown() ? (Long) spillovers() : null);
        ObjectNode usd = node.putObject("usd");
        for (PriceList price : PriceList.values()) {
            usd.put(price.key(), hasPrice() ? (Double) provisionedUsd(price) : null);
        }
        return node;
    }

    /** Invocations that ran on demand of functions that have any provisioned. */
    private long spillovers() {
        long spilled = 0;
        for (int i = 0; i < functions.size(); i++) {
            BilledUse use = functions.get(i).use;
            spilled += provisioned.keptGbS(i) > 0 ? use.invocations() - use.provisionedInvocations() : 0;
        }
        return spilled;
    }

    /** {@code summary.json}: {@link CostPerMillion#KEY}. */
    public JsonNode perMillion() {
        return hasPrice() ? CostPerMillion.of(all, provisioned.allKeptGbS()) : JsonNodeFactory.instance.nullNode();
    }

    /** For a terminal; none where all is on demand. */
    public List<String> lines() {
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
                all.provisionedInvocations(),
                all.provisionedGbSeconds(),
                spillovers()));
        if (hasPrice()) {
            for (PriceList price : PriceList.values()) {
                lines.add(String.format(
                        Locale.ROOT,
                        "cost         %.8f USD if all on %s, %.8f of that for provisioned concurrency; requests apart",
                        usd(price, all, provisioned.allKeptGbS()),
                        price.key(),
                        provisionedUsd(price)));
            }
        }
        return lines;
    }
}
