package dev.thaw.results;

/**
 * Where the time of one invocation went. Every nanosecond between the first byte read and the last byte written
 * belongs to exactly one phase, so the phases of an invocation add up to its total.
 */
public enum Phase {
    /** Reading and checking the request, before the scheduler sees it. */
    FRONTEND("frontend"),
    /** Waiting for an environment that this invocation did not cause. */
    QUEUE("queue"),
    /** Namespaces, control groups and mounts of a new sandbox, until its first process may start. */
    CREATE("create"),
    /** Extensions starting, inside init. */
    INIT_EXTENSION("initExtension"),
    /** The runtime starting: from its process's start to its first connection to the Runtime API. */
    INIT_RUNTIME("initRuntime"),
    /** Function code loading: from that connection to the first request for an event. */
    INIT_FUNCTION("initFunction"),
    /** A snapshot being restored in place of init. */
    RESTORE("restore"),
    /** A frozen environment being thawed. */
    THAW("thaw"),
    /** Init repeated inside the invocation, at the function's CPU share and under its timeout. */
    SUPPRESSED_INIT("suppressedInit"),
    /** The handler at work: from the event handed over to the response received. */
    INVOKE("invoke"),
    /** Writing the response to the client. */
    RESPOND("respond");

    /** All phases, in order; shared so that hot paths need not copy {@link #values()}. Never modify. */
    @SuppressWarnings("MutablePublicArray")
    public static final Phase[] ALL = values();

    private final String key;

    Phase(String key) {
        this.key = key;
    }

    /** The name used in {@code summary.json}, headers and columns. */
    public String key() {
        return key;
    }
}
