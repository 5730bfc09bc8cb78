package dev.thaw.cli.evidence;

import dev.thaw.results.RunBundle;
import dev.thaw.results.RunCatalogue;
import dev.thaw.results.compare.Comparison;
import dev.thaw.results.compare.ComparisonSettings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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

    @Parameters(
            paramLabel = "A",
            arity = "1..*",
            description = "Runs of A: folders, ids below --runs, names or tags. With two and no --, the second is B.")
    private List<String> a = new ArrayList<>();

    @Option(names = SEPARATOR, paramLabel = "B", arity = "1..*", description = "Runs of B.")
    private List<String> b = new ArrayList<>();

    @Mixin
    private CatalogueOption bundles = new CatalogueOption();

    @Option(
            names = "--unit",
            paramLabel = "auto|runs|stretches",
            description = "What is drawn and exchanged (default: runs where both sides have several).")
    private ComparisonSettings.UnitChoice unit = ComparisonSettings.UnitChoice.AUTO;

    @Option(names = "--paired", description = "The nth run of A and the nth of B ran beside each other.")
    private boolean paired;

    @Option(names = "--seed", paramLabel = "N", description = "Of all draws (default: ${DEFAULT-VALUE}).")
    private long seed = ComparisonSettings.DEFAULT_SEED;

    @Mixin
    private ComparisonOptions options = new ComparisonOptions();

    @Override
    public Integer call() throws IOException {
        if (b.isEmpty() && a.size() == 2) {
            b = List.of(a.getLast());
            a = List.of(a.getFirst());
        }
        if (b.isEmpty()) {
            throw new IllegalArgumentException("compare: which runs are B's? thaw compare A.. -- B..");
        }
        RunCatalogue catalogue = bundles.catalogue();
        List<RunBundle> ofA = load(catalogue, a);
        List<RunBundle> ofB = load(catalogue, b);
        if (paired && (unit == ComparisonSettings.UnitChoice.STRETCHES || Math.min(ofA.size(), ofB.size()) < 2)) {
            throw new IllegalArgumentException("--paired: pairs whole runs, two or more a side: not " + ofA.size()
                    + " of A and " + ofB.size() + " of B with --unit "
                    + unit.name().toLowerCase(Locale.ROOT));
        }
        ComparisonSettings settings = options.settings(unit, paired, seed, ComparisonSettings.DEFAULT_LEVEL);
        Comparison comparison = Comparison.of(ofA, ofB, settings);
        return options.tell(new TreeMap<>(Map.of("", comparison)));
    }

    private static List<RunBundle> load(RunCatalogue catalogue, List<String> names) throws IOException {
        List<RunBundle> bundles = new ArrayList<>();
        for (String name : names) {
            bundles.addAll(catalogue.find(name));
        }
        return bundles;
    }
}
