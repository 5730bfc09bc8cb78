package dev.thaw.cli;

import dev.thaw.cli.trace.ReadingOptions;
import dev.thaw.loadgen.Payload;
import dev.thaw.loadgen.trace.Trace;
import dev.thaw.scheduler.auth.Credentials;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code thaw replay}: replays a trace, open loop, against live sandboxes. */
@Command(
        name = "replay",
        description = "Replay a trace against live sandboxes.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class ReplayCommand implements Callable<Integer> {
    @Parameters(paramLabel = "TRACE", description = "The trace's file, or its folder.")
    private Path trace = Path.of("");

    @Mixin
    private ReadingOptions reading = new ReadingOptions();

    @Option(
            names = "--speedup",
            paramLabel = "X",
            description = "Starts come X times as fast; durations stay (default: ${DEFAULT-VALUE}).")
    private double speedup = 1;

    @Option(
            names = "--arch",
            paramLabel = "x86_64|arm64",
            description = "What the stand-in functions are built for (default: this host's).")
    private @Nullable String architecture;

    @Option(
            names = "--cpu-fraction",
            paramLabel = "F",
            description = "Share of a duration spent on the CPU, the rest asleep (default: ${DEFAULT-VALUE}).")
    private double cpuFraction = Payload.Spin.DEFAULT_CPU_FRACTION;

    @Option(
            names = "--memory-fraction",
            paramLabel = "F",
            description = "Share of the memory size that is touched (default: ${DEFAULT-VALUE}).")
    private double memoryFraction = Payload.Spin.DEFAULT_MEMORY_FRACTION;

    @Option(
            names = "--url",
            paramLabel = "URL",
            converter = HttpUrls.class,
            description = "A server that has the trace's functions (default: one of its own).")
    private @Nullable URI url;

    @Mixin
    private RunOptions run = new RunOptions();

    @Mixin
    private SigningOptions signing = new SigningOptions();

    @Mixin
    private ServerOptions server = new ServerOptions();

    @Override
    public Integer call() throws IOException, InterruptedException {
        Credentials key = key();
        Trace opened = Trace.open(trace, reading.format(), reading.options(run.seed, speedup));
        return new TraceReplay(opened, run, server)
                .architecture(architecture)
                .fractions(cpuFraction, memoryFraction)
                .signedBy(key)
                .run("replay", run.name == null ? baseName() : run.name, url);
    }

    /** A server of its own wants no signature. */
    private @Nullable Credentials key() {
        if (url == null && signing.isExplicit()) {
            throw new WrongUse("--auth: is for a server that is there already, must come with --url");
        }
        return url == null ? null : signing.credentials();
    }

    private String baseName() {
        String file = String.valueOf(trace.getFileName());
        return file.replaceFirst("\\.[^.]*$", "").replaceAll("[^A-Za-z0-9_-]", "-");
    }
}
