package dev.thaw.cli.evidence;

import dev.thaw.results.RunCatalogue;
import dev.thaw.results.imports.Imports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code thaw import}: makes bundles of measurements that others made. */
@Command(
        name = "import",
        description = "Make bundles of measurements that others made.",
        mixinStandardHelpOptions = true)
public final class ImportCommand implements Callable<Integer> {
    private static final Map<String, Long> NS = Map.of("ns", 1L, "us", 1_000L, "ms", 1_000_000L);

    @Parameters(paramLabel = "FILE", arity = "1..*", description = "Files of one format; .gz and .zst are unpacked.")
    private List<Path> files = new ArrayList<>();

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description =
                    "lambda-perf, cebert, power-tuning, report, jmh, hlog, wrk, hyperfoil (default: found out by the first file).")
    private String format = Imports.AUTO;

    @Option(names = "--name", paramLabel = "NAME", description = "Part of the bundles' folder names.")
    @Nullable
    private String name;

    @Option(
            names = "--architecture",
            paramLabel = "x86_64|arm64",
            description = "What the functions ran on, where the format does not tell: for the price.")
    @Nullable
    private String architecture;

    @Option(names = "--unit", paramLabel = "ns|us|ms", description = "Of the values of a .hlog (default: ns).")
    private String unit = "ns";

    @Option(names = "--runs", paramLabel = "DIR", description = "Where bundles go (default: results/runs).")
    private Path runs = RunCatalogue.DEFAULT_DIRECTORY;

    @Override
    public Integer call() throws IOException {
        Long nsPerUnit = NS.get(unit);
        if (nsPerUnit == null) {
            throw new IllegalArgumentException("--unit: '" + unit + "', must be ns, us or ms");
        }
        for (Path file : files) {
            if (!Files.isRegularFile(file)) {
                throw new IllegalArgumentException(file + ": no such file");
            }
        }
        String command = "thaw import "
                + String.join(" ", files.stream().map(Path::toString).toList());
        Imports imports = new Imports(format, name, architecture, nsPerUnit, command, runs);
        imports.of(files).forEach(bundle -> System.out.println("run: " + bundle));
        return 0;
    }
}
