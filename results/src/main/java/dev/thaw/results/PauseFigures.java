package dev.thaw.results;

import dev.thaw.results.pauses.CpuWait;
import dev.thaw.results.pauses.Pause;
import dev.thaw.results.pauses.Pauses;
import dev.thaw.results.pauses.RunPauses;
import java.util.List;
import java.util.stream.LongStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** How often and how long the processes of a run stood still: {@code summary.json: pauses}. */
final class PauseFigures {
    static final String KEY = "pauses";
    private static final double NS_PER_MS = 1e6;

    private PauseFigures() {}

    /** Null of a run in virtual time, which has no processes. */
    static JsonNode of(RunPlan plan, RunPauses pauses) {
        if (plan.kind().equals(VirtualRecorder.KIND)) {
            return Json.MAPPER.nullNode();
        }
        ObjectNode node = Json.MAPPER.createObjectNode();
        Pauses server = pauses.server();
        node.set("server", server == null ? Json.MAPPER.nullNode() : of(server));
        node.set("generator", of(pauses.generator()));
        return node;
    }

    private static ObjectNode of(Pauses pauses) {
        ObjectNode node = Json.MAPPER.createObjectNode();
        node.set("collections", figures(of(pauses.all(), Pause.Kind.COLLECTION)));
        node.set("stalls", figures(of(pauses.all(), Pause.Kind.STALL)));
        List<CpuWait> waits = pauses.cpuWaits();
        node.set(
                "cpuWaits",
                waits == null ? Json.MAPPER.nullNode() : figures(waits.stream().mapToLong(CpuWait::waitedNs)));
        return node.put("dropped", pauses.dropped());
    }

    private static LongStream of(List<Pause> pauses, Pause.Kind kind) {
        return pauses.stream().filter(each -> each.kind() == kind).mapToLong(Pause::durationNs);
    }

    private static ObjectNode figures(LongStream durations) {
        ObjectNode node = Json.MAPPER.createObjectNode();
        long[] durationsNs = durations.sorted().toArray();
        long sumNs = 0;
        for (long durationNs : durationsNs) {
            sumNs += durationNs;
        }
        node.put("count", durationsNs.length);
        node.put("totalMs", sumNs / NS_PER_MS);
        node.put(
                "longestMs",
                durationsNs.length == 0 ? null : (Double) (durationsNs[durationsNs.length - 1] / NS_PER_MS));
        return node;
    }
}
