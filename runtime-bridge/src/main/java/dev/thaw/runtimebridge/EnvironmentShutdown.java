package dev.thaw.runtimebridge;

import dev.thaw.sandbox.Sandbox;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.EpochClock;
import org.jspecify.annotations.Nullable;

/**
 * Ends a run that has extensions the way that the service does (contract.md sections 2.4, 2.5, 18; wire.md W2): first
 * the runtime, by SIGTERM, then SIGKILL; once it is gone the external extensions, by the event that they subscribed to.
 * All of it within 500 ms where there are only internal ones, else within 2 s, of which the runtime gets 30 %. What is
 * left then is killed by whatever follows, reset or destroy. One for each environment, used again.
 *
 * <p>Threading: one event loop.
 */
final class EnvironmentShutdown {
    static final long INTERNAL_BUDGET_MS = 500;
    static final long EXTERNAL_BUDGET_MS = 2_000;
    private static final int RUNTIME_SHARE_PERCENT = 30;

    private final EventLoop eventLoop;
    private final EpochClock epochClock;
    private final List<ScheduledFuture<?>> timers = new ArrayList<>();
    /** The run that is being ended, or null. */
    private @Nullable EnvironmentRun run;

    private ShutdownReason reason = ShutdownReason.SPINDOWN;
    private Runnable then = () -> {};
    private long deadlineEpochMs;
    private boolean begun;
    private boolean extensionsTold;

    EnvironmentShutdown(EventLoop eventLoop, EpochClock epochClock) {
        this.eventLoop = eventLoop;
        this.epochClock = epochClock;
    }

    /** From now on the run is being ended, for {@code why}; {@code next} follows. Its processes may be frozen. */
    void begin(EnvironmentRun ended, SandboxControl control, ShutdownReason why, Runnable next) {
        run = ended;
        reason = why;
        then = next;
        begun = false;
        extensionsTold = false;
        ended.fail();
        Sandbox sandbox = control.sandbox();
        control.thaw(() -> eventLoop.execute(() -> beginThawed(ended, sandbox)));
    }

    /** Has {@code next} follow instead. Returns false where nothing is being ended. */
    boolean redirect(Runnable next) {
        then = next;
        return run != null;
    }

    /** The run's processes may run. */
    private void beginThawed(EnvironmentRun ended, @Nullable Sandbox sandbox) {
        if (run != ended || sandbox == null) {
            return; // it is gone
        }
        begun = true;
        boolean external = ended.extensions.hasExternal();
        long budgetMs = external ? EXTERNAL_BUDGET_MS : INTERNAL_BUDGET_MS;
        deadlineEpochMs = epochClock.time() + budgetMs;
        after(budgetMs, this::finish);
        if (ended.isRuntimeGone()) {
            proceed();
            return;
        }
        sandbox.terminateRuntime();
        if (external) {
            after(budgetMs * RUNTIME_SHARE_PERCENT / 100, sandbox::killRuntime);
        }
    }

    private void after(long delayMs, Runnable step) {
        timers.add(eventLoop.schedule(step, delayMs, TimeUnit.MILLISECONDS));
    }

    /** A process ended: goes on where that was awaited. Returns false where nothing is being ended. */
    boolean proceed() {
        EnvironmentRun ended = run;
        if (ended != null && begun && ended.isRuntimeGone()) {
            boolean told = extensionsTold || ended.extensions.shutDown(reason, deadlineEpochMs);
            extensionsTold = true;
            if (!told || ended.extensions.haveEnded()) {
                finish();
            }
        }
        return ended != null;
    }

    private void finish() {
        if (run != null) {
            cancel();
            then.run();
        }
    }

    /** The sandbox is gone: nothing is left to end. */
    void cancel() {
        run = null;
        timers.forEach(timer -> timer.cancel(false));
        timers.clear();
    }
}
