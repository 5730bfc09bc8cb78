package dev.thaw.scheduler.live;

import dev.thaw.results.FleetSample;
import dev.thaw.results.ServerMetrics;
import dev.thaw.results.live.EndedInterval;
import dev.thaw.results.live.LiveReading;
import dev.thaw.scheduler.core.FunctionSpec;
import dev.thaw.scheduler.core.ProvisionedConcurrency;
import dev.thaw.scheduler.core.Scheduler;
import dev.thaw.scheduler.functions.FunctionConfig;
import dev.thaw.scheduler.functions.FunctionRegistry;
import dev.thaw.scheduler.functions.FunctionRoutes;
import dev.thaw.scheduler.functions.RegisteredFunction;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.Epoll;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.NanoClock;
import org.jspecify.annotations.Nullable;

/**
 * The running scheduler: its threads, its inbox, its functions, and its end. Made in this order: engine (gives event
 * loops and inbox), runtime bridge and {@link Scheduler} on top of them, {@link #start}, {@link #addFunction}, front end.
 * Ended in this order: front end stops accepting, {@link #drain}, {@link #close}.
 *
 * <p>Threading: one thread owns it; {@link #fleet} and {@link #addFunction} are safe on any but the scheduler's.
 */
public final class Engine implements AutoCloseable {
    private static final long STOP_BOUND_MS = 5_000;
    private static final long ANSWER_BOUND_MS = 10_000;

    private final EngineConfig config;
    private final FunctionRegistry functions;
    private final NanoClock clock;
    private final Inbox inbox;
    private final SchedulerThreads threads;
    private @Nullable Scheduler scheduler;
    private @Nullable SchedulerAgent agent;
    private @Nullable InboxSampler<FleetSample> sampler;
    private @Nullable InboxSampler<MetricsReading> metricsSampler;
    private @Nullable LiveProbe liveProbe;
    private final InvocationMetrics invocationMetrics = new InvocationMetrics();

    /** Makes threads and inbox; nothing runs yet. Fails with one line where the native transport cannot load. */
    public Engine(EngineConfig config, FunctionRegistry functions, NanoClock clock, ErrorHandler errorHandler) {
        requireEpoll();
        this.config = config;
        this.functions = functions;
        this.clock = clock;
        inbox = new Inbox(config.inboxInvocations(), config.maxEnvironments());
        threads = switch (config.layout()) {
            case DEDICATED ->
                new DedicatedThreads(config.eventLoops(), IdleStrategies.of(config.idleStrategy()), errorHandler);
            case FUSED -> new FusedThread(inbox, errorHandler);
        };
    }

    /** For front end and runtime bridge. In the fused layout they run no task before {@link #start}. */
    public EventLoopGroup eventLoops() {
        return threads.eventLoops();
    }

    /** Where the front end offers invocations and the runtime bridge signals. */
    public Inbox inbox() {
        return inbox;
    }

    /** Starts to drive {@code newScheduler}, whose hosts have been added. */
    public void start(Scheduler newScheduler) {
        SchedulerAgent started = new SchedulerAgent(inbox, newScheduler, clock, config.drainLimit());
        scheduler = newScheduler;
        agent = started;
        sampler = new InboxSampler<>(inbox, newScheduler.counts()::sample, clock);
        metricsSampler = new InboxSampler<>(inbox, _ -> MetricsReading.of(newScheduler, invocationMetrics), clock);
        liveProbe = new LiveProbe(inbox, newScheduler, invocationMetrics, clock);
        threads.start(started);
    }

    /**
     * Adds a version of a function while the scheduler runs. Nothing leads there before {@link FunctionRegistry#route}
     * says so.
     */
    public RegisteredFunction deploy(FunctionConfig function, String version) {
        return deploy(function, version, false, 0);
    }

    /**
     * The same.
     *
     * @param restored its environments go on from a snapshot
     * @param overheadMib what each takes of its host's memory beside the function's
     */
    public synchronized RegisteredFunction deploy(
            FunctionConfig function, String version, boolean restored, int overheadMib) {
        FunctionSpec spec =
                new FunctionSpec(function.name(), function.memoryMib(), function.timeoutNs(), restored, overheadMib);
        int functionId = onScheduler(running -> running.addFunction(spec));
        RegisteredFunction registered = functions.add(function, version);
        if (registered.functionId() != functionId) {
            throw new IllegalStateException(function.name() + " is " + registered.functionId() + " here and "
                    + functionId + " in the scheduler");
        }
        return registered;
    }

    /**
     * Deploys a function of one version; it can be invoked once this returns. Refuses a name that is taken and a
     * reservation that the account cannot give.
     */
    public synchronized RegisteredFunction addFunction(FunctionConfig function) {
        if (functions.byName(function.name()) != null) {
            throw new IllegalArgumentException("name: " + function.name() + ", must be new, it is registered");
        }
        reserve(function.name(), function.reservedConcurrency());
        RegisteredFunction registered = deploy(function, RegisteredFunction.LATEST);
        functions.route(function.name(), FunctionRoutes.latestOnly(registered.functionId()));
        return registered;
    }

    /**
     * Changes the cap and guarantee of all versions of a name together, as {@link Scheduler#reserve}. Refuses what the
     * account cannot give.
     */
    public void reserve(String name, int concurrency) {
        var _ = onScheduler(running -> {
            running.reserve(name, concurrency);
            return true;
        });
    }

    /** Keeps so many environments of the function initialised, as {@link Scheduler#provision}. */
    public void provision(int functionId, int environments) {
        SchedulerAgent cycles = running(agent);
        var _ = onScheduler(running -> {
            running.provision(functionId, environments, cycles.nowNs());
            return true;
        });
    }

    /** How far {@link #provision} has come. */
    public ProvisionedConcurrency provisioned(int functionId) {
        return onScheduler(running -> running.provisioned(functionId));
    }

    /**
     * Ends a function that no route leads to any more: what it has accepted it still serves. {@code gone} runs on the
     * scheduler's thread once nothing of it is left.
     */
    public void retire(int functionId, Runnable gone) {
        SchedulerAgent cycles = running(agent);
        var _ = onScheduler(_ -> {
            cycles.retire(functionId, gone);
            return true;
        });
    }

    /** Environments now; at most a few samples a second are taken, so it may be some milliseconds old. */
    public CompletableFuture<FleetSample> fleet() {
        return running(sampler).sample();
    }

    /** Where completions count. */
    public InvocationMetrics invocationMetrics() {
        return invocationMetrics;
    }

    /** What has been counted; at most a few samples a second are taken. Asynchronous events are not among it. */
    public CompletableFuture<ServerMetrics> metrics() {
        // Only the copy is the scheduler's: rows take longer than a warm invocation.
        return running(metricsSampler)
                .sample()
                .thenApplyAsync(reading -> reading.toMetrics(functions, inbox), Thread::startVirtualThread);
    }

    /**
     * The server now, with what ended since the call before. From that moment on what ends is recorded into {@code next},
     * or nowhere, where it is null. For one reader at a time.
     */
    public CompletableFuture<LiveReading> watch(@Nullable EndedInterval next) {
        return running(liveProbe).read(next);
    }

    /**
     * Refuses new invocations, waits until the running ones have finished or timed out and every environment is gone.
     * Returns false where {@code boundMs} passed first.
     */
    public boolean drain(long boundMs) {
        Scheduler running = running(scheduler);
        SchedulerAgent cycles = running(agent);
        CompletableFuture<Boolean> terminated = new CompletableFuture<>();
        post(() -> {
            running.shutdown(cycles.nowNs());
            cycles.onTerminated(() -> terminated.complete(true));
        });
        try {
            return terminated.get(boundMs, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException e) {
            throw new CompletionException(e.getCause());
        }
    }

    /** Ends the threads. Answers that were on their way to a client have been written. */
    @Override
    public void close() {
        threads.stop(STOP_BOUND_MS);
    }

    /** Whether a thread of that name reads, decides or answers. */
    public static boolean isItsThread(String name) {
        return name.equals(FusedThread.NAME)
                || name.equals(SchedulerAgent.NAME)
                || name.startsWith(DedicatedThreads.EVENT_LOOP);
    }

    private void post(Runnable task) {
        if (!inbox.post(task)) {
            throw new IllegalStateException("inbox is full");
        }
    }

    /** Asks the scheduler on its own thread and waits for the answer; what it throws is thrown here. */
    private <T> T onScheduler(Function<Scheduler, T> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        Scheduler running = running(scheduler);
        post(() -> {
            try {
                answer.complete(question.apply(running));
            } catch (RuntimeException e) {
                answer.completeExceptionally(e);
            }
        });
        return await(answer, ANSWER_BOUND_MS);
    }

    private static <T> T await(CompletableFuture<T> future, long boundMs) {
        try {
            return future.orTimeout(boundMs, TimeUnit.MILLISECONDS).join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException refused) {
                throw refused;
            }
            throw new IllegalStateException("scheduler did not answer within " + boundMs + " ms", e);
        }
    }

    private static <T> T running(@Nullable T part) {
        if (part == null) {
            throw new IllegalStateException("engine has not been started");
        }
        return part;
    }

    private static void requireEpoll() {
        if (!Epoll.isAvailable()) {
            Throwable cause = Epoll.unavailabilityCause();
            throw new IllegalStateException("native epoll transport cannot be loaded on "
                    + System.getProperty("os.name") + " " + System.getProperty("os.arch") + ": "
                    + (cause == null ? "unknown cause" : String.valueOf(cause.getMessage())));
        }
    }
}
