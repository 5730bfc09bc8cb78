package dev.thaw.results;

/** What an invocation met at the server, as far as its start goes. Each invocation is exactly one of these. */
enum StartKind {
    /** Caused a new environment. */
    COLD("cold"),
    /** Waited behind the init of an environment that another invocation caused. */
    VICTIM("victim"),
    /** Paid for init inside its own time, in an environment that had been reset. */
    SUPPRESSED("suppressed"),
    /** None of these. */
    WARM("warm");

    static final StartKind[] ALL = values();

    private final String key;

    StartKind(String key) {
        this.key = key;
    }

    String key() {
        return key;
    }

    static StartKind of(ServerRecord server) {
        if (server.suppressedInit) {
            return SUPPRESSED;
        }
        if (server.coldTrigger) {
            return COLD;
        }
        return server.coldVictim ? VICTIM : WARM;
    }
}
