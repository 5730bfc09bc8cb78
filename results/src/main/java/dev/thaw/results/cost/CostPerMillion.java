package dev.thaw.results.cost;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a million of a run's invocations cost, requests included, by each list price and by both rules: until 2025-07-31,
 * when the init of a managed runtime in a zip was free, and since 2025-08-01, when every init of an environment on demand
 * is billed. Provisioned concurrency is in it as the run had it: fewer invocations in the same time cost more each.
 */
public final class CostPerMillion {
    public static final String KEY = "costPerMillionUsd";
    public static final String UNTIL = "untilJuly2025";
    public static final String SINCE = "sinceAugust2025";
    /** What provisioned concurrency kept ready meanwhile, in GB-s. */
    public static final String KEPT = "provisionedGbSeconds";

    private static final double MILLION = 1e6;

    private CostPerMillion() {}

    /** Null where no server told what it billed. {@code keptGbS} is what provisioned concurrency kept ready. */
    static JsonNode of(BilledUse use, double keptGbS) {
        if (use.invocations() == 0) {
            return JsonNodeFactory.instance.nullNode();
        }
        double each = MILLION / use.invocations();
        double gbSeconds = use.gbSeconds() * each;
        double initGbSeconds = use.unbilledInitGbSeconds() * each;
        double ranGbSeconds = use.provisionedGbSeconds() * each;
        double onDemandGbSeconds = gbSeconds - ranGbSeconds;
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        ObjectNode memory = node.putObject("gbSeconds");
        memory.put(UNTIL, gbSeconds).put(SINCE, gbSeconds + initGbSeconds);
        for (PriceList price : PriceList.values()) {
            double others = price.provisionedUsd(keptGbS * each, ranGbSeconds) + PriceList.USD_PER_MILLION_REQUESTS;
            node.putObject(price.key())
                    .put(UNTIL, price.usd(onDemandGbSeconds) + others)
                    .put(SINCE, price.usd(onDemandGbSeconds + initGbSeconds) + others);
        }
        node.put(KEPT, keptGbS * each);
        return node.put("requests", PriceList.USD_PER_MILLION_REQUESTS);
    }
}
