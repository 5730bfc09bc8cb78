package dev.thaw.cli.evidence;

import dev.thaw.results.compare.Comparison;
import dev.thaw.results.compare.ComparisonJson;
import dev.thaw.results.compare.ComparisonSettings;
import dev.thaw.results.compare.ComparisonTable;
import dev.thaw.results.compare.Gate;
import dev.thaw.results.pages.ComparisonPage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What is compared, what stops a change, and where all of it is written: options of every verb that compares. */
public final class ComparisonOptions {
    private static final int EXIT_GATE = 1;
    private static final double PERCENT = 100;

    @Option(
            names = "--fail-over",
            paramLabel = "PERCENT",
            converter = Percentage.class,
            description = "Exit with 1 where a metric is worse by more than this, with p < 0.01 after correction.")
    @Nullable
    private Double failOver;

    @Option(
            names = "--metrics",
            paramLabel = "NAME",
            split = ",",
            description =
                    "Only these, such as latency.p99,throughput, or latency for all of it: fewer are told better.")
    private Set<String> metrics = new TreeSet<>();

    @Option(names = "--rows", paramLabel = "REGEX", description = "Only functions, benchmarks, settings that match.")
    @Nullable
    private String rows;

    @Option(
            names = "--min-count",
            paramLabel = "N",
            description = "Leave out functions and settings with fewer samples on either side (default: 0).")
    private long minCount;

    @Option(names = "--json", paramLabel = "FILE", description = "Also write everything as JSON.")
    @Nullable
    private Path json;

    @Option(names = "--markdown", paramLabel = "FILE", description = "Also write a Markdown page.")
    @Nullable
    private Path markdown;

    @Option(names = "--html", paramLabel = "FILE", description = "Also write a page: plots, intervals, every row.")
    @Nullable
    private Path html;

    /** Empty for all. */
    public Set<String> metrics() {
        return metrics;
    }

    /** Where none are named. */
    public void defaultMetrics(Set<String> names) {
        if (metrics.isEmpty()) {
            metrics = new TreeSet<>(names);
        }
    }

    /** Where no files are named. */
    public void defaultFiles(Path directory) {
        json = json == null ? directory.resolve("comparison.json") : json;
        markdown = markdown == null ? directory.resolve("comparison.md") : markdown;
        html = html == null ? directory.resolve("comparison.html") : html;
    }

    /** Of so many comparisons that are judged together; null where nothing is stopped. */
    public @Nullable Gate gate(int comparisons) {
        return failOver == null ? null : new Gate(failOver, comparisons);
    }

    /** Fails with one line where the rows are no regular expression. */
    public ComparisonSettings settings(
            ComparisonSettings.UnitChoice unit, boolean pairedRuns, long seed, double level) {
        return new ComparisonSettings(
                unit,
                pairedRuns,
                metrics,
                pattern(),
                minCount,
                seed,
                ComparisonSettings.DEFAULT_DRAWS,
                ComparisonSettings.DEFAULT_EXCHANGES,
                level);
    }

    private @Nullable Pattern pattern() {
        try {
            return rows == null ? null : Pattern.compile(rows);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    "--rows: '" + rows + "' is not a regular expression: " + e.getDescription(), e);
        }
    }

    /** Whether there is no gate, or each of these has enough units for it to decide. */
    public boolean canDecide(SequencedMap<String, Comparison> comparisons) {
        Gate gate = gate(comparisons.size());
        return gate == null || comparisons.values().stream().allMatch(gate::canStop);
    }

    /**
     * Prints and writes them, and says with which code to exit. Of several, each has a name; its files are called by it.
     * Fails with one line, once all is written, where a gate cannot decide.
     */
    public int tell(SequencedMap<String, Comparison> comparisons) throws IOException {
        Gate gate = gate(comparisons.size());
        List<String> stops = new ArrayList<>();
        for (var each : comparisons.entrySet()) {
            String name = comparisons.size() == 1 ? "" : each.getKey();
            if (!name.isEmpty()) {
                System.out.println("\n" + name + ":");
            }
            stops.addAll(tell(name, each.getValue(), gate));
        }
        stops.forEach(System.out::println);
        if (stops.isEmpty() && !canDecide(comparisons)) {
            throw new IllegalArgumentException("--fail-over: these units are too few to stop anything: take more runs"
                    + " a side, longer ones, or fewer --metrics");
        }
        return stops.isEmpty() ? 0 : EXIT_GATE;
    }

    private List<String> tell(String name, Comparison comparison, @Nullable Gate gate) throws IOException {
        ComparisonTable table = new ComparisonTable(comparison);
        System.out.print(table.text());
        if (json != null) {
            Files.writeString(named(json, name), ComparisonJson.text(comparison, gate));
        }
        if (html != null) {
            Files.writeString(named(html, name), ComparisonPage.render(ComparisonJson.tree(comparison, gate)));
        }
        List<String> stops = gate == null ? List.of() : ComparisonTable.lines(gate, gate.stops(comparison));
        if (markdown != null) {
            Files.writeString(named(markdown, name), table.markdown() + gateLines(gate, comparison, stops));
        }
        return stops.stream()
                .map(line -> name.isEmpty() ? line : name + ": " + line)
                .toList();
    }

    /** {@code out.json} of b is {@code out-b.json}. */
    private static Path named(Path file, String name) {
        String text = String.valueOf(file.getFileName());
        int dot = text.lastIndexOf('.') < 0 ? text.length() : text.lastIndexOf('.');
        return name.isEmpty() ? file : file.resolveSibling(text.substring(0, dot) + "-" + name + text.substring(dot));
    }

    private static String gateLines(@Nullable Gate gate, Comparison comparison, List<String> stops) {
        if (gate == null) {
            return "";
        }
        if (!gate.canStop(comparison)) {
            return "\nGate: cannot decide, these units are too few to stop anything.\n";
        }
        String limit = String.format(Locale.ROOT, "%s %%", gate.limit() * PERCENT);
        return stops.isEmpty()
                ? "\nGate: passes, nothing is shown to be more than " + limit + " worse.\n"
                : "\nGate: " + String.join("; ", stops) + "\n";
    }
}
