package dev.thaw.cli;

import dev.thaw.cli.virtual.Calibration;
import dev.thaw.cli.virtual.Cebert;
import dev.thaw.cli.virtual.LambdaPerf;
import dev.thaw.cli.virtual.MeasuredModel;
import dev.thaw.cli.virtual.ModelFile;
import dev.thaw.loadgen.trace.Trace;
import dev.thaw.loadgen.trace.TraceFormat;
import dev.thaw.loadgen.trace.TraceOptions;
import dev.thaw.results.RunBundle;
import dev.thaw.sandbox.Architecture;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code thaw calibrate}: makes a model for virtual time of what was measured. */
@Command(
        name = "calibrate",
        description = "Make a model for virtual time: of a live run, or of public measurements of Lambda.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class CalibrateCommand implements Callable<Integer> {
    @ArgGroup(multiplicity = "1")
    private Source source = new Source();

    @Option(
            names = "--trace",
            paramLabel = "TRACE",
            description = "What the run replayed, unchanged: tells overhead from work.")
    private @Nullable Path trace;

    @Option(names = "--format", paramLabel = "FORMAT", description = "Of the trace (default: ${DEFAULT-VALUE}).")
    private String format = "auto";

    @Option(names = "--runtime", paramLabel = "NAME", description = "Which runtime of the measurements.")
    private @Nullable String runtime;

    @Option(
            names = "--arch",
            paramLabel = "x86_64|arm64",
            description = "Which architecture of the measurements (default: ${DEFAULT-VALUE}).")
    private String architecture = Architecture.X86_64.key();

    @Option(names = "--out", paramLabel = "FILE", description = "Where the model goes (default: the run's model.json).")
    private @Nullable Path out;

    /** Where durations come from. */
    private static final class Source {
        @Parameters(paramLabel = "RUN", description = "A live run's bundle.")
        private @Nullable Path run;

        @Option(
                names = "--from-lambda-perf",
                paramLabel = "FILE",
                description = "lambda-perf's daily JSON, a folder of such, or its samples as CSV, plain or .gz.")
        private @Nullable Path lambdaPerf;

        @Option(
                names = "--from-cebert",
                paramLabel = "DIR",
                description = "A workload's folder of aws-lambda-performance-benchmarks: cold.md and warm.md.")
        private @Nullable Path cebert;
    }

    @Override
    public Integer call() throws IOException {
        Path run = source.run;
        MeasuredModel model = run != null ? ofRun(run) : ofMeasurements();
        Path file = out != null ? out : defaultFile(run);
        ModelFile.write(model, file);
        System.out.println(model.source());
        System.out.println("model: " + file);
        return 0;
    }

    private MeasuredModel ofRun(Path run) throws IOException {
        if (runtime != null) {
            throw new WrongUse("--runtime: is for measurements of others, a run has functions");
        }
        RunBundle bundle;
        try {
            bundle = RunBundle.load(run);
        } catch (IOException e) {
            throw new WrongUse(String.valueOf(e.getMessage()));
        }
        return Calibration.of(
                bundle, trace == null ? null : Trace.open(trace, TraceFormat.of(format), TraceOptions.defaults()));
    }

    private MeasuredModel ofMeasurements() {
        if (runtime == null) {
            throw new WrongUse("--runtime: missing, must name one of the measurements");
        }
        if (trace != null) {
            throw new WrongUse("--trace: is for a run that replayed it");
        }
        if (!architecture.equals(Architecture.X86_64.key()) && !architecture.equals(Architecture.ARM64.key())) {
            throw new WrongUse("--arch: '" + architecture + "', must be x86_64 or arm64");
        }
        Path perf = source.lambdaPerf;
        if (perf != null) {
            return LambdaPerf.read(perf, runtime, architecture);
        }
        Path cebert = source.cebert;
        if (cebert == null) {
            throw new WrongUse("RUN: missing");
        }
        return Cebert.read(cebert, runtime, architecture);
    }

    private static Path defaultFile(@Nullable Path run) {
        return run == null ? Path.of("model.json") : run.resolve("model.json");
    }
}
