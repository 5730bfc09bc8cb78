package dev.thaw.results;

/** What a bake-off tells of each combination of policies. */
public enum BakeoffFigure {
    COLD_PERCENT("coldPercent", "cold, %", "caused an environment, of those served"),
    VICTIM_PERCENT("victimPercent", "victims, %", "waited behind an init that another one caused"),
    REFUSED_PERCENT("refusedPercent", "refused, %", "throttled, or without room"),
    ADDED_P50_MS("addedP50Ms", "added p50, ms", "beyond the handler's work"),
    ADDED_P99_MS("addedP99Ms", "added p99, ms", "beyond the handler's work"),
    ADDED_P999_MS("addedP999Ms", "added p99.9, ms", "beyond the handler's work"),
    IDLE_GB_S("idleGbSeconds", "idle, GB-s", "memory of environments that waited for work"),
    BILLED_GB_S("billedGbSeconds", "billed, GB-s", "invocations and inits"),
    HOST_HOURS("hostHours", "host-hours", "hosts with any environment");

    /** All figures, in the order of the tables; never modify. */
    static final BakeoffFigure[] ALL = values();

    final String key;
    final String title;
    final String what;

    BakeoffFigure(String key, String title, String what) {
        this.key = key;
        this.title = title;
        this.what = what;
    }

    /** The name in {@code summary.json}. */
    public String key() {
        return key;
    }
}
