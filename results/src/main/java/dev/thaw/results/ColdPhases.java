package dev.thaw.results;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.PackedHistogram;
import tools.jackson.databind.node.ObjectNode;

/** One function's cold starts: the phases from no environment to the first request for an event, of triggers only. */
final class ColdPhases {
    static final List<Phase> PHASES =
            List.of(Phase.CREATE, Phase.INIT_EXTENSION, Phase.INIT_RUNTIME, Phase.INIT_FUNCTION, Phase.RESTORE);

    private final PackedHistogram total = new PackedHistogram(Latencies.SIGNIFICANT_DIGITS);
    private final Map<Phase, PackedHistogram> phases = new EnumMap<>(Phase.class);

    /** Of the starts of microVMs among them. */
    private final Map<BootStage, PackedHistogram> stages = new EnumMap<>(BootStage.class);

    ColdPhases() {
        PHASES.forEach(phase -> phases.put(phase, new PackedHistogram(Latencies.SIGNIFICANT_DIGITS)));
    }

    void add(ServerRecord server) {
        long totalNs = 0;
        for (Map.Entry<Phase, PackedHistogram> phase : phases.entrySet()) {
            long phaseNs = server.phasesNs[phase.getKey().ordinal()];
            Latencies.record(phase.getValue(), phaseNs);
            totalNs += phaseNs;
        }
        Latencies.record(total, totalNs);
        if (Arrays.stream(server.stagesNs).sum() > 0) {
            addStages(server);
        }
    }

    private void addStages(ServerRecord server) {
        for (BootStage stage : BootStage.ALL) {
            Latencies.record(
                    stages.computeIfAbsent(stage, _ -> new PackedHistogram(Latencies.SIGNIFICANT_DIGITS)),
                    server.stagesNs[stage.ordinal()]);
        }
    }

    /** Medians are over all of them, also those in which the phase took no time; they do not add up exactly. */
    ObjectNode toJson() {
        ObjectNode node = Json.MAPPER.createObjectNode();
        node.set("totalUs", Percentiles.us(total));
        ObjectNode medians = node.putObject("medianUs");
        phases.forEach((phase, histogram) ->
                medians.put(phase.key(), Percentiles.rounded(Percentile.P50.of(histogram) / Percentiles.NS_PER_US)));
        if (!stages.isEmpty()) {
            ObjectNode ofStages = node.putObject("stagesUs");
            stages.forEach((stage, histogram) -> ofStages.set(stage.key(), Percentiles.us(histogram)));
        }
        return node;
    }
}
