package dev.thaw.runtimebridge;

import dev.thaw.results.InjectedFault;
import dev.thaw.sandbox.Sandbox;
import dev.thaw.sandbox.SandboxStats;
import dev.thaw.sandbox.StartStages;
import io.netty.util.concurrent.EventExecutor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A sandbox that faults befall. Those of an init are injected where it is started; those of an event where the first
 * bytes after its dispatch would leave for the sandbox, as its connections ask here whether they may; those of a
 * shutdown where the runtime is asked to end.
 *
 * <p>Threading: {@link #beforeEvent} and {@link #takeInjected} on the scheduler's thread; {@link #start}, {@link #terminateRuntime} and what
 * connections call on the environment's event loop; the rest is safe on any thread.
 */
final class FaultySandbox implements Sandbox {
    private final Sandbox real;
    private final FunctionFaults faults;
    private final FaultInjection injection;
    private final AtomicReference<@Nullable FaultRule> next = new AtomicReference<>();
    private final AtomicInteger injected = new AtomicInteger();
    private volatile long readBytesPerSec;

    /** Number of the start that is due later, 0 for none. Both are guarded by this object's lock. */
    private int pendingStart;

    private int laterStarts;

    // The event loop's.
    private final List<FaultyConnection> withholding = new ArrayList<>();
    private boolean withheld;
    /** The runtime is killed as it starts, after its extensions did. */
    private boolean crashesAtStart;
    /** What befalls the shutdown that has begun, or null. */
    private @Nullable FaultRule shutdown;
    /** Counts starts; changed under the lock, which others read it under. */
    private int run;

    /** Of the connections; null before the first. */
    private volatile @Nullable EventExecutor loop;

    FaultySandbox(Sandbox real, FunctionFaults faults, FaultInjection injection) {
        this.real = real;
        this.faults = faults;
        this.injection = injection;
    }

    // --- on the scheduler's thread

    /** An event is about to be dispatched. */
    void beforeEvent() {
        readBytesPerSec = 0;
        next.set(faults.nextEvent());
    }

    /** Faults since the last call. */
    int takeInjected() {
        return injected.getAndSet(0);
    }

    private void note(FaultRule rule) {
        int _ = injected.accumulateAndGet(rule.fault().bit(), (before, bit) -> before | bit);
    }

    // --- an init

    @Override
    public void start(boolean boosted) {
        beginRun();
        withheld = false;
        shutdown = null;
        crashesAtStart = false;
        withholding.clear();
        next.set(null);
        FaultRule rule = faults.nextInit();
        if (rule == null) {
            real.start(boosted);
            return;
        }
        note(rule);
        switch (rule.fault()) {
            case DELAY_INIT -> startLater(boosted, rule.amount());
            case CRASH_INIT -> {
                real.start(boosted);
                crashesAtStart = !real.extensions().isEmpty();
                if (!crashesAtStart) {
                    real.kill();
                }
            }
            case HANG_INIT -> {} // the end of its time ends it
            case MEMORY_INIT -> real.exhaustMemory();
            case DELAY_INVOKE,
                    CRASH_INVOKE,
                    HANG_INVOKE,
                    SLOW_INVOKE,
                    MEMORY_INVOKE,
                    DELAY_SHUTDOWN,
                    HANG_SHUTDOWN,
                    CRASH_STREAM,
                    HANG_STREAM -> throw new IllegalStateException(rule + " is no fault of an init");
        }
    }

    private synchronized void beginRun() {
        run++;
    }

    private synchronized void startLater(boolean boosted, long delayNs) {
        int start = ++laterStarts;
        pendingStart = start;
        Future<?> _ = injection.later().schedule(() -> startNow(start, boosted), delayNs, TimeUnit.NANOSECONDS);
    }

    private synchronized void startNow(int start, boolean boosted) {
        if (pendingStart == start) {
            pendingStart = 0;
            real.start(boosted);
        }
    }

    private synchronized void forgetStart() {
        pendingStart = 0;
    }

    // --- an event, on the event loop

    /** Whether what is written now must wait; asked for every write. */
    boolean withholds(EventExecutor eventLoop) {
        loop = eventLoop;
        FaultRule rule = next.getAndSet(null);
        if (rule != null) {
            note(rule);
            inject(rule, eventLoop);
        }
        return withheld;
    }

    private void inject(FaultRule rule, EventExecutor eventLoop) {
        switch (rule.fault()) {
            case DELAY_INVOKE -> {
                withheld = true;
                int current = run;
                after(rule, eventLoop, () -> deliver(current));
            }
            case CRASH_INVOKE -> {
                withheld = true;
                crash();
            }
            case HANG_INVOKE -> withheld = true;
            case MEMORY_INVOKE -> {
                withheld = true;
                real.exhaustMemory();
            }
            case SLOW_INVOKE -> readBytesPerSec = rule.amount();
            case DELAY_INIT,
                    CRASH_INIT,
                    HANG_INIT,
                    MEMORY_INIT,
                    DELAY_SHUTDOWN,
                    HANG_SHUTDOWN,
                    CRASH_STREAM,
                    HANG_STREAM -> throw new IllegalStateException(rule + " is no fault of an event");
        }
    }

    private void crash() {
        injection.later().execute(real.extensions().isEmpty() ? real::kill : real::killRuntime);
    }

    /** A response is being streamed, its first part has been read. Returns whether nothing that follows is. */
    boolean breaksStream() {
        FaultRule rule = faults.nextStream();
        if (rule != null) {
            note(rule);
        }
        if (rule != null && rule.fault() == InjectedFault.CRASH_STREAM) {
            crash();
        }
        return rule != null;
    }

    private void deliver(int delayed) {
        if (delayed == run) {
            withheld = false;
            List<FaultyConnection> connections = List.copyOf(withholding);
            withholding.clear();
            connections.forEach(FaultyConnection::deliver);
        }
    }

    private static void after(FaultRule rule, EventExecutor eventLoop, Runnable step) {
        Future<?> _ = eventLoop.schedule(step, rule.amount(), TimeUnit.NANOSECONDS);
    }

    // --- a shutdown

    /** The runtime is asked to end, and its extensions will be once it has: each hears of it late, or never. */
    @Override
    public void terminateRuntime() {
        FaultRule rule = faults.nextShutdown();
        shutdown = rule;
        if (rule == null) {
            real.terminateRuntime();
            return;
        }
        note(rule);
        withheld = true;
        if (rule.fault() == InjectedFault.DELAY_SHUTDOWN) {
            int current = run;
            Future<?> _ = injection.later().schedule(() -> terminateNow(current), rule.amount(), TimeUnit.NANOSECONDS);
        }
    }

    private synchronized void terminateNow(int delayed) {
        if (delayed == run) {
            real.terminateRuntime();
        }
    }

    /** What is kept back is for extensions now, which the fault of an event does not concern any more. On any thread. */
    void onRuntimeExited() {
        EventExecutor eventLoop = loop;
        if (eventLoop != null) {
            eventLoop.execute(() -> tellExtensions(eventLoop));
        }
    }

    private void tellExtensions(EventExecutor eventLoop) {
        FaultRule rule = shutdown;
        int current = run;
        if (rule == null) {
            deliver(current);
        } else if (rule.fault() == InjectedFault.DELAY_SHUTDOWN) {
            after(rule, eventLoop, () -> deliver(current));
        }
    }

    /** This connection holds something back, until {@link FaultyConnection#deliver} or its end. */
    void onWithheld(FaultyConnection connection) {
        withholding.add(connection);
    }

    /** How fast the runtime's bytes are read; 0 for no bound. */
    long readBytesPerSec() {
        return readBytesPerSec;
    }

    // --- the sandbox as it is

    @Override
    public int takeRuntimeApiFd() {
        int fd = real.takeRuntimeApiFd();
        injection.onApiFdTaken(fd, this);
        return fd;
    }

    @Override
    public void reset() {
        forgetStart();
        real.reset();
    }

    @Override
    public void snapshot(Path folder) {
        real.snapshot(folder);
    }

    @Override
    public void destroy() {
        forgetStart();
        real.destroy();
    }

    @Override
    public String name() {
        return real.name();
    }

    @Override
    public String runtimeApiAddress() {
        return real.runtimeApiAddress();
    }

    @Override
    public void connectInside(int port, IntConsumer onConnected) {
        real.connectInside(port, onConnected);
    }

    @Override
    public List<String> extensions() {
        return real.extensions();
    }

    @Override
    public void startRuntime() {
        real.startRuntime();
        if (crashesAtStart) {
            real.killRuntime();
        }
    }

    @Override
    public void killRuntime() {
        real.killRuntime();
    }

    @Override
    public int takeOutputFd() {
        return real.takeOutputFd();
    }

    @Override
    public int takeExtensionOutputFd() {
        return real.takeExtensionOutputFd();
    }

    @Override
    public void endBoost() {
        real.endBoost();
    }

    @Override
    public void freeze() {
        real.freeze();
    }

    @Override
    public void thaw() {
        real.thaw();
    }

    @Override
    public void kill() {
        real.kill();
    }

    @Override
    public void exhaustMemory() {
        real.exhaustMemory();
    }

    @Override
    public void readStats(SandboxStats stats) {
        real.readStats(stats);
    }

    @Override
    public StartStages startStages() {
        return real.startStages();
    }

    @Override
    public boolean emulated() {
        return real.emulated();
    }
}
