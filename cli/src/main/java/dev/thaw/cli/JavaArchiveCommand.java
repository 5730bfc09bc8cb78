package dev.thaw.cli;

import dev.thaw.sandbox.code.JavaArchive;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code thaw java-archive}: makes the class archive of Java functions in processes. The launcher calls it once a build. */
@Command(name = "java-archive", hidden = true, description = "Make the class archive of Java functions.")
final class JavaArchiveCommand implements Callable<Integer> {
    @Override
    public Integer call() throws IOException, InterruptedException {
        Path clients = ManagedRuntime.clients().resolve("lib");
        return JavaArchive.make(JavaArchiveCommand::start, clients, clients.toString()) ? 0 : 1;
    }

    private static Process start(List<String> arguments, Map<String, String> variables) throws IOException {
        List<String> words = new ArrayList<>();
        words.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
        words.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(words).inheritIO();
        builder.environment().clear();
        builder.environment().putAll(variables);
        return builder.start();
    }
}
