package dev.thaw.scheduler.core;

/**
 * Invocations accepted and not ended, at one moment.
 *
 * <p>Threading: immutable.
 */
public final class ConcurrencyUse {
    private final int[] inUse;
    private final int[] mostInUse;
    private final int totalInUse;
    private final int unreservedInUse;

    ConcurrencyUse(int[] inUse, int[] mostInUse, int totalInUse, int unreservedInUse) {
        this.inUse = inUse;
        this.mostInUse = mostInUse;
        this.totalInUse = totalInUse;
        this.unreservedInUse = unreservedInUse;
    }

    /** Functions that were there. */
    public int functions() {
        return inUse.length;
    }

    public int inUse(int functionId) {
        return inUse[functionId];
    }

    /** The most at once since the scheduler's start. */
    public int mostInUse(int functionId) {
        return mostInUse[functionId];
    }

    public int totalInUse() {
        return totalInUse;
    }

    /** Of functions without reserved concurrency. */
    public int unreservedInUse() {
        return unreservedInUse;
    }
}
