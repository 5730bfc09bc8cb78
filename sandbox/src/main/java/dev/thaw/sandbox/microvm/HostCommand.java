package dev.thaw.sandbox.microvm;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs programs of the host that make images; a failure is one line with the last that the program said. */
final class HostCommand {
    private static final long BOUND_MIN = 30;
    private static final int SAID_MAX = 300;

    private HostCommand() {}

    /** Its standard output; standard error is kept for what goes wrong. */
    static byte[] run(String... words) throws IOException {
        return run(List.of(words), Map.of());
    }

    static byte[] run(List<String> words, Map<String, String> variables) throws IOException {
        Path complaints = Files.createTempFile("thaw-command", ".log");
        try {
            ProcessBuilder builder = new ProcessBuilder(words).redirectError(complaints.toFile());
            builder.environment().put("LC_ALL", "C.UTF-8");
            builder.environment().putAll(variables);
            builder.redirectInput(
                    ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
            return finish(start(builder, words), words, complaints);
        } finally {
            Files.deleteIfExists(complaints);
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

    private static byte[] finish(Process process, List<String> words, Path complaints) throws IOException {
        try (InputStream output = process.getInputStream()) {
            byte[] answer = output.readAllBytes();
            if (!process.waitFor(BOUND_MIN, TimeUnit.MINUTES)) {
                throw new IOException(words.getFirst() + " took longer than " + BOUND_MIN + " minutes");
            }
            if (process.exitValue() != 0) {
                throw new IOException(words.getFirst() + " failed (status " + process.exitValue() + "): "
                        + lastLine(complaints, answer));
            }
            return answer;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException(words.getFirst() + " was interrupted", interrupted);
        } finally {
            process.destroyForcibly();
        }
    }

    /** An error's line where one is marked as such: what follows it is often advice. */
    private static String lastLine(Path complaints, byte[] answer) throws IOException {
        List<String> lines = (Files.readString(complaints, StandardCharsets.ISO_8859_1) + "\n"
                        + new String(answer, StandardCharsets.ISO_8859_1))
                .lines()
                .filter(line -> !line.isBlank())
                .toList();
        String said = lines.stream()
                .filter(line ->
                        line.startsWith("E:") || line.toLowerCase(Locale.ROOT).contains("no space left"))
                .findFirst()
                .orElse(lines.isEmpty() ? "it said nothing" : lines.getLast());
        return said.length() <= SAID_MAX ? said : said.substring(0, SAID_MAX) + "...";
    }
}
