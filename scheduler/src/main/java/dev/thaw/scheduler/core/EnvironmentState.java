package dev.thaw.scheduler.core;

/** What an environment is doing, as far as the scheduler was told. */
enum EnvironmentState {
    /** The slot holds no environment. */
    FREE,
    /** Room is promised and being freed; create was not sent yet. */
    PENDING,
    CREATING,
    /** Its extensions start; the runtime follows once they have registered. */
    INIT_EXTENSION,
    INIT_RUNTIME,
    INIT_FUNCTION,
    /** Goes on from a snapshot; the runtime may still have something to do for that. */
    RESTORING,
    /** Ready and running, without an invocation. */
    IDLE,
    /** Ready and frozen, without an invocation. */
    FROZEN,
    /** Idle after a reset: the sandbox stays, its runtime must init again. */
    STOPPED,
    /** Has an invocation, waits to be thawed for it. */
    THAWING,
    /** Has an invocation, repeats init inside it. */
    SUPPRESSED_INIT,
    /** Has an invocation, its handler is at work. */
    BUSY,
    /** The invocation is answered, the runtime or an extension is still at work. */
    OVERHANG,
    RESETTING,
    DESTROYING;

    @HotPath
    boolean isIdle() {
        return this == IDLE || this == FROZEN || this == STOPPED;
    }

    /** Has an invocation, or is still at work after it answered it. */
    boolean isAtWork() {
        return this == THAWING || this == SUPPRESSED_INIT || this == BUSY || this == OVERHANG;
    }

    /** Create was sent and init, or what takes its place, has not ended. */
    @HotPath
    boolean isStarting() {
        return this == CREATING
                || this == INIT_EXTENSION
                || this == INIT_RUNTIME
                || this == INIT_FUNCTION
                || this == RESTORING;
    }
}
