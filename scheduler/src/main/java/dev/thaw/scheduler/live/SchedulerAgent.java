package dev.thaw.scheduler.live;

import dev.thaw.scheduler.core.HotPath;
import dev.thaw.scheduler.core.Invocation;
import dev.thaw.scheduler.core.Scheduler;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.NanoClock;
import org.jctools.queues.MessagePassingQueue;
import org.jspecify.annotations.Nullable;

/**
 * One duty cycle of the scheduler: reads the clock once, hands at most {@code drainLimit} messages to the core, fires
 * the core's timers. What the core throws reaches the thread's error handler, one line each time; a message that failed is
 * not handed over again, and timers that fail are tried less and less often ({@link PollBackoff}).
 *
 * <p>Threading: one thread. Once warm, a cycle allocates nothing.
 */
final class SchedulerAgent implements Agent {
    static final String NAME = "thaw-scheduler";

    private final Inbox inbox;
    private final Scheduler scheduler;
    private final NanoClock clock;
    private final int drainLimit;
    private final MessagePassingQueue.Consumer<Object> onMessage = this::onMessage; // bound once

    private final PollBackoff pollBackoff = new PollBackoff();

    private long nowNs;
    private @Nullable Runnable onTerminated;
    private final List<Retired> retired = new ArrayList<>();

    private record Retired(int functionId, Runnable gone) {}

    SchedulerAgent(Inbox inbox, Scheduler scheduler, NanoClock clock, int drainLimit) {
        this.inbox = inbox;
        this.scheduler = scheduler;
        this.clock = clock;
        this.drainLimit = drainLimit;
        nowNs = clock.nanoTime();
    }

    @Override
    @HotPath
    public int doWork() {
        nowNs = Math.max(nowNs, clock.nanoTime());
        int work = inbox.drain(onMessage, drainLimit);
        if (scheduler.nextDeadlineNs() - nowNs <= 0 && pollBackoff.waitNs(nowNs) == 0) {
            work += poll();
        }
        if (onTerminated != null) {
            slowCheckTerminated();
        }
        if (!retired.isEmpty()) {
            slowCheckGone();
        }
        return work;
    }

    @Override
    public String roleName() {
        return NAME;
    }

    /** Time of the current or last message. */
    long nowNs() {
        return nowNs;
    }

    /** Has {@code listener} called once the scheduler, told to shut down, has nothing left. Scheduler's thread only. */
    void onTerminated(Runnable listener) {
        onTerminated = listener;
    }

    /** Retires a function and has {@code gone} called once nothing of it is left. Scheduler's thread only. */
    void retire(int functionId, Runnable gone) {
        scheduler.retire(functionId, nowNs);
        retired.add(new Retired(functionId, gone));
    }

    /** How long nothing is due: 0 or more ns, or {@link Scheduler#NO_DEADLINE}. */
    @HotPath
    long untilDeadlineNs() {
        long deadlineNs = scheduler.nextDeadlineNs();
        return deadlineNs == Scheduler.NO_DEADLINE
                ? deadlineNs
                : Math.max(pollBackoff.waitNs(nowNs), deadlineNs - nowNs);
    }

    @HotPath
    private int poll() {
        try {
            int fired = scheduler.poll(nowNs);
            pollBackoff.onSuccess();
            return fired;
        } catch (RuntimeException e) {
            pollBackoff.onFailure(nowNs);
            throw e;
        }
    }

    /** Each at its own time: a cycle may be long, and what arrives during it happened then, not when it began. */
    @HotPath
    private void onMessage(Object message) {
        nowNs = Math.max(nowNs, clock.nanoTime());
        if (message instanceof Signal signal) {
            signal.deliver(scheduler, nowNs);
            inbox.recycle(signal);
        } else if (message instanceof Invocation invocation) {
            onInvoke(invocation);
        } else {
            ((Runnable) message).run();
        }
    }

    /** Time never runs backwards inside an invocation, whatever clock its start was read from. */
    @HotPath
    private void onInvoke(Invocation invocation) {
        if (invocation.startNs() - nowNs > 0) {
            nowNs = invocation.startNs();
        }
        scheduler.onInvoke(invocation, nowNs);
    }

    private void slowCheckGone() {
        for (Iterator<Retired> rest = retired.iterator(); rest.hasNext(); ) {
            Retired next = rest.next();
            if (scheduler.isGone(next.functionId())) {
                rest.remove();
                next.gone().run();
            }
        }
    }

    private void slowCheckTerminated() {
        Runnable listener = onTerminated;
        if (listener != null && scheduler.isTerminated()) {
            onTerminated = null;
            listener.run();
        }
    }
}
