package dev.thaw.scheduler.core;

/** Why an invocation was refused before it reached an environment. All of them are answered as throttles (429). */
public enum Refusal {
    /** The account's unreserved concurrency is used up (contract.md sections 7 and 18). */
    CONCURRENT_INVOCATION_LIMIT_EXCEEDED("ConcurrentInvocationLimitExceeded"),
    /** The function's reserved concurrency is used up, or is 0. */
    RESERVED_FUNCTION_CONCURRENT_INVOCATION_LIMIT_EXCEEDED("ReservedFunctionConcurrentInvocationLimitExceeded"),
    /** The fleet had no room for another environment within the wait that the configuration allows. */
    NO_CAPACITY("ConcurrentInvocationLimitExceeded"),
    /** The scheduler's inbox was full: the front end refuses this one itself. */
    INBOX_FULL("CallerRateLimitExceeded"),
    /** The scheduler is shutting down. */
    SHUTTING_DOWN("ConcurrentInvocationLimitExceeded");

    private final String reason;

    Refusal(String reason) {
        this.reason = reason;
    }

    /** The documented {@code Reason} on the wire. */
    public String reason() {
        return reason;
    }
}
