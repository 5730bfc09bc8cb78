package dev.thaw.cli;

import dev.thaw.results.Report;
import dev.thaw.results.RunBundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code thaw report}: renders a bundle's report again, from its files alone. */
@Command(name = "report", description = "Render a run's report again.", mixinStandardHelpOptions = true)
final class ReportCommand implements Callable<Integer> {
    @Parameters(paramLabel = "RUN", description = "The run's folder, or its id below results/runs.")
    private Path run = Path.of("");

    @Option(names = "--open", description = "Open it in the browser.")
    private boolean open;

    @Override
    public Integer call() throws IOException {
        Path folder = Files.isDirectory(run) ? run : Installation.runs().resolve(run);
        if (!Files.isDirectory(folder)) {
            throw new WrongUse("no run at " + run + " or " + folder);
        }
        Path report = Report.write(RunBundle.load(folder));
        System.out.println("report: " + report);
        if (open) {
            new ProcessBuilder("xdg-open", report.toAbsolutePath().toString())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        }
        return 0;
    }
}
