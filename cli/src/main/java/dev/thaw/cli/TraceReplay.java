package dev.thaw.cli;

import dev.thaw.loadgen.DriverConfig;
import dev.thaw.loadgen.LoadPlan;
import dev.thaw.loadgen.Payload;
import dev.thaw.loadgen.Target;
import dev.thaw.loadgen.trace.Trace;
import dev.thaw.results.RunOutcome;
import dev.thaw.results.RunPlan;
import dev.thaw.results.RunPlan.RunFunction;
import dev.thaw.sandbox.Architecture;
import dev.thaw.scheduler.auth.Credentials;
import dev.thaw.scheduler.frontend.FrontEndConfig;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Replays a trace: on a server of its own in this process, or on one that is there already. */
final class TraceReplay {
    private final Trace trace;
    private final RunOptions run;
    private final ServerOptions serverOptions;
    private String architecture = Architecture.host().key();
    private double cpuFraction = Payload.Spin.DEFAULT_CPU_FRACTION;
    private @Nullable Credentials key;
    private double memoryFraction = Payload.Spin.DEFAULT_MEMORY_FRACTION;

    TraceReplay(Trace trace, RunOptions run, ServerOptions serverOptions) {
        this.trace = trace;
        this.run = run;
        this.serverOptions = serverOptions;
        run.awaitWholeTrace();
    }

    TraceReplay architecture(@Nullable String key) {
        if (key != null) {
            if (!key.equals(Architecture.X86_64.key()) && !key.equals(Architecture.ARM64.key())) {
                throw new WrongUse("--arch: '" + key + "', must be x86_64 or arm64");
            }
            architecture = key;
        }
        return this;
    }

    TraceReplay fractions(double cpu, double memory) {
        cpuFraction = cpu;
        memoryFraction = memory;
        return this;
    }

    /** Requests are signed by this key; null for none. */
    TraceReplay signedBy(@Nullable Credentials credentials) {
        key = credentials;
        return this;
    }

    int run(String kind, String name, @Nullable URI url) throws IOException, InterruptedException {
        if (url != null) {
            serverOptions.refuseFaultsFor(url);
            return measured(plan(kind, name, RunServer.at(url, key), "the server at " + url), url)
                    .openLoop(load());
        }
        return onOwnServer(kind, name, (run, load) -> run.openLoop(load));
    }

    /** On a server of its own, for who does not end with it. */
    RunOutcome record(String kind, String name) throws IOException, InterruptedException {
        return onOwnServer(kind, name, (run, load) -> run.recordOpenLoop(load));
    }

    private <T> T onOwnServer(String kind, String name, Measurement<T> measurement)
            throws IOException, InterruptedException {
        try (ThawServer server = ThawServer.start(
                serverOptions,
                TraceFunctions.of(trace, architecture, memoryFraction),
                new FrontEndConfig("127.0.0.1", 0))) {
            RunServer own = RunServer.at(URI.create(server.url()), key);
            RunPlan plan = plan(kind, name, own, "in this process, over loopback HTTP");
            return measurement.of(measured(plan, URI.create(server.url())), load());
        }
    }

    @FunctionalInterface
    private interface Measurement<T> {
        T of(MeasuredRun run, LoadPlan load) throws IOException, InterruptedException;
    }

    private LoadPlan load() {
        return LoadPlan.of(trace, cpuFraction, memoryFraction);
    }

    private MeasuredRun measured(RunPlan plan, URI url) {
        DriverConfig config =
                run.driverConfig(Target.invokeApi(url.toString())).withSigning(SigningOptions.ofLoad(key));
        return new MeasuredRun(plan, config, run, url, key);
    }

    private RunPlan plan(String kind, String name, RunServer server, String serverPlace) {
        List<RunFunction> functions = trace.functions().stream()
                .map(function -> server.function(function.name()))
                .toList();
        Map<String, String> settings = new TreeMap<>(run.describe());
        settings.putAll(trace.asConfiguration());
        settings.put("cpuFraction", Double.toString(cpuFraction));
        settings.put("memoryFraction", Double.toString(memoryFraction));
        settings.put("server", serverPlace);
        if (key != null) {
            settings.put("signedBy", key.accessKeyId());
        }
        return new RunPlan(
                kind,
                name,
                CommandLineText.get(),
                server.with(settings),
                run.seed,
                server.description().backend(),
                server.description().isolation(),
                server.description().isolationFeatures(),
                server.isEmulated(functions),
                functions,
                trace.summary().invocations(),
                trace.summary().durationNs(),
                run.latenessBudget.toNanos());
    }
}
