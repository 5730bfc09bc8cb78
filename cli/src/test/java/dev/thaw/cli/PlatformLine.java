package dev.thaw.cli;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A line of a log that the platform wrote, read by nothing but what contract.md 2.8 says of it: a keyword, then names with
 * a colon before their values, parted by any white space.
 */
record PlatformLine(String kind, Map<String, String> fields) {
    private static final String ID = "\\p{XDigit}{8}(?:-\\p{XDigit}{4}){3}-\\p{XDigit}{12}";
    private static final String MS = "\\d+\\.\\d\\d ms";
    private static final Map<String, String> VALUES = Map.ofEntries(
            Map.entry("RequestId", ID),
            Map.entry("Version", "\\$LATEST|\\d+"),
            Map.entry("Duration", MS),
            Map.entry("Billed Duration", "\\d+ ms"),
            Map.entry("Memory Size", "\\d+ MB"),
            Map.entry("Max Memory Used", "\\d+ MB"),
            Map.entry("Init Duration", MS),
            Map.entry("Restore Duration", MS),
            Map.entry("Phase", "init|invoke"),
            Map.entry("Status", "timeout|error|success"),
            Map.entry("Error Type", "\\w+\\.\\w+"),
            Map.entry("Runtime Version", "\\S+"),
            Map.entry("Runtime Version ARN", "arn:aws:lambda:[a-z0-9-]+::runtime:[0-9a-f]{64}"));
    private static final Map<String, List<String>> REQUIRED = Map.of(
            "START", List.of("RequestId", "Version"),
            "END", List.of("RequestId"),
            "REPORT", List.of("RequestId", "Duration", "Billed Duration", "Memory Size", "Max Memory Used"),
            "INIT_START", List.of("Runtime Version", "Runtime Version ARN"),
            "INIT_REPORT", List.of("Init Duration", "Phase", "Status"),
            "RESTORE_REPORT", List.of("Restore Duration", "Status"));
    private static final Pattern KIND =
            Pattern.compile("(START|END|REPORT|INIT_START|INIT_REPORT|RESTORE_REPORT)\\s+(.*)");
    private static final Pattern FIELD =
            Pattern.compile("([A-Z][A-Za-z]*(?: [A-Z][A-Za-z]*)*): (\\S+(?: (?:ms|MB)\\b)?)\\s*");

    /** All of a log, in order; what functions wrote is left out. */
    static List<PlatformLine> of(String log) {
        return log.lines().map(PlatformLine::parse).flatMap(Optional::stream).toList();
    }

    private static Optional<PlatformLine> parse(String line) {
        Matcher kind = KIND.matcher(line);
        if (!kind.matches()) {
            return Optional.empty();
        }
        PlatformLine parsed = new PlatformLine(kind.group(1), new TreeMap<>());
        Matcher field = FIELD.matcher(kind.group(2));
        int end = 0;
        while (field.find() && field.start() == end) {
            end = field.end();
            String known = VALUES.get(field.group(1));
            require(known != null && field.group(2).matches(known), "bad field " + field.group(), line);
            require(parsed.fields.put(field.group(1), field.group(2)) == null, "field twice", line);
        }
        require(
                end == kind.group(2).length(),
                "cannot be read from '" + kind.group(2).substring(end) + "' on",
                line);
        require(parsed.fields.keySet().containsAll(REQUIRED.get(parsed.kind)), "lacks a field", line);
        boolean failed = "error".equals(parsed.fields.get("Status"));
        require(failed == parsed.fields.containsKey("Error Type"), "an error has a type and nothing else has", line);
        return Optional.of(parsed);
    }

    private static void require(boolean holds, String what, String line) {
        if (!holds) {
            throw new AssertionError(what + ": " + line);
        }
    }

    String get(String field) {
        return fields.getOrDefault(field, "");
    }

    /** The number of a field that has a unit. */
    double number(String field) {
        return Double.parseDouble(get(field).split(" ", -1)[0]);
    }

    /** Its keyword, and how it ended where it says so. */
    String brief() {
        return kind
                + (fields.containsKey("Status") ? " " + get("Status") : "")
                + (fields.containsKey("Error Type") ? " " + get("Error Type") : "");
    }
}
