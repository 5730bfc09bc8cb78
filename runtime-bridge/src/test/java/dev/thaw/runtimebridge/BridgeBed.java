package dev.thaw.runtimebridge;

import dev.thaw.scheduler.core.FunctionSpec;
import dev.thaw.scheduler.core.HostSpec;
import dev.thaw.scheduler.core.Outcome;
import dev.thaw.scheduler.core.Refusal;
import dev.thaw.scheduler.core.Scheduler;
import dev.thaw.scheduler.core.SchedulerConfig;
import dev.thaw.scheduler.functions.FunctionRegistry;
import dev.thaw.scheduler.functions.LoggingConfig;
import dev.thaw.scheduler.live.EnvironmentSignals;
import dev.thaw.scheduler.live.Exchange;
import dev.thaw.scheduler.live.ExchangeCompletions;
import dev.thaw.scheduler.live.ExchangeSink;
import dev.thaw.scheduler.live.InvocationMetrics;
import dev.thaw.scheduler.policy.PolicyCatalogue;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import org.agrona.concurrent.CachedEpochClock;
import org.agrona.concurrent.CachedNanoClock;
import org.jspecify.annotations.Nullable;

/**
 * The bridge between the real scheduler and scripted sandboxes, in made-up time and on the test's thread: what happens
 * on the event loop happens at once, what the scheduler is told waits for {@link #deliver}. Only the logs have their own
 * thread, as ever.
 */
final class BridgeBed implements AutoCloseable {
    static final int FUNCTION = 0;
    static final int TIMEOUT_SEC = 3;
    /** Room for just one environment. */
    private static final int HOST_MIB = 256;

    /** What a client would have got. */
    record Answer(
            @Nullable Outcome outcome,
            @Nullable Refusal refusal,
            String requestId,
            String body,
            @Nullable String errorType,
            @Nullable String errorMessage) {}

    final ScriptedBackend backend = new ScriptedBackend();
    final List<Answer> answers = new ArrayList<>();
    /** Invocations want their log tails: the log thread answers them, by the time of {@link #log}. */
    boolean wantsTails;

    final List<String> tails = new ArrayList<>();
    /** What the record of each answer says of the one before. */
    final List<Long> overhangsNs = new ArrayList<>();

    final Scheduler scheduler;
    private final Path logDirectory;
    private final FunctionRegistry registry = new FunctionRegistry();
    private final CachedNanoClock clock = new CachedNanoClock();
    private final FunctionLogs logs;
    private final FaultInjection faults;
    private final SandboxEnvironments environments;
    final DeployedFunction function;
    private final TelemetryDelivery telemetry;
    private final Queue<LongConsumer> signals = new ArrayDeque<>();
    /** Whose event loop it is. */
    private final EmbeddedChannel loop = new EmbeddedChannel();

    private final List<EmbeddedChannel> runtimes = new ArrayList<>();
    private @Nullable RuntimeSession session;
    private @Nullable Extensions extensions;
    private int invocations;

    BridgeBed(Path logDirectory) {
        this(logDirectory, LoggingConfig.DEFAULT);
    }

    BridgeBed(Path logDirectory, LoggingConfig logging) {
        this(logDirectory, logging, FaultPlan.NONE);
    }

    /** Sandboxes suffer the plan's faults of inits; connections are those of a bridge without one. */
    BridgeBed(Path logDirectory, LoggingConfig logging, FaultPlan plan) {
        this.logDirectory = logDirectory;
        faults = new FaultInjection(plan);
        loop.freezeTime();
        CachedEpochClock epochClock = new CachedEpochClock();
        logs = new FunctionLogs(clock, epochClock);
        telemetry = new TelemetryDelivery(clock, epochClock);
        BridgeContext context = new BridgeContext(
                new BridgeConfig(logDirectory, Map.of()),
                plan.isEmpty() ? backend : faults.into(backend),
                new QueuedSignals(),
                logs,
                telemetry,
                Runnable::run,
                (eventLoop, fd, opened, beside) -> {
                    session = opened;
                    extensions = beside;
                    return () -> {};
                },
                clock,
                epochClock);
        environments = new SandboxEnvironments(context, loop.eventLoop());
        function = Functions.of("f", logDirectory, TIMEOUT_SEC, logging);
        scheduler = new Scheduler(
                SchedulerConfig.defaults(),
                PolicyCatalogue.standard(SchedulerConfig.DEFAULT_KEEP_ALIVE_NS),
                environments,
                new ExchangeCompletions(
                        registry, new EnvironmentReports(environments, logs), _ -> false, new InvocationMetrics()));
        scheduler.addHost(new HostSpec("here", HOST_MIB, 64_000));
        scheduler.addFunction(new FunctionSpec("f", HOST_MIB, TimeUnit.SECONDS.toNanos(TIMEOUT_SEC)));
        registry.add(function.config(), function.version());
        environments.addFunction(FUNCTION, function);
    }

    CompletableFuture<Snapshot> takeSnapshot(Path folder) {
        return environments.takeSnapshot(function, folder);
    }

    /** Another version, whose environments go on from a snapshot. Returns its id. */
    int addRestored(Snapshot snapshot) {
        int functionId =
                scheduler.addFunction(new FunctionSpec("f", HOST_MIB, TimeUnit.SECONDS.toNanos(TIMEOUT_SEC), true));
        DeployedFunction restored = function.at("1").restoredFrom(snapshot);
        registry.add(restored.config(), restored.version());
        environments.addFunction(functionId, restored);
        return functionId;
    }

    /** A client's request. */
    void invoke() {
        invoke(FUNCTION);
    }

    void invoke(int functionId) {
        Exchange exchange = new Exchange();
        exchange.payload = Unpooled.copiedBuffer("{}", StandardCharsets.UTF_8);
        exchange.requestId = "id-" + ++invocations;
        exchange.logTail = wantsTails;
        exchange.sink = new Sink();
        exchange.invocation.start(0, functionId, exchange, clock.nanoTime());
        scheduler.onInvoke(exchange.invocation, clock.nanoTime());
        deliver();
    }

    /** A runtime that has been started and asks for its first event. */
    EmbeddedChannel connectRuntime() {
        EmbeddedChannel runtime = connect();
        Objects.requireNonNull(session).onConnected();
        askForMore(runtime);
        deliver();
        return runtime;
    }

    /** A connection that has not said yet whose it is. */
    EmbeddedChannel connect() {
        RuntimeSession current = session;
        Extensions beside = extensions;
        if (current == null || beside == null) {
            throw new IllegalStateException("no sandbox was created yet");
        }
        EmbeddedChannel connection = new EmbeddedChannel(new RuntimeApiConnection(current, beside));
        runtimes.add(connection);
        return connection;
    }

    /** An extension that registers for these events. */
    ScriptedExtension register(String name, String events) {
        ScriptedExtension extension = new ScriptedExtension(connect(), name, events);
        deliver();
        return extension;
    }

    void askForMore(EmbeddedChannel runtime) {
        send(runtime, "GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\n\r\n");
    }

    void respond(EmbeddedChannel runtime, String requestId, String body) {
        send(
                runtime,
                "POST /2018-06-01/runtime/invocation/" + requestId + "/response HTTP/1.1\r\nContent-Length: "
                        + body.length() + "\r\n\r\n" + body);
    }

    static void send(EmbeddedChannel runtime, String request) {
        String _ = exchange(runtime, request);
    }

    /** What the Runtime API answers, so far. */
    static String exchange(EmbeddedChannel runtime, String request) {
        runtime.writeInbound(Unpooled.copiedBuffer(request, StandardCharsets.UTF_8));
        StringBuilder answer = new StringBuilder();
        for (ByteBuf sent = runtime.readOutbound(); sent != null; sent = runtime.readOutbound()) {
            answer.append(sent.toString(StandardCharsets.UTF_8));
            sent.release();
        }
        return answer.toString();
    }

    /** Runs the event loop, and nothing else: what the scheduler is told waits. */
    void turn() {
        loop.runPendingTasks();
    }

    /** Runs the event loop and tells the scheduler what has happened, until nothing happens any more. */
    void deliver() {
        turn();
        for (LongConsumer signal = signals.poll(); signal != null; signal = signals.poll()) {
            signal.accept(clock.nanoTime());
            turn();
        }
    }

    /** The event loop's timers and then the scheduler's. */
    void pass(long duration, TimeUnit unit) {
        clock.advance(unit.toNanos(duration));
        loop.advanceTimeBy(duration, unit);
        loop.runPendingTasks();
        deliver();
        scheduler.poll(clock.nanoTime());
        deliver();
    }

    /** Only the event loop's timers: the scheduler is busy elsewhere. */
    void passOnEventLoop(long duration, TimeUnit unit) {
        loop.advanceTimeBy(duration, unit);
        loop.runPendingTasks();
    }

    /** Environments that exist, in whatever state. */
    int environments() {
        var counts = scheduler.counts();
        return counts.starting()
                + counts.busy()
                + counts.idle()
                + counts.frozen()
                + counts.resetting()
                + counts.destroying();
    }

    /** Everything logged. Ends the bed. */
    String log() throws IOException {
        close();
        StringBuilder text = new StringBuilder();
        try (Stream<Path> files = Files.list(logDirectory.resolve("f"))) {
            for (Path file : files.sorted().toList()) {
                text.append(Files.readString(file));
            }
        }
        return text.toString();
    }

    @Override
    public void close() {
        if (loop.isOpen()) {
            runtimes.forEach(EmbeddedChannel::finishAndReleaseAll);
            ChannelFuture _ = loop.close();
            faults.close();
            logs.close();
            telemetry.close();
            backend.close();
        }
    }

    private final class Sink implements ExchangeSink {
        @Override
        public void answer(Exchange exchange, Outcome outcome) {
            ByteBuf response = exchange.response;
            String body = response == null ? "" : response.toString(StandardCharsets.UTF_8);
            if (response != null) {
                response.release();
            }
            ByteBuf payload = exchange.payload;
            if (payload != null) {
                payload.release();
            }
            if (exchange.logTail) {
                tails.add(new String(Objects.requireNonNull(exchange.logResult), StandardCharsets.UTF_8));
            }
            overhangsNs.add(exchange.record.extensionOverhangNs);
            answers.add(new Answer(outcome, null, exchange.requestId, body, exchange.errorType, exchange.errorMessage));
        }

        @Override
        public void refuse(Exchange exchange, Refusal refusal) {
            answers.add(new Answer(null, refusal, exchange.requestId, "", null, null));
        }
    }

    private final class QueuedSignals implements EnvironmentSignals {
        @Override
        public void sandboxCreated(long environmentId) {
            signals.add(nowNs -> scheduler.onSandboxCreated(environmentId, nowNs));
        }

        @Override
        public void extensionsStarting(long environmentId) {
            signals.add(nowNs -> scheduler.onExtensionsStarting(environmentId, nowNs));
        }

        @Override
        public void extensionsRegistered(long environmentId) {
            signals.add(nowNs -> scheduler.onExtensionsRegistered(environmentId, nowNs));
        }

        @Override
        public void runtimeConnected(long environmentId) {
            signals.add(nowNs -> scheduler.onRuntimeConnected(environmentId, nowNs));
        }

        @Override
        public void ready(long environmentId) {
            signals.add(nowNs -> scheduler.onReady(environmentId, nowNs));
        }

        @Override
        public void response(long environmentId, Outcome outcome) {
            signals.add(nowNs -> scheduler.onResponse(environmentId, outcome, nowNs));
        }

        @Override
        public void initFailed(long environmentId) {
            signals.add(nowNs -> scheduler.onInitFailed(environmentId, nowNs));
        }

        @Override
        public void runtimeExit(long environmentId) {
            signals.add(nowNs -> scheduler.onRuntimeExit(environmentId, nowNs));
        }

        @Override
        public void thawed(long environmentId) {
            signals.add(nowNs -> scheduler.onThawed(environmentId, nowNs));
        }

        @Override
        public void reset(long environmentId) {
            signals.add(nowNs -> scheduler.onReset(environmentId, nowNs));
        }

        @Override
        public void destroyed(long environmentId) {
            signals.add(nowNs -> scheduler.onDestroyed(environmentId, nowNs));
        }
    }
}
