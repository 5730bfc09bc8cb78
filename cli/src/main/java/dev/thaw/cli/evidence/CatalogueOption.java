package dev.thaw.cli.evidence;

import dev.thaw.results.RunCatalogue;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Which bundles the verbs know that read them. */
final class CatalogueOption {
    @Option(names = "--runs", paramLabel = "DIR", description = "Where bundles are (default: results/runs).")
    private Path runs = RunCatalogue.DEFAULT_DIRECTORY;

    RunCatalogue catalogue() {
        return new RunCatalogue(runs);
    }
}
