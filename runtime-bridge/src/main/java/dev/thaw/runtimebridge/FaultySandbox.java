package dev.thaw.runtimebridge;

import dev.thaw.sandbox.Sandbox;
import dev.thaw.sandbox.SandboxStats;
import io.netty.util.concurrent.EventExecutor;
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
 * bytes after its dispatch would leave for the sandbox, as its connections ask here whether they may.
 *
 * <p>Threading: {@link #beforeEvent} and {@link #takeInjected} on the scheduler's thread; {@link #start} and what
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
    private int run;

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
        run++;
        withheld = false;
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
                real.kill();
            }
            case HANG_INIT -> {} // the end of its time ends it
            case MEMORY_INIT -> real.exhaustMemory();
            case DELAY_INVOKE, CRASH_INVOKE, HANG_INVOKE, SLOW_INVOKE, MEMORY_INVOKE ->
                throw new IllegalStateException(rule + " is no fault of an init");
        }
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
                Future<?> _ = eventLoop.schedule(() -> deliver(current), rule.amount(), TimeUnit.NANOSECONDS);
            }
            case CRASH_INVOKE -> {
                withheld = true;
                injection.later().execute(real::kill);
            }
            case HANG_INVOKE -> withheld = true;
            case MEMORY_INVOKE -> {
                withheld = true;
                real.exhaustMemory();
            }
            case SLOW_INVOKE -> readBytesPerSec = rule.amount();
            case DELAY_INIT, CRASH_INIT, HANG_INIT, MEMORY_INIT ->
                throw new IllegalStateException(rule + " is no fault of an event");
        }
    }

    private void deliver(int delayed) {
        if (delayed == run) {
            withheld = false;
            List<FaultyConnection> connections = List.copyOf(withholding);
            withholding.clear();
            connections.forEach(FaultyConnection::deliver);
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
    }

    @Override
    public void terminateRuntime() {
        real.terminateRuntime();
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
    public boolean emulated() {
        return real.emulated();
    }
}
