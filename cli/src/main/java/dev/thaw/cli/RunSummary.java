package dev.thaw.cli;

import dev.thaw.results.RunBundle;
import java.io.PrintStream;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/** Prints a run's headline from its {@code summary.json}, so that the terminal and the bundle cannot differ. */
final class RunSummary {
    private RunSummary() {}

    static void print(RunBundle bundle, PrintStream out) {
        JsonNode summary = bundle.summary();
        JsonNode counts = summary.path("invocations");
        out.printf(
                Locale.ROOT,
                "planned %d, sent %d, completed %d: ok %d, function errors %d, timed out %d, throttled %d, errors %d;"
                        + " lost %d%n",
                counts.path("planned").asLong(),
                counts.path("sent").asLong(),
                counts.path("completed").asLong(),
                counts.path("ok").asLong(),
                counts.path("functionErrors").asLong(),
                counts.path("timedOut").asLong(),
                counts.path("throttled").asLong(),
                counts.path("errors").asLong(),
                counts.path("lost").asLong());
        out.println("latency of those that ran (ok, function errors, timed out):");
        line(out, "latency from intended start", summary.path("latencyUs").path("fromIntended"));
        line(out, "service time", summary.path("latencyUs").path("service"));
        line(out, "generator lateness", summary.path("latenessUs"));
        line(out, "host hiccups", summary.path("hiccupUs"));
        JsonNode cold = summary.path("coldStarts");
        out.printf(
                Locale.ROOT,
                "cold starts %d, their victims %d%n",
                cold.path("triggered").asLong(),
                cold.path("victims").asLong());
        out.println("isolation " + summary.path("isolation").asString(""));
    }

    private static void line(PrintStream out, String what, JsonNode us) {
        out.printf(
                Locale.ROOT,
                "%-28s p50 %s  p90 %s  p99 %s  p99.9 %s  max %s%n",
                what,
                time(us.path("p50")),
                time(us.path("p90")),
                time(us.path("p99")),
                time(us.path("p999")),
                time(us.path("max")));
    }

    private static String time(JsonNode us) {
        if (!us.isNumber()) {
            return "-";
        }
        double value = us.asDouble();
        if (value >= 1e6) {
            return String.format(Locale.ROOT, "%.2f s", value / 1e6);
        }
        return value >= 1e3
                ? String.format(Locale.ROOT, "%.2f ms", value / 1e3)
                : String.format(Locale.ROOT, "%.0f us", value);
    }
}
