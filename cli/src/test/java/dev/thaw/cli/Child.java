package dev.thaw.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command line as a process of its own. Its errors go where the test's go, after what it printed is read. */
final class Child implements AutoCloseable {
    private static final String LISTENING = "listening on ";

    private final Process process;
    private final BufferedReader out;
    private final List<String> lines = new ArrayList<>();

    private Child(Process process) {
        this.process = process;
        out = process.inputReader();
    }

    static Child launch(String... arguments) throws IOException {
        return launch(Main.class, arguments);
    }

    /** Another main class, as its own process. */
    static Child launch(Class<?> main, String... arguments) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                // A build in the background of a shell ignores SIGINT, and so would its children.
                "env",
                "--default-signal=INT",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Dthaw.root=" + System.getProperty("thaw.root"),
                "-cp",
                System.getProperty("java.class.path"),
                main.getName());
        builder.command().addAll(List.of(arguments));
        return new Child(builder.redirectError(ProcessBuilder.Redirect.INHERIT).start());
    }

    long pid() {
        return process.pid();
    }

    /** The next line of its standard output that begins so. Fails where there is none. */
    String awaitLine(String prefix) throws IOException {
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            lines.add(line);
            if (line.startsWith(prefix)) {
                return line;
            }
        }
        throw new AssertionError("ended without a line '" + prefix + "': " + lines);
    }

    /** Where a server listens, once it does. */
    String awaitUrl() throws IOException {
        return awaitLine(LISTENING).substring(LISTENING.length());
    }

    void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(pid()))
                .inheritIO()
                .start()
                .waitFor();
    }

    /** Waits for its end; its exit code. */
    int end() throws IOException, InterruptedException {
        out.lines().forEach(lines::add);
        return process.waitFor();
    }

    /** What it has printed on standard output, as far as it was read. */
    List<String> lines() {
        return lines;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
