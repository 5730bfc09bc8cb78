package dev.thaw.runtimebridge;

import dev.thaw.results.ServerRecord;
import dev.thaw.sandbox.process.ProcessBackend;
import dev.thaw.scheduler.core.FunctionSpec;
import dev.thaw.scheduler.core.HostSpec;
import dev.thaw.scheduler.core.Outcome;
import dev.thaw.scheduler.core.Refusal;
import dev.thaw.scheduler.core.Scheduler;
import dev.thaw.scheduler.core.SchedulerConfig;
import dev.thaw.scheduler.functions.FunctionRegistry;
import dev.thaw.scheduler.live.Engine;
import dev.thaw.scheduler.live.EngineConfig;
import dev.thaw.scheduler.live.Exchange;
import dev.thaw.scheduler.live.ExchangeCompletions;
import dev.thaw.scheduler.live.ExchangeSink;
import dev.thaw.scheduler.live.ThreadLayout;
import dev.thaw.scheduler.policy.PolicyCatalogue;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.agrona.concurrent.SystemEpochClock;
import org.agrona.concurrent.SystemNanoClock;
import org.jspecify.annotations.Nullable;

/** The bridge between the real scheduler on its real threads and real sandboxes; only the clients are missing. */
final class BridgeHarness implements AutoCloseable {
    private static final long DRAIN_BOUND_MS = 20_000;
    /** Something hangs: longer than a busy machine takes for anything. */
    private static final long ANSWER_BOUND_SEC = 300;

    /** What a client would have got. */
    record Answer(
            @Nullable Outcome outcome,
            @Nullable Refusal refusal,
            String requestId,
            String body,
            int bodyBytes,
            @Nullable String errorType,
            @Nullable String errorMessage,
            String logTail,
            boolean suppressedInit,
            boolean outOfMemory,
            long cpuNs,
            long billedMs,
            int faults) {}

    final Queue<Throwable> errors = new ConcurrentLinkedQueue<>();
    private final ProcessBackend backend = new ProcessBackend();
    private final FunctionRegistry registry = new FunctionRegistry();
    private final Engine engine;
    private final RuntimeBridge bridge;
    private final Scheduler scheduler;
    private final Path logDirectory;
    private final Watch watch = new Watch();
    private boolean closed;

    BridgeHarness(ThreadLayout layout, Path logDirectory, List<DeployedFunction> functions) {
        this(layout, logDirectory, functions, FaultPlan.NONE);
    }

    BridgeHarness(ThreadLayout layout, Path logDirectory, List<DeployedFunction> functions, FaultPlan faults) {
        this.logDirectory = logDirectory;
        engine = new Engine(EngineConfig.of(layout), registry, SystemNanoClock.INSTANCE, errors::add);
        bridge = new RuntimeBridge(
                new BridgeConfig(logDirectory, Map.of(), faults),
                backend,
                engine.eventLoops(),
                watch.signals(engine.inbox()),
                SystemNanoClock.INSTANCE,
                SystemEpochClock.INSTANCE);
        scheduler = new Scheduler(
                SchedulerConfig.defaults(),
                PolicyCatalogue.standard(SchedulerConfig.DEFAULT_KEEP_ALIVE_NS),
                watch.environments(bridge.environments()),
                new ExchangeCompletions(registry, bridge.reports(), engine.inbox()::offer, engine.invocationMetrics()));
        scheduler.addHost(new HostSpec("here", 65_536, 64_000));
        for (DeployedFunction function : functions) {
            int functionId = scheduler.addFunction(new FunctionSpec(
                    function.config().name(),
                    function.config().memoryMib(),
                    function.config().timeoutSec() * 1_000_000_000L));
            registry.add(function.config(), function.version());
            bridge.addFunction(functionId, function);
        }
        engine.start(scheduler);
    }

    CompletableFuture<Answer> send(int functionId, String payload, boolean tail) {
        CompletableFuture<Answer> answered = new CompletableFuture<>();
        Exchange exchange = new Exchange();
        exchange.payload = Unpooled.copiedBuffer(payload, StandardCharsets.UTF_8);
        exchange.requestId = UUID.randomUUID().toString();
        exchange.invokedFunctionArn = registry.byId(functionId).arn();
        exchange.traceId = "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=1";
        exchange.logTail = tail;
        exchange.recordWanted = true;
        exchange.sink = new FutureSink(answered);
        exchange.invocation.start(0, functionId, exchange, SystemNanoClock.INSTANCE.nanoTime());
        if (!engine.inbox().offer(exchange.invocation)) {
            throw new IllegalStateException("inbox is full");
        }
        return answered.orTimeout(ANSWER_BOUND_SEC, TimeUnit.SECONDS);
    }

    /** Invokes once no environment is at work any more: a runtime may ask late for its next event. */
    Answer invoke(int functionId, String payload) {
        watch.awaitRest();
        return send(functionId, payload, true).join();
    }

    /** Returns once environments have been reset so many times in all. */
    void awaitResets(int count) {
        watch.awaitResets(count);
    }

    void awaitFrozen() {
        watch.awaitFrozen();
    }

    /** Everything logged for a function, environments one after the other. Complete only after {@link #close}. */
    String log(String function) throws IOException {
        StringBuilder text = new StringBuilder();
        try (Stream<Path> files = Files.list(logDirectory.resolve(function))) {
            for (Path file : files.sorted().toList()) {
                text.append(Files.readString(file));
            }
        }
        return text.toString();
    }

    /** Once; again does nothing. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        boolean drained = engine.drain(DRAIN_BOUND_MS);
        bridge.close();
        engine.close();
        backend.close();
        if (!drained) {
            throw new IllegalStateException("environments were left after " + DRAIN_BOUND_MS + " ms");
        }
    }

    private record FutureSink(CompletableFuture<Answer> answered) implements ExchangeSink {
        @Override
        public void answer(Exchange exchange, Outcome outcome) {
            ByteBuf response = exchange.response;
            ServerRecord record = exchange.record;
            byte[] tail = exchange.logResult;
            answered.complete(new Answer(
                    outcome,
                    null,
                    exchange.requestId,
                    response == null || response.readableBytes() > 65_536
                            ? ""
                            : response.toString(StandardCharsets.UTF_8),
                    response == null ? 0 : response.readableBytes(),
                    exchange.errorType,
                    exchange.errorMessage,
                    tail == null ? "" : new String(tail, StandardCharsets.UTF_8),
                    record.suppressedInit,
                    record.outOfMemory,
                    record.cpuNs,
                    record.billedMs,
                    record.faults));
            if (response != null) {
                response.release();
            }
        }

        @Override
        public void refuse(Exchange exchange, Refusal refusal) {
            answered.complete(
                    new Answer(null, refusal, exchange.requestId, "", 0, null, null, "", false, false, 0, 0, 0));
        }
    }
}
