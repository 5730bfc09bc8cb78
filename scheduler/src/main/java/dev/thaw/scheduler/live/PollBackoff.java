package dev.thaw.scheduler.live;

import dev.thaw.scheduler.core.HotPath;

/**
 * Spaces out polls of a core whose timers fail, which only a bug can make them do: the first failure is followed by
 * another poll at once, the ones after it by waits that double from {@link #FIRST_WAIT_NS} to {@link #LONGEST_WAIT_NS}.
 * So a timer that fails for ever neither spins nor floods the log, and messages and I/O go on.
 *
 * <p>Threading: none; the scheduler's thread.
 */
final class PollBackoff {
    static final long FIRST_WAIT_NS = 1_000_000L;
    static final long LONGEST_WAIT_NS = 1_000_000_000L;

    /** Polls that failed since the last one that did not. */
    private int failures;

    private long nextWaitNs = FIRST_WAIT_NS;
    private long untilNs;

    /** How long no poll may be made: 0 or more ns. */
    @HotPath
    long waitNs(long nowNs) {
        return failures < 2 ? 0 : Math.max(0, untilNs - nowNs);
    }

    @HotPath
    void onSuccess() {
        failures = 0;
    }

    void onFailure(long nowNs) {
        failures++;
        if (failures == 1) {
            nextWaitNs = FIRST_WAIT_NS;
            return;
        }
        untilNs = nowNs + nextWaitNs;
        nextWaitNs = Math.min(LONGEST_WAIT_NS, 2 * nextWaitNs);
    }
}
