package dev.thaw.results.imports;

import dev.thaw.results.ImportedBundle;
import dev.thaw.results.ImportedBundle.Kind;
import dev.thaw.results.cost.PriceList;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * REPORT lines of a function's log, whatever stands around them, or the platform.report of logs in JSON. A cell is a
 * memory size.
 */
final class ReportLines implements Importer {
    /** Within JSON a tab before a field is written as {@code \t}. */
    private static final Pattern FIELD = Pattern.compile(
            "(?:\\b|(?<=\\\\t))(Billed Duration|Init Duration|Restore Duration|Billed Restore Duration|Duration|Memory Size|Max Memory Used): (\\S+) (ms|MB)");

    private static final Pattern TIME = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(?:\\.\\d+)?Z");
    private static final String START = "REPORT RequestId:";
    private static final String JSON_TYPE = "\"platform.report\"";
    /** What a REPORT line calls the metrics of a platform.report. */
    private static final Map<String, String> NAMES = Map.of(
            "durationMs", "Duration",
            "billedDurationMs", "Billed Duration",
            "initDurationMs", "Init Duration",
            "restoreDurationMs", "Restore Duration",
            "memorySizeMB", "Memory Size",
            "maxMemoryUsedMB", "Max Memory Used");

    private static final double MILLION = 1e6;
    private static final double MS_PER_S = 1e3;
    private static final double MB_PER_GB = 1024;
    private static final double MOST = 1e9;
    private static final Map<String, Kind> METRICS = Map.of(
            "Billed Duration", sample("billedDuration", "ms"),
            "Init Duration", sample("init", "ms"),
            "Restore Duration", sample("restore", "ms"),
            "Max Memory Used", sample("memoryUsed", "MB"));

    private final @Nullable PriceList price;

    ReportLines(@Nullable PriceList price) {
        this.price = price;
    }

    @Override
    public String format() {
        return "report";
    }

    @Override
    public boolean accepts(String name, String head) {
        return head.contains(START) || head.contains(JSON_TYPE);
    }

    @Override
    public void read(Path file, BufferedReader text, Sink into) throws IOException {
        long row = 0;
        for (String line = text.readLine(); line != null; line = text.readLine()) {
            row++;
            Place place = new Place(file, row);
            if (line.contains(START)) {
                reports(place, line, into);
            } else if (line.contains(JSON_TYPE)) {
                add(place, ofJson(place, line), time(place, line), into.bundle(""));
            }
        }
    }

    /** Each has what stands before it, up to the report before that: several are in a line of JSON that holds events. */
    private void reports(Place place, String line, Sink into) {
        int from = 0;
        for (int start = line.indexOf(START); start >= 0; ) {
            int next = line.indexOf(START, start + START.length());
            String report = line.substring(start, next < 0 ? line.length() : next);
            add(place, fields(place, report), time(place, line.substring(from, start)), into.bundle(""));
            from = start + START.length();
            start = next;
        }
    }

    /** The last one told. */
    private static double time(Place place, String before) {
        Matcher time = TIME.matcher(before);
        String last = time.results().map(MatchResult::group).reduce("", (_, each) -> each);
        if (last.isEmpty()) {
            return ImportedBundle.NO_TIME;
        }
        try {
            return Instant.parse(last).toEpochMilli() / MS_PER_S;
        } catch (DateTimeParseException e) {
            throw place.wrong("'" + last + "' is no moment", e);
        }
    }

    private static Map<String, Double> ofJson(Place place, String line) {
        JsonNode metrics = place.json(line.substring(Math.max(0, line.indexOf('{'))))
                .path("record")
                .path("metrics");
        Map<String, Double> fields = new HashMap<>();
        metrics.properties().forEach(each -> {
            String name = NAMES.get(each.getKey());
            if (name != null) {
                String unit = each.getKey().endsWith("MB") ? "MB" : "ms";
                fields.put(name, place.number(each.getKey(), each.getValue().asString(""), unit, MOST));
            }
        });
        return fields;
    }

    private void add(Place place, Map<String, Double> fields, double at, ImportedBundle bundle) {
        double memoryMb = required(place, fields, "Memory Size");
        String cell = Math.round(memoryMb) + " MB";
        bundle.add(cell, sample("duration", "ms"), at, required(place, fields, "Duration"), 1);
        METRICS.forEach((field, kind) -> {
            Double value = fields.get(field);
            if (value != null) {
                bundle.add(cell, kind, at, value, 1);
            }
        });
        Double billedMs = fields.get("Billed Duration");
        if (price != null && billedMs != null) {
            double usd = price.usd(billedMs / MS_PER_S * memoryMb / MB_PER_GB) * MILLION;
            Kind cost = new Kind("cost", "USD/million", true, false);
            bundle.add(cell, cost, at, usd + PriceList.USD_PER_MILLION_REQUESTS, 1);
        }
    }

    private static Map<String, Double> fields(Place place, String report) {
        Map<String, Double> fields = new HashMap<>();
        Matcher field = FIELD.matcher(report);
        while (field.find()) {
            String name = field.group(1);
            fields.put(name, place.number(name, field.group(2), field.group(3), MOST));
        }
        return fields;
    }

    private static double required(Place place, Map<String, Double> fields, String name) {
        Double value = fields.get(name);
        if (value == null) {
            throw place.wrong("a REPORT line without " + name);
        }
        return value;
    }

    private static Kind sample(String metric, String unit) {
        return new Kind(metric, unit, true, true);
    }
}
