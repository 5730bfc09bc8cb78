package dev.thaw.cli;

import dev.thaw.results.RunCatalogue;
import java.nio.file.Path;

/** Where this installation's files are; the launcher says. */
final class Installation {
    private static final String ROOT_PROP_NAME = "thaw.root";

    private Installation() {}

    static Path root() {
        return Path.of(System.getProperty(ROOT_PROP_NAME, ".")).toAbsolutePath().normalize();
    }

    /** Built example functions, one deployment package a folder. */
    static Path examples() {
        return root().resolve("examples/target");
    }

    /** Bundles of runs, relative to where the user stands. */
    static Path runs() {
        return RunCatalogue.DEFAULT_DIRECTORY;
    }
}
