package dev.thaw.cli;

import dev.thaw.results.FleetSample;
import dev.thaw.results.ServerDescription;
import dev.thaw.results.ServerMetrics;
import dev.thaw.results.pauses.PauseWatch;
import dev.thaw.runtimebridge.BridgeConfig;
import dev.thaw.runtimebridge.RuntimeBridge;
import dev.thaw.sandbox.Architecture;
import dev.thaw.sandbox.Isolation;
import dev.thaw.sandbox.SandboxBackend;
import dev.thaw.sandbox.code.ContainerImages;
import dev.thaw.scheduler.core.HostSpec;
import dev.thaw.scheduler.core.Scheduler;
import dev.thaw.scheduler.core.SchedulerConfig;
import dev.thaw.scheduler.events.AsyncEvents;
import dev.thaw.scheduler.events.EventIntake;
import dev.thaw.scheduler.frontend.FrontEndConfig;
import dev.thaw.scheduler.frontend.FrontEndPorts;
import dev.thaw.scheduler.frontend.HttpFrontEnd;
import dev.thaw.scheduler.frontend.Management;
import dev.thaw.scheduler.frontend.live.EventReadings;
import dev.thaw.scheduler.frontend.live.LiveFeed;
import dev.thaw.scheduler.functions.FunctionConfig;
import dev.thaw.scheduler.functions.FunctionRegistry;
import dev.thaw.scheduler.functions.TemplateFunction;
import dev.thaw.scheduler.live.Engine;
import dev.thaw.scheduler.live.ExchangeCompletions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.agrona.concurrent.EpochClock;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemEpochClock;
import org.agrona.concurrent.SystemNanoClock;
import org.jspecify.annotations.Nullable;

/**
 * A whole server: sandboxes, Runtime API, scheduler, front end, wired in that order and ended in the other.
 *
 * <p>Threading: made and closed by one thread; {@link #fleet} is safe on any.
 */
final class ThawServer implements AutoCloseable {
    private static final NanoClock CLOCK = SystemNanoClock.INSTANCE;
    private static final EpochClock EPOCH_CLOCK = SystemEpochClock.INSTANCE;

    private final Duration shutdownWait;
    private final PauseWatch pauses;
    private final ContainerImages images;
    private final Snapshots snapshots;
    private final SandboxBackend backend;
    private final Engine engine;
    private final RuntimeBridge bridge;
    private final LiveDeployments deployments;
    /** Null where the server takes no asynchronous invocations. */
    private final @Nullable AsyncEvents events;

    /** The same server's. */
    private final @Nullable ServedSources sources;

    private final @Nullable ServedControl control;

    private final @Nullable LiveFeed live;

    private final HttpFrontEnd frontEnd;

    private ThawServer(
            Duration shutdownWait,
            PauseWatch pauses,
            ContainerImages images,
            Snapshots snapshots,
            SandboxBackend backend,
            Engine engine,
            RuntimeBridge bridge,
            LiveDeployments deployments,
            @Nullable AsyncEvents events,
            @Nullable ServedSources sources,
            @Nullable ServedControl control,
            @Nullable LiveFeed live,
            HttpFrontEnd frontEnd) {
        this.shutdownWait = shutdownWait;
        this.pauses = pauses;
        this.images = images;
        this.snapshots = snapshots;
        this.backend = backend;
        this.engine = engine;
        this.bridge = bridge;
        this.deployments = deployments;
        this.events = events;
        this.sources = sources;
        this.control = control;
        this.live = live;
        this.frontEnd = frontEnd;
    }

    /** Starts a server that takes no asynchronous invocations: for measured runs. */
    static ThawServer start(ServerOptions options, List<FunctionConfig> functions, FrontEndConfig address)
            throws IOException {
        return start(
                options,
                functions.stream().map(TemplateFunction::of).toList(),
                address,
                null,
                null,
                ServedAccess.of(null));
    }

    /**
     * Starts a server of these functions; it can take requests once this returns. Leaves nothing behind where it fails.
     *
     * @param state of the control plane; null for none
     */
    static ThawServer start(
            ServerOptions options,
            List<TemplateFunction> functions,
            FrontEndConfig address,
            @Nullable ServedEvents served,
            @Nullable ServedState state,
            ServedAccess access)
            throws IOException {
        List<AutoCloseable> open = new ArrayList<>();
        try {
            PauseWatch pauses = opened(open, PauseWatch.start(CLOCK::nanoTime, EPOCH_CLOCK::time, Engine::isItsThread));
            ContainerImages images =
                    opened(open, new ContainerImages(options.backendConfig().scratchDirectory()));
            Backends backends = opened(open, Backends.open(options));
            SandboxBackend backend = backends.sandboxes();
            FunctionRegistry registry = new FunctionRegistry();
            Engine engine = opened(open, new Engine(options.engineConfig(), registry, CLOCK, ThawServer::printFault));
            RuntimeBridge bridge = opened(
                    open,
                    new RuntimeBridge(
                            new BridgeConfig(options.logDirectory(), Map.of(), options.faultPlan(backend.isolation())),
                            backend,
                            engine.eventLoops(),
                            engine.inbox(),
                            CLOCK,
                            EPOCH_CLOCK));
            Scheduler scheduler = scheduler(options, registry, engine, bridge);
            engine.start(scheduler);
            Snapshots snapshots = opened(
                    open, new Snapshots(backend, bridge, options.backendConfig().scratchDirectory()));
            LiveDeployments deployments = new LiveDeployments(
                    registry,
                    engine,
                    bridge,
                    images,
                    backends,
                    Installation.root().resolve(".thaw/packages"),
                    snapshots);
            AtomicReference<HttpFrontEnd> listening = new AtomicReference<>();
            ServedSources sources =
                    served == null ? null : opened(open, served.sources(registry, engine, CLOCK, EPOCH_CLOCK));
            ServedControl control = null;
            if (state == null || sources == null) {
                for (TemplateFunction function : functions) {
                    deployments.add(function.config());
                }
            } else {
                control = opened(
                        open,
                        ServedControl.open(
                                state,
                                functions,
                                deployments,
                                sources.mappings(),
                                options.accountConcurrency,
                                access,
                                () -> urlOf(listening.get()),
                                EPOCH_CLOCK,
                                ThawServer::printFault));
            }
            AsyncEvents events =
                    served == null ? null : opened(open, served.of(control).open(registry, engine, CLOCK, EPOCH_CLOCK));
            if (sources != null && events != null) {
                sources.prepare(events, access.permit());
            }
            LiveFeed live = address.livePage()
                    ? opened(
                            open,
                            new LiveFeed(readings(engine, events, sources), CLOCK, EPOCH_CLOCK, ThawServer::printFault))
                    : null;
            FrontEndPorts ports = new FrontEndPorts(
                    registry,
                    engine.inbox()::offer,
                    engine::fleet,
                    () -> metrics(engine, events, pauses),
                    description(options, backend.isolation()),
                    control == null ? Management.NONE : control.management(),
                    events == null ? EventIntake.NONE : events,
                    access.access(),
                    live == null ? null : live.readers(),
                    CLOCK,
                    EPOCH_CLOCK);
            HttpFrontEnd frontEnd = HttpFrontEnd.start(address, engine.eventLoops(), ports);
            listening.set(frontEnd);
            if (events != null) {
                events.start();
            }
            return new ThawServer(
                    options.shutdownWait,
                    pauses,
                    images,
                    snapshots,
                    backend,
                    engine,
                    bridge,
                    deployments,
                    events,
                    sources,
                    control,
                    live,
                    frontEnd);
        } catch (IOException | RuntimeException e) {
            closeAll(open);
            throw e;
        }
    }

    private static ServerDescription description(ServerOptions options, Isolation isolation) {
        return new ServerDescription(
                BuildVersion.TEXT,
                Architecture.host().key(),
                isolation.backend(),
                isolation.describe(),
                IsolationFeatures.of(isolation),
                options.describe(),
                List.of());
    }

    private static LiveFeed.Source readings(
            Engine engine, @Nullable AsyncEvents events, @Nullable ServedSources sources) {
        return events == null || sources == null
                ? engine::watch
                : new EventReadings(engine::watch, events::backlog, sources.mappings()::states);
    }

    private static CompletableFuture<ServerMetrics> metrics(
            Engine engine, @Nullable AsyncEvents events, PauseWatch pauses) {
        return engine.metrics().thenApply(metrics -> {
            ServerMetrics watched = metrics.withPauses(pauses.pauses());
            return events == null
                    ? watched
                    : watched.withEvents(events.counters().rows());
        });
    }

    private static Scheduler scheduler(
            ServerOptions options, FunctionRegistry registry, Engine engine, RuntimeBridge bridge) {
        SchedulerConfig config = options.schedulerConfig();
        Scheduler scheduler = new Scheduler(
                config,
                options.policies(),
                bridge.environments(),
                new ExchangeCompletions(registry, bridge.reports(), engine.inbox()::offer, engine.invocationMetrics()));
        scheduler.addHost(new HostSpec("local", options.hostMemoryMib(), options.hostMilliVcpus()));
        return scheduler;
    }

    /** As {@link ServedControl#apply}, then fires what options and template say; a server without these does nothing. */
    List<String> apply(List<TemplateFunction> template, @Nullable Path bucketRoot) {
        if (control == null || sources == null) {
            return List.of();
        }
        List<String> notes = control.apply(template, sources.ofTemplate(bucketRoot), EPOCH_CLOCK);
        sources.start(control::has);
        return notes;
    }

    String url() {
        return urlOf(frontEnd);
    }

    private static String urlOf(HttpFrontEnd frontEnd) {
        String host = frontEnd.address().getAddress().getHostAddress();
        return "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + frontEnd.port();
    }

    Isolation isolation() {
        return backend.isolation();
    }

    LiveDeployments deployments() {
        return deployments;
    }

    /** For {@link AutoScaling}: by the control plane where there is one and the name has a qualifier. */
    void provision(String function, int functionId, int environments) {
        if (control == null || !control.provision(function, environments)) {
            deployments.provision(functionId, environments);
        }
    }

    CompletableFuture<FleetSample> fleet() {
        return engine.fleet();
    }

    /** Accepts nothing more, lets running invocations finish within the wait, leaves no sandbox. */
    @Override
    public void close() {
        frontEnd.close();
        if (live != null) {
            live.close();
        }
        if (control != null) {
            control.close();
        }
        if (sources != null) {
            sources.stop();
        }
        if (events != null) {
            events.stop();
        }
        if (!engine.drain(shutdownWait.toMillis())) {
            System.err.println("thaw: invocations still ran after " + shutdownWait.toMillis()
                    + " ms and were ended (--shutdown-wait)");
        }
        if (events != null) {
            events.close();
        }
        if (sources != null) {
            sources.close();
        }
        // Backend first: what is left of its sandboxes still tells the bridge, whose channels live on the engine's
        // loops.
        closeAll(List.of(pauses, images, snapshots, engine, bridge, backend));
    }

    private static <T extends AutoCloseable> T opened(List<AutoCloseable> open, T part) {
        open.add(part);
        return part;
    }

    /** Last opened, first closed. */
    private static void closeAll(List<AutoCloseable> parts) {
        for (AutoCloseable part : parts.reversed()) {
            try {
                part.close();
            } catch (Exception e) {
                printFault(e);
            }
        }
    }

    private static void printFault(Throwable fault) {
        System.err.println("thaw: internal fault: " + fault);
        if (Boolean.getBoolean("thaw.trace")) {
            fault.printStackTrace();
        }
    }
}
