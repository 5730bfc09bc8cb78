package dev.thaw.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Option;

/** Policies to choose from, as lists: every combination of them. What goes without saying is each verb's own. */
final class PolicyChoices {
    /** A comma that does not go on with the options of a policy. */
    private static final String LIST = ",(?![^,:=]+=)";

    @Option(
            names = "--keep-alive",
            paramLabel = "POLICY",
            split = LIST,
            splitSynopsisLabel = ",",
            description = "Times, lru, greedy-dual, hybrid-histogram[:range=4h,..] (default: ${DEFAULT-VALUE}).")
    private List<String> keepAlive;

    @Option(
            names = "--placement",
            paramLabel = "POLICY",
            split = LIST,
            splitSynopsisLabel = ",",
            description = "mru, least-loaded, bin-packing, bounded-hash[:1.25], snapshot-locality[:4] (default:"
                    + " ${DEFAULT-VALUE}).")
    private List<String> placement;

    @Option(
            names = "--queueing",
            paramLabel = "POLICY",
            split = LIST,
            splitSynopsisLabel = ",",
            description = "fifo, shortest-expected, earliest-deadline, weighted-fair[:FUNCTION=WEIGHT,..] (default:"
                    + " ${DEFAULT-VALUE}).")
    private List<String> queueing = List.of(PolicyText.DEFAULT_QUEUEING);

    @Option(
            names = "--scaling",
            paramLabel = "function|regional[:N]|none",
            description = "How fast environments may come (default: ${DEFAULT-VALUE}).")
    private String scaling = "none";

    PolicyChoices(List<String> keepAlive, List<String> placement) {
        this.keepAlive = keepAlive;
        this.placement = placement;
    }

    /** All combinations, each once; refuses what is no policy. */
    List<PolicyText> all() {
        List<PolicyText> all = new ArrayList<>();
        for (String keep : keepAlive) {
            for (String place : placement) {
                for (String queue : queueing) {
                    all.add(new PolicyText(keep, place, queue, scaling));
                }
            }
        }
        return all.stream().distinct().toList();
    }

    /** For manifests. */
    Map<String, String> describe() {
        Map<String, String> settings = new TreeMap<>();
        settings.put("keepAlive", String.join(",", keepAlive));
        settings.put("placement", String.join(",", placement));
        settings.put("scaling", scaling);
        if (!queueing.equals(List.of(PolicyText.DEFAULT_QUEUEING))) {
            settings.put("queueing", String.join(",", queueing));
        }
        return settings;
    }
}
