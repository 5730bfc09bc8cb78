package dev.thaw.results;

/** How one planned invocation of a run ended, as the client saw it. */
public enum SampleStatus {
    /** 200 without a function error. */
    OK("ok"),
    /** 200 with {@code X-Amz-Function-Error}, other than a timeout. */
    FUNCTION_ERROR("functionError"),
    /** 200 with the function error {@code Sandbox.Timedout}. */
    TIMED_OUT("timedOut"),
    /** 429. */
    THROTTLED("throttled"),
    /** Any other status. */
    ERROR("error"),
    /** Sent, and no answer: the connection failed or the run ended first. */
    LOST("lost"),
    /** Planned and never sent. */
    UNSENT("unsent");

    /** All statuses, in order; shared so that hot paths need not copy {@link #values()}. Never modify. */
    @SuppressWarnings("MutablePublicArray")
    static final SampleStatus[] ALL = values();

    private final String key;

    SampleStatus(String key) {
        this.key = key;
    }

    /** The name used in {@code summary.json} and columns. */
    public String key() {
        return key;
    }
}
