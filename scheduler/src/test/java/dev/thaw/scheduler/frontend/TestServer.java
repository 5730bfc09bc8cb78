package dev.thaw.scheduler.frontend;

import dev.thaw.results.live.EventBacklog;
import dev.thaw.results.live.SourceState;
import dev.thaw.scheduler.core.HostSpec;
import dev.thaw.scheduler.core.Scheduler;
import dev.thaw.scheduler.core.SchedulerConfig;
import dev.thaw.scheduler.events.EventIntake;
import dev.thaw.scheduler.frontend.live.EventReadings;
import dev.thaw.scheduler.frontend.live.LiveFeed;
import dev.thaw.scheduler.functions.FunctionConfig;
import dev.thaw.scheduler.functions.FunctionRegistry;
import dev.thaw.scheduler.live.Engine;
import dev.thaw.scheduler.live.EngineConfig;
import dev.thaw.scheduler.live.ExchangeCompletions;
import dev.thaw.scheduler.live.ThreadLayout;
import dev.thaw.scheduler.policy.PolicyCatalogue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.agrona.concurrent.SystemEpochClock;
import org.agrona.concurrent.SystemNanoClock;

/** Front end, engine and core on loopback, with scripted environments behind. */
final class TestServer implements AutoCloseable {
    static final long DRAIN_MS = 5_000;

    final FunctionRegistry functions = new FunctionRegistry();
    final Queue<Throwable> errors = new ConcurrentLinkedQueue<>();
    final Engine engine;
    final ScriptedEnvironments environments;
    final LiveFeed live;
    final HttpFrontEnd frontEnd;

    /** {@code inboxOpen} false: the inbox says that it is full. */
    volatile boolean inboxOpen = true;

    /** What the live page is told of events. */
    volatile EventBacklog backlog = new EventBacklog(0, 0, 0, -1);

    volatile List<SourceState> sources = List.of();

    TestServer(ThreadLayout layout) throws IOException {
        this(layout, Management.NONE);
    }

    TestServer(ThreadLayout layout, Management management) throws IOException {
        this(layout, management, EventIntake.NONE);
    }

    TestServer(ThreadLayout layout, Management management, EventIntake events) throws IOException {
        engine = new Engine(EngineConfig.of(layout), functions, SystemNanoClock.INSTANCE, errors::add);
        environments = new ScriptedEnvironments(engine.inbox());
        ExchangeCompletions completions = new ExchangeCompletions(
                functions,
                (exchange, outcome, nowNs) -> {
                    if (exchange.logTail) {
                        exchange.logResult =
                                ("START RequestId: " + exchange.requestId).getBytes(StandardCharsets.UTF_8);
                    }
                    return true;
                },
                engine.inbox()::offer,
                engine.invocationMetrics());
        Scheduler scheduler = new Scheduler(
                SchedulerConfig.defaults(),
                PolicyCatalogue.standard(SchedulerConfig.DEFAULT_KEEP_ALIVE_NS),
                environments,
                completions);
        scheduler.addHost(new HostSpec("here", 1 << 20, 1_000_000));
        engine.start(scheduler);
        live = new LiveFeed(
                new EventReadings(engine::watch, () -> CompletableFuture.completedFuture(backlog), () -> sources),
                SystemNanoClock.INSTANCE,
                SystemEpochClock.INSTANCE,
                errors::add);
        frontEnd = HttpFrontEnd.start(
                new FrontEndConfig("127.0.0.1", 0),
                engine.eventLoops(),
                new FrontEndPorts(
                        functions,
                        invocation -> inboxOpen && engine.inbox().offer(invocation),
                        engine::fleet,
                        engine::metrics,
                        FrontEndPorts.UNDESCRIBED,
                        management,
                        events,
                        Access.open(),
                        live.readers(),
                        SystemNanoClock.INSTANCE,
                        SystemEpochClock.INSTANCE));
    }

    static FunctionConfig function(String name, int timeoutSec, int reservedConcurrency) {
        return new FunctionConfig(
                name,
                Path.of("code"),
                "handler",
                "provided.al2023",
                "x86_64",
                128,
                timeoutSec,
                512,
                List.of(),
                Map.of(),
                reservedConcurrency);
    }

    TestServer with(String name) {
        engine.addFunction(function(name, 3, FunctionConfig.UNRESERVED));
        return this;
    }

    TestServer with(String name, int timeoutSec, int reservedConcurrency) {
        engine.addFunction(function(name, timeoutSec, reservedConcurrency));
        return this;
    }

    RawClient connect() throws IOException {
        return new RawClient(frontEnd.port());
    }

    /** One request on a connection of its own. */
    RawClient.Answer post(String path, String headers, String body) throws IOException {
        try (RawClient client = connect()) {
            client.post(path, headers, body);
            return client.read();
        }
    }

    RawClient.Answer get(String path) throws IOException {
        try (RawClient client = connect()) {
            client.send("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n");
            return client.read();
        }
    }

    @Override
    public void close() {
        frontEnd.close();
        live.close();
        boolean drained = engine.drain(DRAIN_MS);
        engine.close();
        if (!drained || !errors.isEmpty()) {
            throw new IllegalStateException("drained: " + drained + ", errors: " + errors);
        }
    }
}
