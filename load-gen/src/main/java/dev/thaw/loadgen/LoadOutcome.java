package dev.thaw.loadgen;

import java.util.Map;
import java.util.TreeMap;

/**
 * How a load ended.
 *
 * @param counters final counts
 * @param elapsedNs from the run's start to the last end
 * @param connectionsOpened in all, warm ones included
 * @param mostWaiting most invocations that ever waited for a connection at once
 * @param causes of lost and unsent invocations, and how many each
 */
public record LoadOutcome(
        LoadCounters counters, long elapsedNs, long connectionsOpened, int mostWaiting, Map<String, Long> causes) {
    public LoadOutcome {
        causes = new TreeMap<>(causes);
    }
}
