package dev.thaw.cli;

import dev.thaw.results.SweepBundle;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the bundle of a sweep goes, or which one it goes on with. */
final class SweepOptions {
    @Option(
            names = "--resume",
            paramLabel = "RUN",
            description = "Goes on with one that was stopped, of the same settings and the same trace.")
    private @Nullable Path resume;

    @Option(names = "--name", paramLabel = "NAME", description = "Part of the bundle's folder name.")
    private @Nullable String name;

    @Option(names = "--runs", paramLabel = "DIR", description = "Where bundles go (default: results/runs).")
    private Path runs = Installation.runs();

    /** The bundle of these settings, which are all that can change a figure; called {@code otherwise} without a name. */
    SweepBundle open(String kind, String otherwise, Map<String, String> settings) throws IOException {
        return resume != null
                ? SweepBundle.resume(kind, resume, settings)
                : SweepBundle.create(kind, name == null ? otherwise : name, CommandLineText.get(), settings, runs);
    }

    /** It was stopped: says how to go on from what is kept. Where nothing is, nothing is left. */
    static int stopped(SweepBundle bundle, String kept) throws IOException {
        System.out.println(
                bundle.discardUnlessKept()
                        ? "stopped: nothing was finished, nothing is kept"
                        : "stopped: " + kept + "; the same command with --resume " + bundle.directory() + " goes on");
        return Main.EXIT_OVER_BUDGET;
    }
}
