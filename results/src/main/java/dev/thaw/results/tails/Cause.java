package dev.thaw.results.tails;

/** What an invocation was slow of. Each slow one has exactly one; see {@link CauseRules}. */
public enum Cause {
    GARBAGE_COLLECTION("garbageCollection", "garbage collection", "the server stood still to collect garbage"),
    HOST(
            "host",
            "host",
            "server or generator was held up: a thread that asked for a short sleep woke late, or the server's had no processor"),
    GENERATOR(
            "generator",
            "generator",
            "it was sent late, or the generator collected garbage, or its thread had no processor"),
    COLD_START("coldStart", "own cold start", "create, init and restore of the environment that it caused"),
    SUPPRESSED_INIT("suppressedInit", "suppressed init", "an init was repeated inside it"),
    VICTIM("victim", "another's cold start", "it waited behind the init of an environment that another one caused"),
    QUEUEING("queueing", "queueing", "it waited for an environment, but for no init"),
    THROTTLED("throttled", "throttled CPU", "its function had used up its CPU quota"),
    INVOKE("invoke", "invoke itself", "the handler was at work for longer than usual"),
    PLATFORM("platform", "the server", "reading the request, thawing the environment, writing the answer"),
    UNEXPLAINED("unexplained", "unexplained", "none of these took half of what it was slower by");

    /** All causes, in the order of the report. Never modify. */
    @SuppressWarnings("MutablePublicArray")
    public static final Cause[] ALL = values();

    private final String key;
    private final String title;
    private final String meaning;

    Cause(String key, String title, String meaning) {
        this.key = key;
        this.title = title;
        this.meaning = meaning;
    }

    /** Its name in JSON. */
    public String key() {
        return key;
    }

    /** Its name for people. */
    public String title() {
        return title;
    }

    public String meaning() {
        return meaning;
    }

    /** By {@link #key}. */
    public static Cause of(String key) {
        for (Cause each : ALL) {
            if (each.key.equals(key)) {
                return each;
            }
        }
        return UNEXPLAINED;
    }
}
