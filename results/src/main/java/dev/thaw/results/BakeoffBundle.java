package dev.thaw.results;

import java.io.IOException;
import java.util.Collection;
import java.util.List;

/** What makes a sweep's bundle that of a bake-off: its table. */
public final class BakeoffBundle {
    public static final String KIND = "bakeoff";

    private BakeoffBundle() {}

    /** Writes summary and report; returns the table as Markdown. */
    public static String finish(SweepBundle bundle, Collection<SweepCell> cells) throws IOException {
        BakeoffSummary summary = new BakeoffSummary(List.copyOf(cells));
        bundle.finish(summary.build());
        return summary.markdown();
    }
}
