package dev.thaw.results.compare;

import dev.thaw.results.RunBundle;
import dev.thaw.results.statistics.RatioEstimate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.function.Function;
import java.util.stream.Stream;

/** A comparison as lines and tables of words, for a terminal or a Markdown page. */
public final class ComparisonTable {
    private static final List<String> HEAD =
            List.of("metric", "unit", "A", "B", "B/A", "95 % interval", "p (Holm)", "verdict", "could show");
    private static final int TERMINAL_ROWS = 40;

    private final Comparison comparison;

    public ComparisonTable(Comparison comparison) {
        this.comparison = comparison;
    }

    /** For a terminal: of many rows those that differ most. */
    public String text() {
        List<String> lines = new ArrayList<>();
        head().forEach(lines::add);
        lines.add("");
        lines.addAll(aligned(HEAD, findings()));
        section(lines, "by group", comparison.groups());
        section(lines, "by row", comparison.cells());
        return String.join("\n", lines) + "\n";
    }

    private void section(List<String> lines, String title, SortedMap<String, List<Finding>> rows) {
        List<List<String>> words = rows(rows, TERMINAL_ROWS);
        if (!words.isEmpty()) {
            long all = rows.values().stream().mapToLong(List::size).sum();
            lines.add("");
            lines.add(title + (all > words.size() ? ", " + words.size() + " of " + all + " (--json has all):" : ":"));
            lines.addAll(aligned(rowHead(), words));
        }
    }

    private static List<String> rowHead() {
        return Stream.concat(Stream.of("row"), HEAD.stream()).toList();
    }

    /** A Markdown page with everything. */
    public String markdown() {
        StringBuilder page = new StringBuilder("## Comparison\n\n");
        head().forEach(line -> page.append("- ").append(escaped(line)).append('\n'));
        markdown(page, HEAD, findings());
        if (!comparison.groups().isEmpty()) {
            page.append("\n### By group\n");
            markdown(page, rowHead(), rows(comparison.groups(), Integer.MAX_VALUE));
        }
        if (!comparison.cells().isEmpty()) {
            page.append("\n### By row\n");
            markdown(page, rowHead(), rows(comparison.cells(), Integer.MAX_VALUE));
        }
        return page.toString();
    }

    private List<String> head() {
        List<String> lines = new ArrayList<>();
        lines.add("A: " + names(comparison.a()));
        lines.add("B: " + names(comparison.b()));
        for (Difference each : comparison.differences()) {
            lines.add((each.matters() ? "differs: " : "setting: ") + each.what() + ": " + each.a() + " -> " + each.b());
        }
        lines.add("units: " + comparison.design().a() + " and "
                + comparison.design().b() + " " + comparison.unitText());
        comparison.notes().forEach(note -> lines.add("note: " + note));
        return lines;
    }

    private static String names(List<RunBundle> runs) {
        return String.join(", ", runs.stream().map(RunBundle::id).toList());
    }

    private List<List<String>> findings() {
        return comparison.findings().stream().map(ComparisonTable::words).toList();
    }

    private static List<List<String>> rows(SortedMap<String, List<Finding>> rows, int most) {
        record Row(String name, Finding finding) {}
        List<Row> all = rows.entrySet().stream()
                .flatMap(each -> each.getValue().stream().map(finding -> new Row(each.getKey(), finding)))
                .toList();
        if (all.size() > most) {
            Comparator<Row> decided = Comparator.comparing(row -> row.finding.verdict() == Verdict.UNDECIDED);
            Comparator<Row> furthest = Comparator.comparingDouble(
                    row -> -Math.abs(Math.log(row.finding.estimate().ratio())));
            all = all.stream()
                    .sorted(decided.thenComparing(furthest))
                    .limit(most)
                    .toList();
        }
        return all.stream()
                .map(row -> Stream.concat(Stream.of(row.name), words(row.finding).stream())
                        .toList())
                .toList();
    }

    private static List<String> words(Finding finding) {
        RatioEstimate estimate = finding.estimate();
        return List.of(
                finding.metric().name(),
                finding.metric().unit(),
                Words.number(estimate.a()),
                Words.number(estimate.b()),
                Words.ratio(estimate.ratio()),
                Words.interval(estimate.low(), estimate.high()),
                Words.p(finding.pHolm()),
                finding.verdict().key(),
                Words.detectable(finding));
    }

    private static List<String> aligned(List<String> head, List<List<String>> rows) {
        List<List<String>> all = Stream.concat(Stream.of(head), rows.stream()).toList();
        int[] widths = new int[head.size()];
        all.forEach(row -> {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        });
        int words = head.indexOf("unit") + 1; // these stand left, figures right
        Function<List<String>, String> line = row -> {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                String pad = " ".repeat(widths[i] - row.get(i).length());
                text.append(i < words ? row.get(i) + pad : pad + row.get(i)).append("  ");
            }
            return text.toString().stripTrailing();
        };
        return all.stream().map(line).toList();
    }

    private static void markdown(StringBuilder page, List<String> head, List<List<String>> rows) {
        page.append("\n| ").append(String.join(" | ", head)).append(" |\n|");
        page.append(" --- |".repeat(head.size())).append('\n');
        for (List<String> row : rows) {
            page.append("| ")
                    .append(String.join(
                            " | ", row.stream().map(ComparisonTable::escaped).toList()))
                    .append(" |\n");
        }
    }

    private static String escaped(String text) {
        return text.replace("|", "\\|").replace("<", "&lt;");
    }

    /** What stopped the change, a line each. */
    public static List<String> lines(Gate gate, List<Gate.Stop> stops) {
        return stops.stream()
                .map(stop -> "over the gate: " + (stop.row().isEmpty() ? "" : stop.row() + ": ")
                        + stop.finding().metric().name() + " is "
                        + Words.percent(stop.finding().worseBy()) + " worse (limit "
                        + Words.percent(gate.limit()) + ", p "
                        + Words.p(stop.finding().pHolm()) + ")")
                .toList();
    }
}
