package dev.thaw.scheduler.live;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.thaw.results.Phase;
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
import java.lang.management.ManagementFactory;
import org.agrona.concurrent.CachedNanoClock;
import org.junit.jupiter.api.Test;

final class SchedulerAgentTest {
    private static final int WINDOWS = 20;
    private static final int WINDOW_INVOCATIONS = 20_000;

    private final CachedNanoClock clock = new CachedNanoClock();
    private final Inbox inbox = new Inbox(64, 16);
    private final Instant environments = new Instant();
    private final Scheduler scheduler = new Scheduler(
            SchedulerConfig.defaults(),
            PolicyCatalogue.standard(SchedulerConfig.DEFAULT_KEEP_ALIVE_NS),
            environments,
            environments);
    private final SchedulerAgent agent = new SchedulerAgent(inbox, scheduler, clock, 4);

    SchedulerAgentTest() {
        scheduler.addHost(new HostSpec("here", 10_000, 10_000));
        scheduler.addFunction(new FunctionSpec("f", 128, 1_000_000_000L));
    }

    @Test
    void shouldServeAnInvocation() {
        Invocation invocation = invoke(10);
        clock.update(20);
        runUntilIdle();
        assertThat(environments.completed).isEqualTo(1);
        assertThat(invocation.phaseNs(Phase.FRONTEND)).isEqualTo(10);
    }

    @Test
    void shouldNeverLetTimeRunBackwardsInsideAnInvocation() {
        clock.update(5);
        Invocation invocation = invoke(9); // stamped by another thread after this cycle's clock was read
        agent.doWork();
        assertThat(invocation.phaseNs(Phase.FRONTEND)).isZero();
        assertThat(agent.nowNs()).isEqualTo(9);
        runUntilIdle();
        invocation.finish(9);
        assertThat(invocation.totalNs()).isZero();
    }

    @Test
    void shouldTakeAtMostItsLimitInOneCycle() {
        for (int i = 0; i < 6; i++) {
            inbox.ready(1_000);
        }
        assertThat(agent.doWork()).isEqualTo(4);
        assertThat(inbox.size()).isEqualTo(2);
    }

    @Test
    void shouldFireTimersWhenDue() {
        invoke(0);
        environments.silent = true;
        runUntilIdle();
        assertThat(environments.dispatched).isEqualTo(1);
        assertThat(agent.untilDeadlineNs()).isPositive();
        clock.update(1_000_000_001L);
        runUntilIdle();
        assertThat(environments.timedOut).isEqualTo(1);
    }

    @Test
    void shouldTellOnceTheSchedulerHasTerminated() {
        invoke(0);
        runUntilIdle();
        int[] told = {0};
        scheduler.shutdown(0);
        agent.onTerminated(() -> told[0]++);
        agent.doWork();
        runUntilIdle();
        agent.doWork();
        assertThat(told[0]).isEqualTo(1);
        assertThat(environments.destroyed).isEqualTo(1);
    }

    @Test
    void shouldNotAllocateOnceWarm() {
        Invocation invocation = new Invocation();
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long leastBytes = Long.MAX_VALUE;
        // Compilation charges a few bytes to this thread while it lasts: one clean window is what steady state means.
        for (int window = 0; window < WINDOWS && leastBytes > 0; window++) {
            long beforeBytes = threads.getCurrentThreadAllocatedBytes();
            serve(invocation, WINDOW_INVOCATIONS);
            leastBytes = Math.min(leastBytes, threads.getCurrentThreadAllocatedBytes() - beforeBytes);
        }
        assertThat(leastBytes).isZero();
    }

    private void serve(Invocation invocation, int times) {
        for (int i = 0; i < times; i++) {
            clock.update(clock.nanoTime() + 1_000);
            invocation.start(i, 0, null, clock.nanoTime());
            inbox.offer(invocation);
            runUntilIdle();
        }
    }

    private Invocation invoke(long nowNs) {
        Invocation invocation = new Invocation();
        invocation.start(1, 0, null, nowNs);
        assertThat(inbox.offer(invocation)).isTrue();
        return invocation;
    }

    private void runUntilIdle() {
        while (agent.doWork() > 0) {}
    }

    /** Environments that answer every command at once, through the inbox. */
    private final class Instant implements Environments, Completions {
        private boolean silent;
        private int dispatched;
        private int completed;
        private int timedOut;
        private int destroyed;

        @Override
        public void create(long environmentId, int functionId, int hostId, InitializationType type, long nowNs) {
            inbox.sandboxCreated(environmentId);
            inbox.runtimeConnected(environmentId);
            inbox.ready(environmentId);
        }

        @Override
        public void dispatch(long environmentId, Invocation invocation, long nowNs) {
            dispatched++;
            if (!silent) {
                inbox.response(environmentId, Outcome.RESPONSE);
                inbox.ready(environmentId);
            }
        }

        @Override
        public void initialize(long environmentId, Invocation invocation, long nowNs) {
            inbox.ready(environmentId);
        }

        @Override
        public void freeze(long environmentId, long nowNs) {}

        @Override
        public void thaw(long environmentId, long nowNs) {
            inbox.thawed(environmentId);
        }

        @Override
        public void reset(long environmentId, ResetReason reason, long nowNs) {
            inbox.reset(environmentId);
        }

        @Override
        public void destroy(long environmentId, DestroyReason reason, long nowNs) {
            destroyed++;
            inbox.destroyed(environmentId);
        }

        @Override
        public void complete(Invocation invocation, Outcome outcome, long nowNs) {
            if (outcome == Outcome.TIMED_OUT) {
                timedOut++;
            } else {
                completed++;
            }
        }

        @Override
        public void refuse(Invocation invocation, Refusal refusal, long nowNs) {
            throw new AssertionError("refused: " + refusal);
        }
    }
}
