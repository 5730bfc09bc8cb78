package dev.thaw.sandbox.microvm;

import dev.thaw.sandbox.ExitStatus;
import dev.thaw.sandbox.Sandbox;
import dev.thaw.sandbox.SandboxEvents;
import dev.thaw.sandbox.kernel.Kernel;

/**
 * Tells the ends of a guest's processes, each once between starts, and whether it was for memory.
 *
 * <p>Threading: safe on any thread; no listener is called under its lock.
 */
final class ProcessEnds {
    private final Sandbox sandbox;
    private final GuestPlan plan;
    private final SandboxEvents events;
    /** A bit for each, the runtime behind the extensions. */
    private long told;

    private long killsBefore;

    ProcessEnds(Sandbox sandbox, GuestPlan plan, SandboxEvents events) {
        this.sandbox = sandbox;
        this.plan = plan;
        this.events = events;
    }

    /** They are about to start; {@code kills} for memory are known of, -1 where none was ever told. */
    synchronized void begin(long kills) {
        told = 0;
        killsBefore = Math.max(0, kills);
    }

    private synchronized boolean isNews(int index) {
        long bit = 1L << index;
        boolean news = (told & bit) == 0;
        told |= bit;
        return news;
    }

    private synchronized boolean isForMemory(long kills) {
        return kills > killsBefore;
    }

    void tell(int index, int waitStatus, long kills) {
        tell(index, plan.status(index, waitStatus, isForMemory(kills)));
    }

    /** All that have not ended were killed. */
    void tellKilled(boolean forMemory) {
        for (int index = 0; index <= plan.runtimeIndex(); index++) {
            tell(index, new ExitStatus(-1, Kernel.SIGKILL, forMemory));
        }
    }

    private void tell(int index, ExitStatus status) {
        if (!isNews(index)) {
            return;
        }
        if (index == plan.runtimeIndex()) {
            events.onExited(sandbox, status);
        } else {
            events.onExtensionExited(sandbox, index, status);
        }
    }
}
