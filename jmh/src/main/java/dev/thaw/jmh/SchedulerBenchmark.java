package dev.thaw.jmh;

import dev.thaw.scheduler.core.Completions;
import dev.thaw.scheduler.core.DestroyReason;
import dev.thaw.scheduler.core.Environments;
import dev.thaw.scheduler.core.FunctionSpec;
import dev.thaw.scheduler.core.HostSpec;
import dev.thaw.scheduler.core.InitializationType;
import dev.thaw.scheduler.core.Invocation;
import dev.thaw.scheduler.core.Outcome;
import dev.thaw.scheduler.core.Refusal;
import dev.thaw.scheduler.core.ResetReason;
import dev.thaw.scheduler.core.Scheduler;
import dev.thaw.scheduler.core.SchedulerConfig;
import dev.thaw.scheduler.policy.PolicyCatalogue;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What the core's decisions cost, ports excluded (they count calls and nothing else). Each operation is a whole life:
 * {@code warmHit} is invoke, response and ready; {@code cold} is invoke, create, init, response, ready and the
 * destruction that makes the next one cold again; {@code eviction} is a cold start for which another function's idle
 * environment is evicted; {@code refused} is an invocation of a function that is switched off. {@code baseline} is an
 * invocation's own clock: start, three phases, finish.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class SchedulerBenchmark {
    private static final long STEP_NS = 1_000;
    private static final int MEMORY_MIB = 128;

    @Param({"1", "100", "10000"})
    public int functions;

    private final CountingPorts warmPorts = new CountingPorts();
    private final CountingPorts tightPorts = new CountingPorts();
    private final Invocation invocation = new Invocation();
    private Scheduler warm;
    private Scheduler tight;
    private int offFunction;
    private int nextFunction;
    private int nextTight;
    private long nowNs = 1;
    private long invocationId;

    @Setup(Level.Trial)
    public void warmUpFleet() {
        warm = scheduler(warmPorts, functions + 1);
        for (int function = 0; function < functions; function++) {
            warm.addFunction(spec(function));
        }
        offFunction = warm.addFunction(spec(functions));
        warm.reserve("f" + functions, 0);
        for (int function = 0; function < functions; function++) {
            coldStart(warm, warmPorts, function);
        }
        // Room for one environment: every second function's cold start evicts the other's.
        tight = scheduler(tightPorts, 1);
        tight.addFunction(spec(0));
        tight.addFunction(spec(1));
        coldStart(tight, tightPorts, 0);
        nextTight = 1;
    }

    @Benchmark
    public long baseline() {
        invocation.start(invocationId++, 0, null, nowNs);
        invocation.enter(dev.thaw.results.Phase.QUEUE, nowNs + 1);
        invocation.enter(dev.thaw.results.Phase.INVOKE, nowNs + 2);
        invocation.enter(dev.thaw.results.Phase.RESPOND, nowNs + 3);
        invocation.finish(nowNs + 4);
        return invocation.totalNs();
    }

    @Benchmark
    public long warmHit() {
        int function = nextFunction;
        nextFunction = function + 1 == functions ? 0 : function + 1;
        invocation.start(invocationId++, function, null, nowNs);
        warm.onInvoke(invocation, nowNs += STEP_NS);
        long environment = warmPorts.lastDispatched;
        warm.onResponse(environment, Outcome.RESPONSE, nowNs += STEP_NS);
        warm.onReady(environment, nowNs += STEP_NS);
        return environment;
    }

    @Benchmark
    public long cold() {
        // The only idle environment of the function is lost (as a crash of its sandbox would), so this one is cold.
        int function = nextFunction;
        nextFunction = function + 1 == functions ? 0 : function + 1;
        warm.onDestroyed(warmPorts.environmentOf[function], nowNs += STEP_NS);
        return coldStart(warm, warmPorts, function);
    }

    @Benchmark
    public long eviction() {
        int function = nextTight;
        nextTight = 1 - function;
        return coldStart(tight, tightPorts, function);
    }

    @Benchmark
    public long refused() {
        invocation.start(invocationId++, offFunction, null, nowNs);
        warm.onInvoke(invocation, nowNs += STEP_NS);
        return warmPorts.refused;
    }

    private long coldStart(Scheduler scheduler, CountingPorts ports, int function) {
        invocation.start(invocationId++, function, null, nowNs);
        ports.lastDestroyed = CountingPorts.NONE;
        scheduler.onInvoke(invocation, nowNs += STEP_NS);
        if (ports.lastDestroyed != CountingPorts.NONE) {
            scheduler.onDestroyed(ports.lastDestroyed, nowNs += STEP_NS);
        }
        long environment = ports.lastCreated;
        ports.environmentOf[function] = environment;
        scheduler.onSandboxCreated(environment, nowNs += STEP_NS);
        scheduler.onRuntimeConnected(environment, nowNs += STEP_NS);
        scheduler.onReady(environment, nowNs += STEP_NS);
        scheduler.onResponse(environment, Outcome.RESPONSE, nowNs += STEP_NS);
        scheduler.onReady(environment, nowNs += STEP_NS);
        return environment;
    }

    private static Scheduler scheduler(CountingPorts ports, int environments) {
        SchedulerConfig config = new SchedulerConfig(
                SchedulerConfig.DEFAULT_ACCOUNT_CONCURRENCY,
                Long.MAX_VALUE / 4,
                SchedulerConfig.DEFAULT_INIT_LIMIT_NS,
                Long.MAX_VALUE / 4,
                SchedulerConfig.DEFAULT_CAPACITY_WAIT_NS,
                SchedulerConfig.DEFAULT_MAX_ENVIRONMENTS);
        Scheduler scheduler = new Scheduler(config, PolicyCatalogue.standard(config.keepAliveNs()), ports, ports);
        scheduler.addHost(new HostSpec("bench", environments * MEMORY_MIB, environments * 1000));
        return scheduler;
    }

    private static FunctionSpec spec(int function) {
        return new FunctionSpec("f" + function, MEMORY_MIB, TimeUnit.SECONDS.toNanos(3));
    }

    /** Ports that remember the last command of each kind. */
    private static final class CountingPorts implements Environments, Completions {
        static final long NONE = -1;

        final long[] environmentOf = new long[10_001];
        long lastCreated;
        long lastDispatched;
        long lastDestroyed;
        long completed;
        long refused;

        @Override
        public void create(long environmentId, int functionId, int hostId, InitializationType type, long nowNs) {
            lastCreated = environmentId;
        }

        @Override
        public void dispatch(long environmentId, Invocation invocation, long nowNs) {
            lastDispatched = environmentId;
        }

        @Override
        public void initialize(long environmentId, Invocation invocation, long nowNs) {
            throw new IllegalStateException("nothing fails here");
        }

        @Override
        public void freeze(long environmentId, long nowNs) {
            throw new IllegalStateException("nothing is frozen here");
        }

        @Override
        public void thaw(long environmentId, long nowNs) {
            throw new IllegalStateException("nothing is frozen here");
        }

        @Override
        public void reset(long environmentId, ResetReason reason, long nowNs) {
            throw new IllegalStateException("nothing fails here");
        }

        @Override
        public void destroy(long environmentId, DestroyReason reason, long nowNs) {
            lastDestroyed = environmentId;
        }

        @Override
        public void complete(Invocation invocation, Outcome outcome, long nowNs) {
            completed++;
        }

        @Override
        public void refuse(Invocation invocation, Refusal refusal, long nowNs) {
            refused++;
        }
    }
}
