package dev.thaw.cli.trace;

import dev.thaw.loadgen.trace.Trace;
import dev.thaw.loadgen.trace.TraceProgress;
import java.nio.file.Path;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The trace that a verb is about. */
final class ReadTrace {
    @Parameters(paramLabel = "TRACE", description = "The trace's file, or its folder.")
    private Path path = Path.of("");

    @Option(
            names = "--seed",
            paramLabel = "N",
            description =
                    "Of whatever the trace leaves open, and of the verb's own choices (default: ${DEFAULT-VALUE}).")
    private long seed = 1;

    @Mixin
    private ReadingOptions reading = new ReadingOptions();

    long seed() {
        return seed;
    }

    Trace open(TraceProgress progress) {
        return Trace.open(path, reading.format(), reading.options(seed, 1), progress);
    }
}
