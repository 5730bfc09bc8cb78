package dev.thaw.results;

import java.nio.file.Path;
import java.util.List;

/**
 * How a run ended.
 *
 * @param bundle its folder
 * @param overBudget one line for each budget that it broke (lateness, lost, unsent, rows dropped, files not written); empty where it may be trusted
 * @param figures the run's headline, one line each, to print; told also where no file could be written
 */
public record RunOutcome(Path bundle, List<String> overBudget, List<String> figures) {
    public RunOutcome {
        overBudget = List.copyOf(overBudget);
        figures = List.copyOf(figures);
    }
}
