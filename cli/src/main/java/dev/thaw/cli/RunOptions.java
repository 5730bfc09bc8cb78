package dev.thaw.cli;

import dev.thaw.loadgen.DriverConfig;
import dev.thaw.loadgen.Target;
import dev.thaw.results.RunPlan;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Settings of every verb that drives load and records a run. */
final class RunOptions {
    @Option(names = "--name", paramLabel = "NAME", description = "Part of the bundle's folder name.")
    @Nullable
    String name;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Of everything random in the run (default: ${DEFAULT-VALUE}).")
    long seed = 1;

    @Option(names = "--runs", paramLabel = "DIR", description = "Where bundles go (default: results/runs).")
    Path runs = Installation.runs();

    @Option(
            names = "--connections",
            paramLabel = "N",
            description = "Most connections open at once (default: ${DEFAULT-VALUE}).")
    int maxConnections = DriverConfig.DEFAULT_MAX_CONNECTIONS;

    @Option(
            names = "--lateness-budget",
            paramLabel = "DURATION",
            converter = Durations.class,
            description = "p99.9 that the generator itself may be late (default: 10ms).")
    Duration latenessBudget = Duration.ofNanos(RunPlan.DEFAULT_LATENESS_BUDGET_NS);

    @Option(
            names = "--drain",
            paramLabel = "DURATION",
            converter = Durations.class,
            description =
                    "How long answers are awaited after the last start (default: 60s; of a trace, as long as its functions may run).")
    @Nullable
    Duration drain;

    @Option(
            names = "--warm-up",
            paramLabel = "DURATION",
            converter = Durations.class,
            description =
                    "At most this long, before the run: requests to a responder of the generator's own, until its compiler rests (default: 5s; 0s for none).")
    Duration warmUp = Duration.ofSeconds(5);

    private Duration defaultDrain = Duration.ofSeconds(60);

    /** A trace's functions may run as long as any function may: the run ends when the last has answered. */
    void awaitWholeTrace() {
        defaultDrain = Duration.ofNanos(DriverConfig.DEFAULT_DRAIN_TIMEOUT_NS);
    }

    private Duration drain() {
        return drain == null ? defaultDrain : drain;
    }

    DriverConfig driverConfig(Target target) {
        int warm = Math.min(maxConnections, DriverConfig.DEFAULT_WARM_CONNECTIONS);
        return DriverConfig.of(target)
                .withConnections(maxConnections, warm)
                .withTimeouts(DriverConfig.DEFAULT_REQUEST_TIMEOUT_NS, drain().toNanos());
    }

    Map<String, String> describe() {
        Map<String, String> settings = new TreeMap<>();
        settings.put("maxConnections", Integer.toString(maxConnections));
        settings.put("latenessBudgetUs", Long.toString(latenessBudget.toNanos() / 1000));
        settings.put("warmUpAtMostMs", Long.toString(warmUp.toMillis()));
        settings.put("drainMs", Long.toString(drain().toMillis()));
        return settings;
    }
}
