package dev.thaw.cli;

import dev.thaw.cli.evidence.CompareCommand;
import dev.thaw.cli.evidence.ImportCommand;
import dev.thaw.cli.evidence.RunsCommand;
import dev.thaw.cli.trace.TraceCommand;
import java.time.Duration;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line {@code thaw}: picks the verb, words every failure in one line, sets the exit code. */
@Command(
        name = "thaw",
        description = "A Lambda-compatible microVM invocation scheduler that you can benchmark.",
        mixinStandardHelpOptions = true,
        versionProvider = BuildVersion.class,
        subcommands = {
            DemoCommand.class,
            ServeCommand.class,
            InvokeCommand.class,
            EventsCommand.class,
            LoadCommand.class,
            ReplayCommand.class,
            SimulateCommand.class,
            CalibrateCommand.class,
            BakeoffCommand.class,
            PlanCommand.class,
            FidelityCommand.class,
            TraceCommand.class,
            ReportCommand.class,
            CompareCommand.class,
            AbCommand.class,
            ImportCommand.class,
            RunsCommand.class,
            JmhCommand.class,
            ArchCommand.class,
            DoctorCommand.class,
            WarmUpCommand.class,
            ImagesCommand.class,
            JavaArchiveCommand.class
        })
public final class Main {
    /** Wrong use: unknown flag, unreadable input, bad value. */
    static final int EXIT_WRONG_USE = 2;
    /** Measured, but the run broke its own budget. */
    static final int EXIT_OVER_BUDGET = 3;
    /** Ended by Ctrl-C, as the shell has it: 128 and the signal's number. The JVM's own, not set here. */
    static final int EXIT_INTERRUPTED = 130;

    private Main() {}

    public static void main(String[] arguments) {
        CommandLineText.set(arguments);
        int exitCode = commandLine().execute(arguments);
        Interruption.closeAll();
        System.exit(exitCode);
    }

    static CommandLine commandLine() {
        CommandLine line = new CommandLine(new Main())
                .setCaseInsensitiveEnumValuesAllowed(true)
                // Of a payload, @FILE is the verb's to read: not a file of arguments.
                .setExpandAtFiles(false)
                .registerConverter(Duration.class, new Durations())
                .setParameterExceptionHandler((failure, arguments) -> {
                    failure.getCommandLine().getErr().println("thaw: " + failure.getMessage());
                    return EXIT_WRONG_USE;
                })
                .setExecutionExceptionHandler((failure, command, parsed) -> Failures.print(failure, command.getErr()));
        // Of compare, -- is what stands between A's runs and B's: options may follow both.
        Objects.requireNonNull(line.getSubcommands().get("compare")).setEndOfOptionsDelimiter("\u0000");
        return line;
    }
}
