package dev.thaw.scheduler.virtual;

/**
 * Invocations to come, one at a time, in order of time: a trace, or a process that draws them. A cursor, so that a trace of
 * any length passes through without memory of its own.
 */
public interface ArrivalSource {
    /** {@link #workNs} where the function's model is to draw it. */
    long DRAW_WORK = -1;

    /** Moves to the next arrival, the first one at first. False: there is none. */
    boolean next();

    /** When it arrives, from the start of the simulation; never before the last one. */
    long atNs();

    int functionId();

    /** How long its handler works where nothing disturbs it, or {@link #DRAW_WORK}. */
    long workNs();
}
