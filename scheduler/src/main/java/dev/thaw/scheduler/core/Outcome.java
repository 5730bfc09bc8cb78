package dev.thaw.scheduler.core;

/** How an accepted invocation ended. */
public enum Outcome {
    /** The runtime posted a response. */
    RESPONSE,
    /** The runtime posted an error for this invocation. */
    FUNCTION_ERROR,
    /** The function's timeout passed. */
    TIMED_OUT,
    /** The runtime ended before it answered. */
    RUNTIME_EXITED,
    /** Init failed twice: once in its own phase, once inside this invocation. */
    INIT_FAILED
}
