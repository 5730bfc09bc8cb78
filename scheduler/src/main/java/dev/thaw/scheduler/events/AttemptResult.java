package dev.thaw.scheduler.events;

/** How one attempt to invoke a function ended. */
public sealed interface AttemptResult {
    /**
     * The function ran.
     *
     * @param failed the body is a function error: thrown, timed out, or exited
     * @param body as the runtime posted it, or as the platform worded it
     */
    @SuppressWarnings("ArrayRecordComponent") // bytes in, bytes out; never compared
    record Ran(String executedVersion, boolean failed, byte[] body) implements AttemptResult {}

    /**
     * The function was not called: throttled (429), or the system could not (404, 5xx). Trying later can help.
     *
     * @param status as a synchronous client would have got it
     */
    record Refused(int status, String message) implements AttemptResult {}

    /** The function was not called: it would have gone on with a recursive loop. Trying again does not help. */
    record Recursive() implements AttemptResult {}

    /** The server ends; the event stays as it is. */
    record Ended() implements AttemptResult {}
}
