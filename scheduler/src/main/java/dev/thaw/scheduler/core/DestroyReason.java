package dev.thaw.scheduler.core;

/** Why an environment is destroyed. */
public enum DestroyReason {
    /** Idle for longer than the keep-alive. */
    KEEP_ALIVE_EXPIRED,
    /** Its room was needed for another function. */
    EVICTED,
    /** The sandbox itself failed or was killed from outside. */
    FAILED,
    /** Its version has been replaced or deleted. */
    RETIRED,
    SHUTDOWN
}
