package dev.thaw.scheduler.events;

/** When an event is tried again (contract.md section 6.2). Pure; waits count from the end of an attempt. */
final class RetryPolicy {
    /** No further attempt. */
    static final long EXHAUSTED = -1;

    static final long FIRST_BACKOFF_MS = 1_000;
    static final long MAX_BACKOFF_MS = 300_000;
    /** How long a delivery to a target is tried. */
    static final long DELIVERY_AGE_MS = 3_600_000;

    private static final long STEP_MS = 60_000;
    private static final int MAX_DOUBLINGS = 9;

    private RetryPolicy() {}

    /** Wait after a function error: 1 minute after the first attempt, 2 after the second; or {@link #EXHAUSTED}. */
    static long afterFunctionErrorMs(int attempts, int maxRetries) {
        return attempts > maxRetries ? EXHAUSTED : attempts * STEP_MS;
    }

    /** Wait after the {@code refusals}-th throttle or system error in a row: 1 s, doubled up to 5 minutes. */
    static long backoffMs(int refusals) {
        return Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS << Math.min(refusals - 1, MAX_DOUBLINGS));
    }
}
