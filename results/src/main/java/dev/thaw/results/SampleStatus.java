package dev.thaw.results;

/** How one planned invocation of a run ended, as the client saw it. */
public enum SampleStatus {
    /** 200 without a function error. */
    OK,
    /** 200 with {@code X-Amz-Function-Error}, other than a timeout. */
    FUNCTION_ERROR,
    /** 200 with the function error {@code Sandbox.Timedout}. */
    TIMED_OUT,
    /** 429. */
    THROTTLED,
    /** Any other status. */
    ERROR,
    /** Sent, and no answer: the connection failed or the run ended first. */
    LOST,
    /** Planned and never sent. */
    UNSENT
}
