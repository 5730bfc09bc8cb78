package dev.thaw.results;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/** Writes what {@code thaw arch} found out as a bundle: manifest, summary, report. */
public final class ArchBundle {
    static final String KIND = "arch";

    private ArchBundle() {}

    /** Writes {@code runsDirectory/<utc>-<name>} and returns it. */
    public static Path write(
            ArchRun run, String name, String command, long seed, Map<String, String> configuration, Path runsDirectory)
            throws IOException {
        return new WholeBundle(KIND, name, command, null).write(runsDirectory, (_, manifest) -> {
            WholeBundle.configure(manifest, configuration);
            manifest.put("seed", seed);
            ObjectNode summary = new ArchSummary(run).build();
            manifest.set("emulated", summary.path("emulated"));
            return summary;
        });
    }
}
