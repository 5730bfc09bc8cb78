package dev.thaw.cli;

import dev.thaw.loadgen.DriverConfig;
import dev.thaw.loadgen.LoadPlan;
import dev.thaw.loadgen.Payload;
import dev.thaw.loadgen.Target;
import dev.thaw.loadgen.trace.ArrivalSequence;
import dev.thaw.results.CauseText;
import dev.thaw.results.RunPlan;
import dev.thaw.results.RunPlan.RunFunction;
import dev.thaw.scheduler.auth.Credentials;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code thaw load}: open-loop load on functions, or on any URL. */
@Command(
        name = "load",
        description = "Drive load, open loop, and record it.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class LoadCommand implements Callable<Integer> {
    @ArgGroup(multiplicity = "1")
    private Where where = new Where();

    private static final class Where {
        @Option(
                names = "--function",
                paramLabel = "NAME",
                split = ",",
                description = "A function of the server at --url; several, with commas, take turns.")
        List<String> functions = List.of();

        @Option(names = "--target", paramLabel = "URL", description = "Any URL that takes a POST: ours or a peer's.")
        @Nullable
        String target;
    }

    @Option(
            names = "--url",
            paramLabel = "URL",
            converter = HttpUrls.class,
            description = "The server (default: ${DEFAULT-VALUE}).")
    private URI url = ServeCommand.DEFAULT_URL;

    @Option(names = "--rate", paramLabel = "R", description = "Starts a second (default: ${DEFAULT-VALUE}).")
    private double ratePerSec = 100;

    @Option(
            names = "--duration",
            paramLabel = "DURATION",
            converter = Durations.class,
            description = "How long (default: 30s).")
    private Duration duration = Duration.ofSeconds(30);

    @Option(
            names = "--settle",
            paramLabel = "DURATION",
            converter = Durations.class,
            description =
                    "So long before that, the same load on the target by the same connections, of which nothing counts (default: 0s).")
    private Duration settle = Duration.ZERO;

    @Option(
            names = "--arrivals",
            paramLabel = "constant|poisson|uniform",
            description = "How starts are spread (default: ${DEFAULT-VALUE}).")
    private String arrivals = "poisson";

    @Option(names = "--payload", paramLabel = "JSON|@FILE", description = "The event (default: ${DEFAULT-VALUE}).")
    private String payload = "{}";

    @Option(
            names = "--closed-loop",
            paramLabel = "CONNECTIONS",
            description = "Not open loop: as fast as so many connections go, to know the generator's own limit.")
    private int closedLoopConnections;

    @Mixin
    private SigningOptions signing = new SigningOptions();

    @Mixin
    private RunOptions run = new RunOptions();

    @Override
    public Integer call() throws IOException, InterruptedException {
        boolean ours = where.target == null;
        List<String> names = ours ? where.functions : List.of("target");
        Target target = ours ? Target.invokeApi(url.toString()) : Target.url(String.valueOf(where.target));
        Credentials key = key();
        Payload event = new Payload.Fixed(payloadBytes());
        List<LoadPlan.Function> functions = names.stream()
                .map(name -> new LoadPlan.Function(name, 128, event))
                .toList();
        if (closedLoopConnections > 0) {
            if (settle.isPositive()) {
                throw new WrongUse("--settle: is of an open loop, not with --closed-loop");
            }
            // The plan of a closed loop is whatever was sent: nothing can be planned and missed.
            return measured(plan(names, 0, "closed loop of " + closedLoopConnections, key), target, ours, key)
                    .closedLoop(functions, closedLoopConnections);
        }
        LoadPlan open = LoadPlan.of(functions, duration.toNanos(), starts());
        return measured(plan(names, open.invocations(), arrivals + " " + ratePerSec + "/s", key), target, ours, key)
                .after(settle.isPositive() ? LoadPlan.of(functions, settle.toNanos(), starts()) : null)
                .openLoop(open);
    }

    /** A stranger is not shown the environment's key. */
    private @Nullable Credentials key() {
        return where.target == null || signing.isExplicit() ? signing.credentials() : null;
    }

    private MeasuredRun measured(RunPlan plan, Target target, boolean ours, @Nullable Credentials key) {
        DriverConfig config = run.driverConfig(target).withRecordWanted(ours).withSigning(SigningOptions.ofLoad(key));
        return new MeasuredRun(plan, config, run, ours ? url : null, key);
    }

    private Supplier<ArrivalSequence> starts() {
        return switch (arrivals) {
            case "constant" -> () -> ArrivalSequence.constant(ratePerSec);
            case "uniform" -> () -> ArrivalSequence.uniform(ratePerSec, run.seed);
            case "poisson" -> () -> ArrivalSequence.poisson(ratePerSec, run.seed);
            default -> throw new WrongUse("--arrivals: '" + arrivals + "', must be constant, poisson or uniform");
        };
    }

    private byte[] payloadBytes() {
        if (!payload.startsWith("@")) {
            return payload.getBytes(StandardCharsets.UTF_8);
        }
        Path file = Path.of(payload.substring(1));
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new WrongUse("--payload: cannot read " + file + ": " + CauseText.of(e));
        }
    }

    private RunPlan plan(List<String> functions, long planned, String how, @Nullable Credentials key)
            throws InterruptedException {
        RunServer server = where.target == null ? RunServer.at(url, key) : RunServer.UNKNOWN;
        List<RunFunction> described = functions.stream().map(server::function).toList();
        Map<String, String> settings = new TreeMap<>(run.describe());
        settings.put("target", where.target == null ? url.toString() : where.target);
        settings.put("arrivals", how);
        if (key != null) {
            settings.put("signedBy", key.accessKeyId());
        }
        settings.put("settleMs", Long.toString(settle.toMillis()));
        settings.put("durationMs", Long.toString(duration.toMillis()));
        return new RunPlan(
                "load",
                run.name == null ? String.join("-", functions).replaceAll("[^A-Za-z0-9_-]", "-") : run.name,
                CommandLineText.get(),
                server.with(settings),
                run.seed,
                server.description().backend(),
                server.description().isolation(),
                server.description().isolationFeatures(),
                server.isEmulated(described),
                described,
                planned,
                duration.toNanos(),
                run.latenessBudget.toNanos());
    }
}
