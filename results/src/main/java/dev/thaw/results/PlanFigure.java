package dev.thaw.results;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What a plan tells of a fleet; the first ones can be objectives, by a name of their own. */
public enum PlanFigure {
    COLD(
            "coldPercent",
            "cold",
            "cold, %",
            "caused an environment and were served by it, of those served",
            Unit.PERCENT),
    DELAYED("delayedPercent", "delayed", "delayed by an init, %", "whoever caused it, of those served", Unit.PERCENT),
    THROTTLED("refusedPercent", "throttled", "throttled, %", "refused by a limit or for want of room", Unit.PERCENT),
    P50("p50Ms", "p50", "p50, ms", "from arrival to answer", Unit.MS, 50),
    P90("p90Ms", "p90", "p90, ms", "from arrival to answer", Unit.MS, 90),
    P95("p95Ms", "p95", "p95, ms", "from arrival to answer", Unit.MS, 95),
    P99("p99Ms", "p99", "p99, ms", "from arrival to answer", Unit.MS, 99),
    P999("p999Ms", "p99.9", "p99.9, ms", "from arrival to answer", Unit.MS, 99.9),
    ADDED_P50("addedP50Ms", "added-p50", "added p50, ms", "beyond the handler's work", Unit.MS, 50),
    ADDED_P90("addedP90Ms", "added-p90", "added p90, ms", "beyond the handler's work", Unit.MS, 90),
    ADDED_P95("addedP95Ms", "added-p95", "added p95, ms", "beyond the handler's work", Unit.MS, 95),
    ADDED_P99("addedP99Ms", "added-p99", "added p99, ms", "beyond the handler's work", Unit.MS, 99),
    ADDED_P999("addedP999Ms", "added-p99.9", "added p99.9, ms", "beyond the handler's work", Unit.MS, 99.9),
    USD("usd", "cost, USD", "GB-seconds with inits, as billed since August 2025, and requests"),
    USD_INITS_FREE("usdInitsFree", "cost, inits free, USD", "as billed before, for managed runtimes"),
    BILLED_GB_S("billedGbSeconds", "billed, GB-s", "invocations and inits"),
    PROVISIONED_GB_S("provisionedGbSeconds", "provisioned, GB-s", "held by provisioned concurrency, used or not"),
    IDLE_GB_S("idleGbSeconds", "idle, GB-s", "memory of environments that waited for work"),
    HOST_HOURS("hostHours", "host-hours in use", "hosts with any environment"),
    FLEET_HOURS("fleetHours", "host-hours of the fleet", "all hosts, from the trace's beginning to the last end"),
    HOSTS_USD("hostsUsd", "hosts, USD", "host-hours of the fleet at the price given");

    /** All figures, in the order of the tables; never modify. */
    static final PlanFigure[] ALL = values();

    /** What an objective's bound is given in. */
    public enum Unit {
        PERCENT,
        MS,
        OTHER
    }

    final String key;
    private final String objective;
    final String title;
    final String what;
    private final Unit unit;
    private final double percentile;

    PlanFigure(String key, String objective, String title, String what, Unit unit, double percentile) {
        this.key = key;
        this.objective = objective;
        this.title = title;
        this.what = what;
        this.unit = unit;
        this.percentile = percentile;
    }

    PlanFigure(String key, String objective, String title, String what, Unit unit) {
        this(key, objective, title, what, unit, 0);
    }

    PlanFigure(String key, String title, String what) {
        this(key, "", title, what, Unit.OTHER);
    }

    /** The figure that an objective's name stands for. */
    public static Optional<PlanFigure> ofObjective(String name) {
        return objectives().filter(each -> each.objective.equals(name)).findFirst();
    }

    /** All names of objectives, for help. */
    public static String objectiveNames() {
        return String.join(", ", objectives().map(each -> each.objective).toList());
    }

    private static Stream<PlanFigure> objectives() {
        return Arrays.stream(ALL).filter(each -> !each.objective.isEmpty());
    }

    /** The name in {@code summary.json}. */
    public String key() {
        return key;
    }

    /** The name in an objective; empty for what is none. */
    public String objective() {
        return objective;
    }

    public Unit unit() {
        return unit;
    }

    /** Of a latency; 0 for what is none. */
    public double percentile() {
        return percentile;
    }

    /** It does not count from arrival, but beyond the handler's work. */
    public boolean isAdded() {
        return objective.startsWith("added");
    }

    /** A value as plans print it: three digits, or all of a whole number. */
    public static String text(double value) {
        return text(value, 3);
    }

    private static String text(double value, int digits) {
        // 999.7 is 1000 by three digits.
        boolean whole = (Math.abs(value) >= 999.5 && digits <= 3) || value == Math.rint(value);
        return String.format(Locale.ROOT, whole ? "%.0f" : "%." + digits + "g", value);
    }

    /** The same with as many digits as it takes to differ from a bound that it is beside. */
    public static String textBeside(double value, double bound) {
        int digits = 3;
        while (digits < 12 && value != bound && Double.parseDouble(text(value, digits)) == bound) {
            digits++;
        }
        return text(value, digits);
    }
}
