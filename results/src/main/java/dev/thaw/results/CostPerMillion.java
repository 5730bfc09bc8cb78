package dev.thaw.results;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a million of a run's invocations cost, requests included, by each list price and by both rules: until 2025-07-31,
 * when the init of a managed runtime in a zip was free, and since 2025-08-01, when every init of an environment on demand
 * is billed.
 */
final class CostPerMillion {
    static final String KEY = "costPerMillionUsd";
    static final String UNTIL = "untilJuly2025";
    static final String SINCE = "sinceAugust2025";
    private static final double MILLION = 1e6;

    private CostPerMillion() {}

    /** Null where no server told what it billed, or it has no price here. */
    static JsonNode of(Usage usage, boolean hasPrice) {
        if (usage.known == 0 || !hasPrice) {
            return Json.MAPPER.nullNode();
        }
        double gbSeconds = usage.gbSeconds / usage.known * MILLION;
        double initGbSeconds = usage.unbilledInitGbSeconds / usage.known * MILLION;
        ObjectNode node = Json.MAPPER.createObjectNode();
        ObjectNode memory = node.putObject("gbSeconds");
        memory.put(UNTIL, gbSeconds).put(SINCE, gbSeconds + initGbSeconds);
        for (PriceList price : PriceList.values()) {
            node.putObject(price.key)
                    .put(UNTIL, price.usd(gbSeconds) + PriceList.USD_PER_MILLION_REQUESTS)
                    .put(SINCE, price.usd(gbSeconds + initGbSeconds) + PriceList.USD_PER_MILLION_REQUESTS);
        }
        return node.put("requests", PriceList.USD_PER_MILLION_REQUESTS);
    }
}
