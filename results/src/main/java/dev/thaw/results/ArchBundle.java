package dev.thaw.results;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.node.ObjectNode;

/** Writes what {@code thaw arch} found out as a bundle: manifest, summary, report. */
public final class ArchBundle {
    static final String KIND = "arch";

    private ArchBundle() {}

    /** Writes {@code runsDirectory/<utc>-<name>} and returns it. */
    public static Path write(
            ArchRun run, String name, String command, long seed, Map<String, String> configuration, Path runsDirectory)
            throws IOException {
        long epochMs = RunClock.SYSTEM.epochMs();
        Path directory = BundleDirectory.create(runsDirectory, name, epochMs);
        try {
            String id = String.valueOf(directory.getFileName());
            ObjectNode manifest = Manifest.head(KIND, name, command, id, epochMs);
            ObjectNode settings = manifest.putObject("configuration");
            new TreeMap<>(configuration).forEach(settings::put);
            manifest.put("seed", seed);
            ObjectNode summary = new ArchSummary(run).build();
            manifest.set("emulated", summary.path("emulated"));
            Json.write(directory.resolve(Manifest.NAME), manifest);
            Json.write(directory.resolve(Summary.NAME), summary);
            Report.write(RunBundle.load(directory));
            return directory;
        } catch (IOException e) {
            throw BundleFailure.cannotWrite(directory, e);
        }
    }
}
