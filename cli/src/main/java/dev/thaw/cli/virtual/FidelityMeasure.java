package dev.thaw.cli.virtual;

/** What is compared between live and virtual. */
enum FidelityMeasure {
    INVOCATIONS("invocations", "served", 0),
    COLD_STARTS("coldStarts", "cold starts", 2),
    DELAYED_BY_INIT("delayedByInit", "delayed by an init, whoever's", 0),
    QUEUED("queued", "queued for 1 ms and more", 0),
    QUEUED_S("queuedSeconds", "queued in all, s", 0),
    LATENCY_P50_MS("latencyP50Ms", "latency p50, ms", 10),
    LATENCY_P99_MS("latencyP99Ms", "latency p99, ms", 25),
    ADDED_P50_MS("addedP50Ms", "beyond the trace's duration, p50, ms", 0),
    ADDED_P99_MS("addedP99Ms", "beyond the trace's duration, p99, ms", 0),
    CPU_S("cpuSeconds", "CPU time of handlers, s", 0);

    final String key;
    final String title;
    /** How far virtual may be from live, in percent; 0 for what has no goal. */
    final double goalPercent;

    FidelityMeasure(String key, String title, double goalPercent) {
        this.key = key;
        this.title = title;
        this.goalPercent = goalPercent;
    }
}
