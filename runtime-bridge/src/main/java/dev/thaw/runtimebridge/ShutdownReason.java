package dev.thaw.runtimebridge;

import dev.thaw.scheduler.core.DestroyReason;
import dev.thaw.scheduler.core.ResetReason;

/** Why extensions are told to shut down; names are the protocol's (wire.md W2). */
enum ShutdownReason {
    /** The environment is no longer needed. */
    SPINDOWN,
    /** Init or an invocation took too long. */
    TIMEOUT,
    /** The runtime or an extension failed. */
    FAILURE;

    static ShutdownReason of(ResetReason reason) {
        return switch (reason) {
            case INIT_TIMEOUT, TIMEOUT -> TIMEOUT;
            case INIT_ERROR, RUNTIME_EXIT -> FAILURE;
        };
    }

    static ShutdownReason of(DestroyReason reason) {
        return reason == DestroyReason.INIT_FAILED ? FAILURE : SPINDOWN;
    }
}
