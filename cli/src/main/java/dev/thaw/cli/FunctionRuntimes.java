package dev.thaw.cli;

import dev.thaw.scheduler.functions.FunctionConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What a backend's sandboxes need of this host for functions of a runtime identifier. */
interface FunctionRuntimes {
    /**
     * Folders or images by where sandboxes have them; refuses, with the reason, a function whose runtime cannot run here.
     */
    Map<String, Path> mountsOf(FunctionConfig function) throws IOException;

    /** Readies what sandboxes of a deployed package share. */
    void prepare(Path code, List<Path> layers) throws IOException;

    /** The same of a container image's unpacked root. */
    void prepareContainer(Path root) throws IOException;
}
