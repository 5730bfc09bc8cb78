package dev.thaw.cli;

import dev.thaw.results.JmhBundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.PatternSyntaxException;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.NoBenchmarksException;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code thaw jmh}: runs microbenchmarks with the allocation profiler and keeps the result as a bundle. */
@Command(name = "jmh", description = "Run microbenchmarks into a bundle.", mixinStandardHelpOptions = true)
final class JmhCommand implements Callable<Integer> {
    @Parameters(paramLabel = "REGEX", arity = "0..1", description = "Which benchmarks (default: all).")
    private String regex = ".*";

    @Parameters(
            index = "1..*",
            paramLabel = "JMH",
            description = "JMH's own options, after --, such as -f 1 -wi 1 -i 1.")
    private List<String> jmhArguments = new ArrayList<>();

    @Option(names = "--runs", paramLabel = "DIR", description = "Where bundles go (default: results/runs).")
    private Path runs = Installation.runs();

    @Override
    public Integer call() throws IOException, RunnerException {
        if (regex.startsWith("-")) {
            jmhArguments.addFirst(regex); // only JMH's options were given
            regex = ".*";
        }
        Path json = Files.createTempFile("thaw-jmh", ".json");
        try {
            run(options(json).build());
            String command = "thaw jmh " + regex + " " + String.join(" ", jmhArguments);
            Path bundle = JmhBundle.write("jmh", command.strip(), Files.readString(json), runs);
            System.out.println("report: " + bundle.resolve("report.html"));
            System.out.println("run: " + bundle);
            return 0;
        } finally {
            Files.deleteIfExists(json);
        }
    }

    private void run(Options options) throws RunnerException {
        try {
            Collection<RunResult> _ = new Runner(options).run();
        } catch (NoBenchmarksException e) {
            throw new WrongUse("jmh: no benchmark matches '" + regex + "'");
        } catch (PatternSyntaxException e) {
            throw new WrongUse("jmh: '" + regex + "' is not a regular expression: " + e.getDescription());
        }
    }

    private ChainedOptionsBuilder options(Path json) {
        try {
            return new OptionsBuilder()
                    .parent(new CommandLineOptions(jmhArguments.toArray(String[]::new)))
                    .include(regex)
                    .addProfiler(GCProfiler.class)
                    .resultFormat(ResultFormatType.JSON)
                    .result(json.toString())
                    .shouldFailOnError(true);
        } catch (CommandLineOptionException e) {
            throw new WrongUse("jmh: " + e.getMessage());
        }
    }
}
