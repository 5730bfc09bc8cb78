package dev.thaw.sandbox.microvm.images;

import dev.thaw.sandbox.kernel.ScratchFolders;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs programs of the host that make images; a failure is one line with the last that the program said. */
final class HostCommand {
    private static final Duration BOUND = Duration.ofMinutes(30);
    private static final int SAID_MAX = 300;

    private HostCommand() {}

    /** Its standard output; standard error is kept for what goes wrong. */
    static byte[] run(String... words) throws IOException {
        return run(List.of(words), Map.of());
    }

    static byte[] run(List<String> words, Map<String, String> variables) throws IOException {
        return run(words, variables, BOUND);
    }

    /** What it says goes to files: whoever holds its outputs open keeps nobody waiting. */
    static byte[] run(List<String> words, Map<String, String> variables, Duration bound) throws IOException {
        Path folder = Files.createTempDirectory("thaw-command");
        Path complaints = folder.resolve("complaints");
        Path answer = folder.resolve("answer");
        try {
            ProcessBuilder builder =
                    new ProcessBuilder(words).redirectError(complaints.toFile()).redirectOutput(answer.toFile());
            builder.environment().put("LC_ALL", "C.UTF-8");
            builder.environment().putAll(variables);
            builder.redirectInput(
                    ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
            finish(start(builder, words), words.getFirst(), bound, List.of(complaints, answer));
            return Files.readAllBytes(answer);
        } finally {
            ScratchFolders.deleteTree(folder);
        }
    }

    private static Process start(ProcessBuilder builder, List<String> words) throws IOException {
        try {
            return builder.start();
        } catch (IOException absent) {
            throw new IOException(
                    words.getFirst() + " cannot be run: thaw doctor says which package brings it", absent);
        }
    }

    private static void finish(Process process, String program, Duration bound, List<Path> said) throws IOException {
        try {
            if (!process.waitFor(bound.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException(program + " took longer than " + bound.toMillis() + " ms");
            }
            if (process.exitValue() != 0) {
                throw new IOException(program + " failed (status " + process.exitValue() + "): " + lastLine(said));
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException(program + " was interrupted", interrupted);
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    /** An error's line where one is marked as such: what follows it is often advice. */
    private static String lastLine(List<Path> files) throws IOException {
        List<String> lines = new ArrayList<>();
        for (Path file : files) {
            lines.addAll(Files.readAllLines(file, StandardCharsets.ISO_8859_1));
        }
        lines.removeIf(String::isBlank);
        String said = lines.stream()
                .filter(line ->
                        line.startsWith("E:") || line.toLowerCase(Locale.ROOT).contains("no space left"))
                .findFirst()
                .orElse(lines.isEmpty() ? "it said nothing" : lines.getLast());
        return said.length() <= SAID_MAX ? said : said.substring(0, SAID_MAX) + "...";
    }
}
