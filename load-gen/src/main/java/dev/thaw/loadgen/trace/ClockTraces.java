package dev.thaw.loadgen.trace;

import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads formats with one row for each invocation, at times of a clock of their own: the first start becomes 0, for which
 * the file is read twice (anchors.md section 3).
 */
final class ClockTraces {
    /** Memory is in the pool's name: {@code pool24-600-512} has 600 millicores and 512 MB. */
    private static final Pattern HUAWEI_POOL = Pattern.compile("(pool\\d+-\\d+-(\\d+)).*");

    /** Past the year 2100. */
    private static final double MAX_CLOCK_SEC = 4.2e9;

    private static final long SECOND_NS = 1_000_000_000L;
    private static final long DAY_NS = 86_400_000_000_000L;

    private final Path path;
    private final TraceOptions options;
    private final TraceProgress progress;
    private final BrokenRows broken;
    private final RowCollector rows;

    ClockTraces(Path path, TraceOptions options, TraceProgress progress) {
        this.path = path;
        this.options = options;
        this.progress = progress;
        broken = new BrokenRows(options.skipBrokenRows());
        rows = new RowCollector(options);
    }

    /** The time of a table's current row. */
    @FunctionalInterface
    private interface Clock {
        long ns(CsvTable table);
    }

    /** Requests of Huawei 2025: the time at the frontend, the cost of the runtime; a function is funcName, userID, pool. */
    Trace huaweiRequests() {
        Clock clock = table -> secNs(table, "time_frontend");
        long firstNs = firstNs(clock);
        try (CsvTable table = CsvTable.open(path, progress)) {
            int runtime = table.column("runtimeCost");
            int pod = table.column("podID");
            table.forEachRow(broken, () -> {
                double durationUs = table.number(runtime, 0, RowTraces.MAX_SEC) * 1e6;
                long startNs = clock.ns(table) - firstNs;
                rows.add(huaweiFunction(table, pod), startNs, durationUs);
            });
        }
        return rows.toTrace(TraceFormat.HUAWEI2025, path, broken);
    }

    /** Cold starts of Huawei 2025: each is an arrival; how long it takes is the function's init, not its duration. */
    Trace huaweiColdStarts() {
        Clock clock = table -> table.count(table.column("day"), 10_000) * DAY_NS + secNs(table, "time") % DAY_NS;
        long firstNs = firstNs(clock);
        try (CsvTable table = CsvTable.open(path, progress)) {
            int cost = table.column("totalCost_cold_start");
            int pod = table.column("podID");
            table.forEachRow(broken, () -> {
                double initUs = table.number(cost, 0, RowTraces.MAX_SEC) * 1e6;
                long startNs = clock.ns(table) - firstNs;
                int function = huaweiFunction(table, pod);
                rows.init(function, initUs);
                rows.add(function, startNs, options.defaultDurationUs());
            });
        }
        rows.notes().say("durations are not in the trace, taken as " + options.defaultDurationUs() + " us");
        return rows.toTrace(TraceFormat.HUAWEI2025COLD, path, broken);
    }

    private int huaweiFunction(CsvTable table, int pod) {
        Matcher pool = HUAWEI_POOL.matcher(table.text(pod));
        if (!pool.matches()) {
            throw table.bad(pod, "of the form poolN-MILLICORES-MEGABYTES-...");
        }
        String user = table.text(table.column("userID"));
        String name = table.text(table.column("funcName"));
        int function = rows.functionOf(user + "/" + pool.group(1), "user" + user, "f" + name, pool.group(1));
        rows.memory(function, Double.parseDouble(pool.group(2)));
        return function;
    }

    /** Requests to one language model: a single function, whose durations the trace does not have. */
    Trace azureLlm() {
        Clock clock = ClockTraces::timestampNs;
        long firstNs = firstNs(clock);
        try (CsvTable table = CsvTable.open(path, progress)) {
            table.forEachRow(broken, () -> {
                long startNs = clock.ns(table) - firstNs;
                rows.add(rows.function("llm"), startNs, options.defaultDurationUs());
            });
        }
        rows.notes().say("durations are not in the trace, taken as " + options.defaultDurationUs() + " us");
        return rows.toTrace(TraceFormat.AZURELLM, path, broken);
    }

    private static long timestampNs(CsvTable table) {
        int column = table.column("TIMESTAMP");
        try {
            Instant time =
                    LocalDateTime.parse(table.text(column).replace(' ', 'T')).toInstant(ZoneOffset.UTC);
            return Math.addExact(Math.multiplyExact(time.getEpochSecond(), SECOND_NS), time.getNano());
        } catch (DateTimeException | ArithmeticException e) {
            throw table.bad(column, "a time such as 2023-11-16 18:15:46.6805900");
        }
    }

    private static long secNs(CsvTable table, String column) {
        return Math.round(table.number(table.column(column), 0, MAX_CLOCK_SEC) * 1e9);
    }

    /** The smallest time of rows that can be read; the second reading judges the others. */
    private long firstNs(Clock clock) {
        long[] firstNs = {Long.MAX_VALUE};
        try (CsvTable table = CsvTable.open(path, progress)) {
            table.forEachRow(new BrokenRows(true), () -> firstNs[0] = Math.min(firstNs[0], clock.ns(table)));
        }
        if (firstNs[0] == Long.MAX_VALUE) {
            return 0;
        }
        if (firstNs[0] != 0) {
            rows.notes()
                    .say(String.format(Locale.ROOT, "starts are counted from the first, at %.3f s", firstNs[0] / 1e9));
        }
        return firstNs[0];
    }
}
