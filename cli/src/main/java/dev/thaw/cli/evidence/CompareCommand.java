package dev.thaw.cli.evidence;

import dev.thaw.results.RunBundle;
import dev.thaw.results.RunCatalogue;
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
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code thaw compare A.. -- B..}: whether B differs from A, by how much, how sure; with a gate for CI. */
@Command(
        name = "compare",
        description = "Compare runs: is B different from A, by how much, how sure.",
        customSynopsis = "thaw compare [OPTIONS] A.. -- B.. [OPTIONS]",
        mixinStandardHelpOptions = true)
public final class CompareCommand implements Callable<Integer> {
    /** Between A's runs and B's. */
    public static final String SEPARATOR = "--";

    private static final int EXIT_GATE = 1;

    @Parameters(
            paramLabel = "A",
            arity = "1..*",
            description = "Runs of A: folders, ids below --runs, names or tags. With two and no --, the second is B.")
    private List<String> a = new ArrayList<>();

    @Option(names = SEPARATOR, paramLabel = "B", arity = "1..*", description = "Runs of B.")
    private List<String> b = new ArrayList<>();

    @Option(names = "--runs", paramLabel = "DIR", description = "Where bundles are (default: results/runs).")
    private Path runs = RunCatalogue.DEFAULT_DIRECTORY;

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

    @Option(
            names = "--unit",
            paramLabel = "auto|runs|stretches",
            description = "What is drawn and exchanged (default: runs where both sides have several).")
    private ComparisonSettings.UnitChoice unit = ComparisonSettings.UnitChoice.AUTO;

    @Option(names = "--paired", description = "The nth run of A and the nth of B ran beside each other.")
    private boolean paired;

    @Option(names = "--seed", paramLabel = "N", description = "Of all draws (default: ${DEFAULT-VALUE}).")
    private long seed = ComparisonSettings.DEFAULT_SEED;

    @Option(names = "--json", paramLabel = "FILE", description = "Also write everything as JSON.")
    @Nullable
    private Path json;

    @Option(names = "--markdown", paramLabel = "FILE", description = "Also write a Markdown page.")
    @Nullable
    private Path markdown;

    @Option(names = "--html", paramLabel = "FILE", description = "Also write a page: plots, intervals, every row.")
    @Nullable
    private Path html;

    @Override
    public Integer call() throws IOException {
        if (b.isEmpty() && a.size() == 2) {
            b = List.of(a.getLast());
            a = List.of(a.getFirst());
        }
        if (b.isEmpty()) {
            throw new IllegalArgumentException("compare: which runs are B's? thaw compare A.. -- B..");
        }
        RunCatalogue catalogue = new RunCatalogue(runs);
        Comparison comparison = Comparison.of(load(catalogue, a), load(catalogue, b), settings());
        Gate gate = failOver == null ? null : new Gate(failOver);
        ComparisonTable table = new ComparisonTable(comparison);
        System.out.print(table.text());
        if (json != null) {
            Files.writeString(json, ComparisonJson.text(comparison, gate));
        }
        if (html != null) {
            Files.writeString(html, ComparisonPage.render(ComparisonJson.tree(comparison, gate)));
        }
        if (gate != null && !gate.canStop(comparison)) {
            throw new IllegalArgumentException("--fail-over: these units are too few to stop anything: take more runs"
                    + " a side, longer ones, or fewer --metrics");
        }
        List<String> stops = gate == null ? List.of() : ComparisonTable.lines(gate, gate.stops(comparison));
        if (markdown != null) {
            Files.writeString(markdown, table.markdown() + gateLines(stops));
        }
        stops.forEach(System.out::println);
        return stops.isEmpty() ? 0 : EXIT_GATE;
    }

    private String gateLines(List<String> stops) {
        if (failOver == null) {
            return "";
        }
        String limit = String.format(Locale.ROOT, "%s %%", failOver * 100);
        return stops.isEmpty()
                ? "\nGate: passes, nothing is shown to be more than " + limit + " worse.\n"
                : "\nGate: " + String.join("; ", stops) + "\n";
    }

    private static List<RunBundle> load(RunCatalogue catalogue, List<String> names) throws IOException {
        List<RunBundle> bundles = new ArrayList<>();
        for (String name : names) {
            bundles.addAll(catalogue.find(name));
        }
        return bundles;
    }

    private ComparisonSettings settings() {
        return new ComparisonSettings(
                unit,
                paired,
                metrics,
                pattern(),
                minCount,
                seed,
                ComparisonSettings.DEFAULT_DRAWS,
                ComparisonSettings.DEFAULT_EXCHANGES);
    }

    private @Nullable Pattern pattern() {
        try {
            return rows == null ? null : Pattern.compile(rows);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    "--rows: '" + rows + "' is not a regular expression: " + e.getDescription(), e);
        }
    }
}
