package dev.thaw.scheduler.core;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.thaw.scheduler.policy.PolicyCatalogue;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The warm path allocates nothing, to the byte, with and without freezing between invocations. */
final class SchedulerAllocationTest {
    private static final int FUNCTIONS = 50;
    private static final int WARM_UP_CYCLES = 50_000;
    private static final int WINDOW_CYCLES = 10_000;
    /**
     * The VM itself allocates some hundred bytes on this thread when optimised code is swapped in (a loop of arithmetic
     * shows it too; none under -Xint), which a busy machine may delay into the measured window. Then a later window
     * decides: allocation by the warm path would show in every one of them.
     */
    private static final int MORE_WINDOWS = 20;

    private static final long GAP_NS = 1_000_000;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final Invocation invocation = new Invocation();
    private long environmentId;
    private long nowNs;
    private long dispatched;
    private long frozen;
    private boolean thawing;

    @ParameterizedTest
    @ValueSource(longs = {Long.MAX_VALUE, 100_000, 0})
    void shouldNotAllocateOnceWarm(long freezeDelayNs) {
        Policies policies = PolicyCatalogue.standard(Long.MAX_VALUE);
        shouldNotAllocateOnceWarm(freezeDelayNs, policies);
    }

    @ParameterizedTest
    @CsvSource({
        "least-loaded, lru, shortest-expected",
        "bin-packing, greedy-dual, earliest-deadline",
        "bounded-hash, hybrid-histogram, weighted-fair",
        "snapshot-locality, '10m', fifo"
    })
    void shouldNotAllocateOnceWarmByAnyPolicy(String placement, String keepAlive, String queueing) {
        shouldNotAllocateOnceWarm(Long.MAX_VALUE, PolicyCatalogue.policies(placement, keepAlive, queueing, "none"));
    }

    private void shouldNotAllocateOnceWarm(long freezeDelayNs, Policies policies) {
        Scheduler scheduler = scheduler(freezeDelayNs, policies);
        for (int functionId = 0; functionId < FUNCTIONS; functionId++) {
            scheduler.addFunction(SchedulerBed.function("f" + functionId));
            invocation.start(0, functionId, null, nowNs);
            scheduler.onInvoke(invocation, nowNs);
            scheduler.onSandboxCreated(environmentId, nowNs);
            scheduler.onReady(environmentId, nowNs);
            end(scheduler);
        }
        runCycles(scheduler, WARM_UP_CYCLES);
        long allocatedBytes = allocatedBytes(scheduler);
        for (int more = 0; allocatedBytes != 0 && more < MORE_WINDOWS; more++) {
            allocatedBytes = allocatedBytes(scheduler);
        }

        assertThat(allocatedBytes).isZero();
        assertThat(dispatched).isGreaterThanOrEqualTo(WARM_UP_CYCLES + WINDOW_CYCLES + FUNCTIONS);
        assertThat(frozen > 0).isEqualTo(freezeDelayNs != Long.MAX_VALUE);
    }

    private long allocatedBytes(Scheduler scheduler) {
        long beforeBytes = threads.getCurrentThreadAllocatedBytes();
        runCycles(scheduler, WINDOW_CYCLES);
        return threads.getCurrentThreadAllocatedBytes() - beforeBytes;
    }

    private void runCycles(Scheduler scheduler, int cycles) {
        for (int cycle = 0; cycle < cycles; cycle++) {
            nowNs += GAP_NS;
            if (scheduler.nextDeadlineNs() - nowNs <= 0) {
                scheduler.poll(nowNs);
            }
            invocation.start(cycle, cycle % FUNCTIONS, null, nowNs);
            scheduler.onInvoke(invocation, nowNs);
            if (thawing) {
                thawing = false;
                scheduler.onThawed(environmentId, nowNs);
            }
            end(scheduler);
        }
    }

    private void end(Scheduler scheduler) {
        scheduler.onResponse(environmentId, Outcome.RESPONSE, nowNs + 10);
        scheduler.onReady(environmentId, nowNs + 20);
    }

    private Scheduler scheduler(long freezeDelayNs, Policies policies) {
        SchedulerConfig config = new SchedulerConfig(10, Long.MAX_VALUE, 1_000, freezeDelayNs, 1_000, 100);
        Ports ports = new Ports();
        Scheduler scheduler = new Scheduler(config, policies, ports, ports);
        scheduler.addHost(new HostSpec("h0", FUNCTIONS * 1_024, 100_000));
        return scheduler;
    }

    /** Remembers the last environment, keeps nothing else. */
    private final class Ports implements Environments, Completions {
        @Override
        public void create(long id, int functionId, int hostId, InitializationType type, long atNs) {
            environmentId = id;
        }

        @Override
        public void dispatch(long id, Invocation given, long atNs) {
            environmentId = id;
            dispatched++;
        }

        @Override
        public void initialize(long id, Invocation given, long atNs) {}

        @Override
        public void freeze(long id, long atNs) {
            frozen++;
        }

        @Override
        public void thaw(long id, long atNs) {
            environmentId = id;
            thawing = true;
        }

        @Override
        public void reset(long id, ResetReason reason, long atNs) {}

        @Override
        public void destroy(long id, DestroyReason reason, long atNs) {}

        @Override
        public void complete(Invocation given, Outcome outcome, long atNs) {
            given.finish(atNs);
        }

        @Override
        public void refuse(Invocation given, Refusal refusal, long atNs) {
            throw new AssertionError(refusal);
        }
    }
}
