package dev.thaw.results;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a million of a run's invocations cost, requests included, by each list price and by both rules: until 2025-07-31,
 * when the init of a managed runtime in a zip was free, and since 2025-08-01, when every init of an environment on demand
 * is billed. Provisioned concurrency is in it as the run had it: fewer invocations in the same time cost more each.
 */
final class CostPerMillion {
    static final String KEY = "costPerMillionUsd";
    static final String UNTIL = "untilJuly2025";
    static final String SINCE = "sinceAugust2025";
    /** What provisioned concurrency kept ready meanwhile, in GB-s. */
    static final String KEPT = "provisionedGbSeconds";

    private static final double MILLION = 1e6;

    private CostPerMillion() {}

    /** Null where no server told what it billed. {@code keptGbS} is what provisioned concurrency kept ready. */
    static JsonNode of(Usage usage, double keptGbS) {
        if (usage.known == 0) {
            return Json.MAPPER.nullNode();
        }
        double each = MILLION / usage.known;
        double gbSeconds = usage.gbSeconds * each;
        double initGbSeconds = usage.unbilledInitGbSeconds * each;
        double ranGbSeconds = usage.provisionedGbSeconds * each;
        double onDemandGbSeconds = gbSeconds - ranGbSeconds;
        ObjectNode node = Json.MAPPER.createObjectNode();
        ObjectNode memory = node.putObject("gbSeconds");
        memory.put(UNTIL, gbSeconds).put(SINCE, gbSeconds + initGbSeconds);
        for (PriceList price : PriceList.values()) {
            double others = price.provisionedUsd(keptGbS * each, ranGbSeconds) + PriceList.USD_PER_MILLION_REQUESTS;
            node.putObject(price.key)
                    .put(UNTIL, price.usd(onDemandGbSeconds) + others)
                    .put(SINCE, price.usd(onDemandGbSeconds + initGbSeconds) + others);
        }
        node.put(KEPT, keptGbS * each);
        return node.put("requests", PriceList.USD_PER_MILLION_REQUESTS);
    }
}
