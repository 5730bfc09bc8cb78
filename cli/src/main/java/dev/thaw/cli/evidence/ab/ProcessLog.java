package dev.thaw.cli.evidence.ab;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What a process has printed so far, in a file. */
record ProcessLog(Path file) {
    private static final String OWN = "thaw: ";

    /** The rest of the last line that begins so; lines that are not complete do not count. */
    Optional<String> after(String prefix) throws IOException {
        return lines().stream()
                .filter(line -> line.startsWith(prefix))
                .reduce((_, last) -> last)
                .map(line -> line.substring(prefix.length()));
    }

    /** Why it failed, as far as it said so. */
    String complaint() throws IOException {
        Optional<String> own = after(OWN);
        return own.isPresent()
                ? own.get()
                : lines().stream()
                        .filter(line -> !line.isBlank())
                        .reduce((_, last) -> last)
                        .orElse("it said nothing");
    }

    private List<String> lines() throws IOException {
        String text = new String(Files.readAllBytes(file), Charset.defaultCharset());
        return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
    }
}
