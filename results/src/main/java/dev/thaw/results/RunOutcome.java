package dev.thaw.results;

import java.nio.file.Path;
import java.util.List;

/**
 * How a run ended.
 *
 * @param bundle its folder
 * @param overBudget one line for each budget that it broke (lateness, lost, unsent); empty where it may be trusted
 */
public record RunOutcome(Path bundle, List<String> overBudget) {
    public RunOutcome {
        overBudget = List.copyOf(overBudget);
    }
}
