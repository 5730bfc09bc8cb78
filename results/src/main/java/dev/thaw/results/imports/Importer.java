package dev.thaw.results.imports;

import dev.thaw.results.ImportedBundle;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;

/** Reads measurements of one format. */
interface Importer {
    String format();

    /** Whether a file of this name that begins so is of this format. */
    boolean accepts(String name, String head);

    /** Files are parts of one set of measurements, such as days; otherwise each is a run. */
    default boolean isOneRun() {
        return false;
    }

    /** Reads a file. Failures of any kind are told by the caller, with the file's name. */
    void read(Path file, BufferedReader text, Sink into) throws IOException;

    /** Takes what was read: a bundle for each variant, which is an architecture, or empty. */
    @FunctionalInterface
    interface Sink {
        ImportedBundle bundle(String variant);
    }

    /** The variants of formats that tell both architectures. */
    String X86_64 = "x86_64";

    String ARM64 = "arm64";
}
