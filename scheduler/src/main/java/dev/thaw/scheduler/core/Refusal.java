package dev.thaw.scheduler.core;

/**
 * Why an invocation was refused before an environment saw it. How each is answered is for the front end to say.
 */
public enum Refusal {
    /** The account's unreserved concurrency is used up (contract.md sections 7 and 18). */
    CONCURRENT_INVOCATION_LIMIT_EXCEEDED,
    /** The function's reserved concurrency is used up, or is 0. */
    RESERVED_FUNCTION_CONCURRENT_INVOCATION_LIMIT_EXCEEDED,
    /** New environments do not come that fast ({@link ScalingPolicy}). */
    SCALING_RATE_EXCEEDED,
    /** The version has been replaced or deleted since the invocation was led to it. */
    RETIRED,
    /** The fleet had no room for another environment within the wait that the configuration allows. */
    NO_CAPACITY,
    /** No host could hold an environment of the function if it held nothing else: trying again cannot help. */
    NEVER_FITS,
    /** Its environment could not go on from its version's snapshot. */
    RESTORE_FAILED,
    /** The same: that took too long. */
    RESTORE_TIMED_OUT,
    /** The scheduler's inbox was full: the front end refuses this one itself. */
    INBOX_FULL,
    /** The scheduler is shutting down. */
    SHUTTING_DOWN;

    /** A limit refused it, and it is counted as a throttle (contract.md section 18, "Metrics"). */
    @HotPath
    public boolean isThrottle() {
        return this == CONCURRENT_INVOCATION_LIMIT_EXCEEDED
                || this == RESERVED_FUNCTION_CONCURRENT_INVOCATION_LIMIT_EXCEEDED
                || this == SCALING_RATE_EXCEEDED
                || this == INBOX_FULL;
    }
}
