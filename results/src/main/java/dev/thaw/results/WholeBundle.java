package dev.thaw.results;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * A bundle whose figures are all known before it is written: manifest, summary, whatever else it has, report.
 *
 * @param provenance of figures that come from elsewhere; null of what this host measured
 */
record WholeBundle(
        String kind, String name, String command, @Nullable Provenance provenance) {
    /** Writes the files of the folder; puts into the manifest what its kind has, and returns the summary. */
    @FunctionalInterface
    interface Files {
        ObjectNode write(Path directory, ObjectNode manifest) throws IOException;
    }

    /** Writes {@code runsDirectory/<utc>-<name>} and returns it. Of an import that fails nothing is left. */
    Path write(Path runsDirectory, Files files) throws IOException {
        long epochMs = RunClock.SYSTEM.epochMs();
        Path directory = BundleDirectory.create(runsDirectory, name, epochMs);
        try {
            ObjectNode manifest = manifest(String.valueOf(directory.getFileName()), epochMs);
            ObjectNode summary = files.write(directory, manifest);
            Json.write(directory.resolve(Manifest.NAME), manifest);
            Json.write(directory.resolve(Summary.NAME), summary);
            Report.write(RunBundle.load(directory));
            return directory;
        } catch (IOException e) {
            forgetImport(directory);
            throw BundleFailure.cannotWrite(directory, e);
        } catch (RuntimeException e) {
            forgetImport(directory);
            throw e;
        }
    }

    /** It can be had again from its files; what this host measured cannot, and is left as far as it was written. */
    private void forgetImport(Path directory) throws IOException {
        if (provenance != null) {
            BundleDirectory.delete(directory);
        }
    }

    private ObjectNode manifest(String id, long epochMs) {
        return provenance == null
                ? Manifest.head(kind, name, command, id, epochMs)
                : Manifest.imported(kind, name, command, id, epochMs, provenance.toJson());
    }

    /** What a run was set to, by name. */
    static void configure(ObjectNode manifest, Map<String, String> configuration) {
        ObjectNode settings = manifest.putObject("configuration");
        new TreeMap<>(configuration).forEach(settings::put);
    }
}
