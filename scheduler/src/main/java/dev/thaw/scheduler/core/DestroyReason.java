package dev.thaw.scheduler.core;

/** Why an environment is destroyed. */
public enum DestroyReason {
    /** Idle for longer than the keep-alive. */
    KEEP_ALIVE_EXPIRED,
    /** Its room was needed for another function. */
    EVICTED,
    /** Init failed again after a reset. */
    INIT_FAILED,
    /** Its version has been replaced or deleted. */
    RETIRED,
    SHUTDOWN
}
