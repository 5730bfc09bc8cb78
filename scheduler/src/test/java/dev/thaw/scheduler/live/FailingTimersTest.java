package dev.thaw.scheduler.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.CachedNanoClock;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.SleepingIdleStrategy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A core whose every timer fails: who waits for room is refused by a port that throws. Time stands still but for the test. */
final class FailingTimersTest {
    private static final int WAITING = 20;
    private static final int MESSAGES = 50;
    private static final long WAIT_NS = 1_000_000_000L;

    private final CachedNanoClock clock = new CachedNanoClock();
    private final Inbox inbox = new Inbox(64, 16);
    private final Broken ports = new Broken();
    private final Scheduler scheduler = new Scheduler(
            new SchedulerConfig(100, WAIT_NS, WAIT_NS, WAIT_NS, WAIT_NS, 1),
            PolicyCatalogue.standard(WAIT_NS),
            ports,
            ports);
    private final SchedulerAgent agent = new SchedulerAgent(inbox, scheduler, clock, 64);

    FailingTimersTest() {
        scheduler.addHost(new HostSpec("here", 128, 10_000));
        scheduler.addFunction(new FunctionSpec("f", 128, 1_000_000_000L));
        for (int i = 0; i <= WAITING; i++) {
            Invocation invocation = new Invocation();
            invocation.start(i, 0, null, 0);
            inbox.offer(invocation);
        }
    }

    @Test
    void shouldPollLessAndLessOften() {
        agent.doWork();
        clock.update(WAIT_NS);
        assertThatThrownBy(agent::doWork).hasMessage("no refusal today");
        assertThat(agent.untilDeadlineNs()).isZero();
        for (long waitNs = PollBackoff.FIRST_WAIT_NS; waitNs < PollBackoff.LONGEST_WAIT_NS; waitNs *= 2) {
            assertThatThrownBy(agent::doWork).hasMessage("no refusal today");
            assertThat(agent.doWork()).isZero();
            assertThat(agent.untilDeadlineNs()).isEqualTo(waitNs);
            clock.update(clock.nanoTime() + waitNs);
        }
    }

    @ParameterizedTest
    @EnumSource(ThreadLayout.class)
    void shouldGoOnWithMessagesAndReportNoMoreThanItPolls(ThreadLayout layout) throws InterruptedException {
        Queue<Throwable> errors = new ConcurrentLinkedQueue<>();
        SchedulerThreads threads = threads(layout, errors::add);
        threads.start(agent);
        passMessages(1);
        clock.update(WAIT_NS);
        passMessages(MESSAGES);
        threads.stop(10_000);

        assertThat(errors).hasSize(2).allSatisfy(error -> assertThat(error).hasMessage("no refusal today"));
        assertThat(ports.refused).isEqualTo(2);
    }

    private SchedulerThreads threads(ThreadLayout layout, ErrorHandler errorHandler) {
        IdleStrategy idle = new SleepingIdleStrategy(1_000);
        return switch (layout) {
            case DEDICATED -> new DedicatedThreads(1, idle, errorHandler);
            case FUSED -> new FusedThread(inbox, errorHandler);
        };
    }

    /** Each message is a cycle of its own: the next is sent once the one before it has been handled. */
    private void passMessages(int count) throws InterruptedException {
        for (int i = 0; i < count; i++) {
            CountDownLatch handled = new CountDownLatch(1);
            assertThat(inbox.post(handled::countDown)).isTrue();
            assertThat(handled.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    /** Environments that never answer, and completions that throw. */
    private static final class Broken implements Environments, Completions {
        private volatile int refused;

        @Override
        public void create(long environmentId, int functionId, int hostId, InitializationType type, long nowNs) {}

        @Override
        public void dispatch(long environmentId, Invocation invocation, long nowNs) {}

        @Override
        public void initialize(long environmentId, Invocation invocation, long nowNs) {}

        @Override
        public void freeze(long environmentId, long nowNs) {}

        @Override
        public void thaw(long environmentId, long nowNs) {}

        @Override
        public void reset(long environmentId, ResetReason reason, long nowNs) {}

        @Override
        public void destroy(long environmentId, DestroyReason reason, long nowNs) {}

        @Override
        public void complete(Invocation invocation, Outcome outcome, long nowNs) {}

        @Override
        @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
        public void refuse(Invocation invocation, Refusal refusal, long nowNs) {
            refused++;
            throw new IllegalStateException("no refusal today");
        }
    }
}
