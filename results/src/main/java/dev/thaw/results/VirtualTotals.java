package dev.thaw.results;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.AbstractHistogram;
import tools.jackson.databind.node.ObjectNode;

/**
 * What only a simulation can tell: figures of its fleet, beside those that every run has.
 *
 * @param added what an answer took beyond its handler's work, in ns
 * @param queueing time waited for an environment that the invocation did not cause, in ns
 * @param queued invocations that waited so at all
 * @param coldShare invocations that caused an environment, of those that were served
 * @param idleGbS memory that environments held while they waited for work
 * @param billedGbS invocations, with what they repeated of init
 * @param billedInitGbS inits of their own
 * @param hostHours hosts, each for as long as it had any environment
 * @param environmentsCreated in all
 * @param environmentsPrewarmed of these, started ahead of invocations because keep-alive expected one
 * @param mostEnvironments at the same time
 * @param provisionedGbS memory that provisioned concurrency kept ready, by function; empty where there was none
 * @param refusals how many for each reason; none for 0
 * @param endNs when the last invocation ended
 */
public record VirtualTotals(
        AbstractHistogram added,
        AbstractHistogram queueing,
        long queued,
        double coldShare,
        double idleGbS,
        double billedGbS,
        double billedInitGbS,
        double hostHours,
        long environmentsCreated,
        long environmentsPrewarmed,
        int mostEnvironments,
        List<Double> provisionedGbS,
        Map<String, Long> refusals,
        long endNs) {
    /** Key in {@code summary.json}. */
    static final String KEY = "virtual";

    private static final double NS_PER_S = 1e9;

    public VirtualTotals {
        provisionedGbS = List.copyOf(provisionedGbS);
        refusals = Map.copyOf(refusals);
    }

    ObjectNode toJson() {
        ObjectNode node = Json.MAPPER.createObjectNode();
        node.set("addedUs", Percentiles.us(added));
        node.set("queueingUs", Percentiles.us(queueing));
        node.put("queued", queued);
        node.put("coldShare", coldShare);
        node.put("idleGbSeconds", idleGbS);
        node.put("billedGbSeconds", billedGbS);
        node.put("billedInitGbSeconds", billedInitGbS);
        node.put("hostHours", hostHours);
        node.put("environmentsCreated", environmentsCreated);
        node.put("environmentsPrewarmed", environmentsPrewarmed);
        node.put("mostEnvironments", mostEnvironments);
        ObjectNode refused = node.putObject("refusals");
        new TreeMap<>(refusals).forEach(refused::put);
        node.put("endSeconds", endNs / NS_PER_S);
        return node;
    }
}
