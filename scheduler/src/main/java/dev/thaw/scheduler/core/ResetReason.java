package dev.thaw.scheduler.core;

/** Why an environment's runtime is stopped while its sandbox and {@code /tmp} stay. */
public enum ResetReason {
    INIT_TIMEOUT,
    INIT_ERROR,
    TIMEOUT,
    RUNTIME_EXIT
}
