package dev.thaw.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.results.RunBundle;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine;

/**
 * One run of the command line in this process.
 *
 * @param exit its exit code
 */
record Cli(int exit, String out, String err) {
    /** The line of every verb that measures begins so. */
    static final String RUN = "run: ";

    /** Standard output is the process's own meanwhile: tests that do this run one after the other. */
    static Cli run(String... arguments) {
        PrintStream before = System.out;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        StringWriter err = new StringWriter();
        try (PrintStream captured = new PrintStream(out, true, StandardCharsets.UTF_8)) {
            System.setOut(captured);
            CommandLine command = Main.commandLine().setErr(new PrintWriter(err, true));
            int exit = command.execute(arguments);
            return new Cli(exit, out.toString(StandardCharsets.UTF_8), err.toString());
        } finally {
            System.setOut(before);
        }
    }

    /** The run that its last line names. */
    RunBundle bundle() throws IOException {
        return bundle(out.lines().toList().getLast());
    }

    /** The run that a line names. */
    static RunBundle bundle(String line) throws IOException {
        assertThat(line).startsWith(RUN);
        return RunBundle.load(Path.of(line.substring(RUN.length())));
    }

    List<String> errLines() {
        return err.lines().toList();
    }
}
