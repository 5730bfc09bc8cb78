package dev.thaw.sandbox.microvm;

import dev.thaw.sandbox.StartStages;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * The start of one microVM, from the order for it until it is what it is to be, or is not: its stages, and what ends it
 * where it takes too long. Times are of a clock that nobody sets.
 *
 * <p>Threading: its own lock guards every field.
 */
final class VmStart {
    private final long orderedNs;
    private long readyNs;
    private @Nullable BootTimes boot;
    private boolean ahead;
    private boolean over;
    private @Nullable Future<?> bound;
    private StartStages stages = StartStages.NONE;

    VmStart(long orderedNs) {
        this.orderedNs = orderedNs;
    }

    synchronized void setBound(Future<?> ending) {
        bound = ending;
        if (over) {
            ending.cancel(false);
        }
    }

    /** Its machine had booted before it was ordered. */
    synchronized void bootedAhead() {
        ahead = true;
    }

    synchronized void onReady(BootTimes times, long nowNs) {
        boot = times;
        readyNs = nowNs;
    }

    synchronized void onCreated(long nowNs) {
        stages = stages(Math.max(0, nowNs - orderedNs));
    }

    /** Of the guest's words no more is believed than there was time for. */
    private StartStages stages(long tookNs) {
        BootTimes told = boot;
        if (ahead) {
            return new StartStages(0, 0, tookNs);
        }
        if (told == null) {
            return new StartStages(tookNs, 0, 0);
        }
        long untilReadyNs = Math.clamp(readyNs - orderedNs, 0, tookNs);
        long guestNs = Math.clamp(told.channelNs(), 0, untilReadyNs);
        long kernelNs = Math.clamp(told.kernelNs(), 0, guestNs);
        long vmmNs = untilReadyNs - guestNs;
        return new StartStages(vmmNs, kernelNs, tookNs - vmmNs - kernelNs);
    }

    /** It is what it is to be, or never will. */
    synchronized void end() {
        over = true;
        if (bound != null) {
            bound.cancel(false);
        }
    }

    synchronized StartStages stages() {
        return stages;
    }
}
