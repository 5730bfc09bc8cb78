package dev.thaw.scheduler.live;

import dev.thaw.scheduler.core.HotPath;
import dev.thaw.scheduler.core.Invocation;
import dev.thaw.scheduler.core.Outcome;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jctools.queues.MessagePassingQueue;
import org.jctools.queues.varhandle.MpscVarHandleArrayQueue;
import org.jctools.queues.varhandle.SpmcVarHandleArrayQueue;

/**
 * Everything that the scheduler's thread is told: invocations, signals of environments, and a few tasks, in one bounded
 * queue.
 *
 * <p>Bound: {@code invocationBound + SIGNALS_PER_ENVIRONMENT * maxEnvironments + TASKS} rounded up to a power of two.
 * Invocations are refused once {@code invocationBound} elements of any kind wait, so what lies above belongs to signals.
 * An environment that the scheduler does not answer can send no more than {@link #SIGNALS_PER_ENVIRONMENT} of them
 * (created, extensions registered, connected, ready, response, ready again, exit, destroyed): signals always find room.
 *
 * <p>Threading: any thread offers; the scheduler's thread drains.
 */
public final class Inbox implements EnvironmentSignals {
    static final int SIGNALS_PER_ENVIRONMENT = 8;
    private static final int TASKS = 64;
    private static final int SPARE_SIGNALS = 1_024;

    private final MpscVarHandleArrayQueue<Object> mpscInbox;
    /** Signals to use again: the scheduler's thread gives back, every other one takes. */
    private final SpmcVarHandleArrayQueue<Signal> spmcSpares = new SpmcVarHandleArrayQueue<>(SPARE_SIGNALS);

    /** What {@link #offer} refused. */
    final Map<Asked, LongAdder> refusals = new ConcurrentHashMap<>();

    final ExtensionTimes extensionTimes = new ExtensionTimes();
    private final int invocationBound;
    private volatile Runnable wakeup = () -> {};

    /** A function, and the ARN that it was asked for by. */
    record Asked(int functionId, String arn) {}

    Inbox(int invocationBound, int maxEnvironments) {
        this.invocationBound = invocationBound;
        long capacity = (long) invocationBound + (long) SIGNALS_PER_ENVIRONMENT * maxEnvironments + TASKS;
        if (capacity > 1 << 30) {
            throw new IllegalArgumentException(
                    "inbox: " + capacity + " elements, must be at most " + (1 << 30) + ": fewer environments");
        }
        mpscInbox = new MpscVarHandleArrayQueue<>((int) capacity);
        for (int i = 0; i < SPARE_SIGNALS; i++) {
            spmcSpares.offer(new Signal());
        }
    }

    /** Hands over an invocation. False where the inbox is full: the caller still owns it and refuses it at once. */
    @HotPath
    public boolean offer(Invocation invocation) {
        if (!mpscInbox.offerIfBelowThreshold(invocation, invocationBound)) {
            slowCountRefusal(invocation);
            return false;
        }
        wakeup.run();
        return true;
    }

    /** How many invocations {@link #offer} refused. */
    long totalRefusals() {
        return refusals.values().stream().mapToLong(LongAdder::sum).sum();
    }

    private void slowCountRefusal(Invocation invocation) {
        if (invocation.exchange() instanceof Exchange exchange) {
            Asked asked = new Asked(invocation.functionId(), exchange.invokedFunctionArn);
            refusals.computeIfAbsent(asked, _ -> new LongAdder()).increment();
        }
    }

    /** Has {@code task} run on the scheduler's thread. False where the inbox is full to the last element. */
    boolean post(Runnable task) {
        boolean taken = mpscInbox.offer(task);
        wakeup.run();
        return taken;
    }

    @Override
    @HotPath
    public void sandboxCreated(long environmentId) {
        signal(Signal.Kind.SANDBOX_CREATED, environmentId, Outcome.RESPONSE);
    }

    @Override
    public void extensionsStarting(long environmentId) {
        signal(Signal.Kind.EXTENSIONS_STARTING, environmentId, Outcome.RESPONSE);
    }

    @Override
    public void extensionsRegistered(long environmentId) {
        signal(Signal.Kind.EXTENSIONS_REGISTERED, environmentId, Outcome.RESPONSE);
    }

    @Override
    @HotPath
    public void runtimeConnected(long environmentId) {
        signal(Signal.Kind.RUNTIME_CONNECTED, environmentId, Outcome.RESPONSE);
    }

    @Override
    @HotPath
    public void ready(long environmentId) {
        signal(Signal.Kind.READY, environmentId, Outcome.RESPONSE);
    }

    @Override
    @HotPath
    public void response(long environmentId, Outcome outcome) {
        signal(Signal.Kind.RESPONSE, environmentId, outcome);
    }

    @Override
    @HotPath
    public void initFailed(long environmentId) {
        signal(Signal.Kind.INIT_FAILED, environmentId, Outcome.RESPONSE);
    }

    @Override
    @HotPath
    public void runtimeExit(long environmentId) {
        signal(Signal.Kind.RUNTIME_EXIT, environmentId, Outcome.RESPONSE);
    }

    @Override
    @HotPath
    public void thawed(long environmentId) {
        signal(Signal.Kind.THAWED, environmentId, Outcome.RESPONSE);
    }

    @Override
    @HotPath
    public void reset(long environmentId) {
        signal(Signal.Kind.RESET, environmentId, Outcome.RESPONSE);
    }

    @Override
    @HotPath
    public void destroyed(long environmentId) {
        signal(Signal.Kind.DESTROYED, environmentId, Outcome.RESPONSE);
    }

    /** Called after every offer, to wake a scheduler thread that blocks. Set before the first offer. */
    void onOffer(Runnable newWakeup) {
        wakeup = newWakeup;
    }

    @HotPath
    int drain(MessagePassingQueue.Consumer<Object> consumer, int limit) {
        return mpscInbox.drain(consumer, limit);
    }

    /** Scheduler's thread only: the signal has been delivered. */
    @HotPath
    void recycle(Signal signal) {
        spmcSpares.offer(signal);
    }

    @HotPath
    boolean isEmpty() {
        return mpscInbox.isEmpty();
    }

    @Override
    public void extensionsWorked(String functionName, String version, long durationNs) {
        extensionTimes.add(functionName, version, durationNs);
    }

    @HotPath
    private void signal(Signal.Kind kind, long environmentId, Outcome outcome) {
        Signal spare = spmcSpares.poll();
        Signal signal = spare == null ? slowNewSignal() : spare;
        signal.set(kind, environmentId, outcome);
        if (!mpscInbox.offer(signal)) {
            slowRefuseSignal(kind, environmentId);
        }
        wakeup.run();
    }

    /** All spares are on their way: the burst pays for its own. */
    private static Signal slowNewSignal() {
        return new Signal();
    }

    private static void slowRefuseSignal(Signal.Kind kind, long environmentId) {
        throw new IllegalStateException("inbox has no room for " + kind + " of environment " + environmentId
                + ": an environment sent more than " + SIGNALS_PER_ENVIRONMENT + " signals unasked");
    }

    /** For tests: how many elements wait. */
    int size() {
        return mpscInbox.size();
    }
}
