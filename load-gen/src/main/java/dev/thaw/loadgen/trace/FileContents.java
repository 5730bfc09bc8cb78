package dev.thaw.loadgen.trace;

import dev.thaw.results.digest.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What the files of a trace hold, as one number in hexadecimal digits, whatever they are called. */
final class FileContents {
    private FileContents() {}

    /** Of a trace's files: that of the only one, or that of all of theirs. What can be read only once is left out. */
    static String sha256(List<Path> files) {
        List<String> each = files.stream()
                .filter(Files::isRegularFile)
                .map(FileContents::sha256OfTrace)
                .toList();
        if (each.size() == 1) {
            return each.getFirst();
        }
        byte[] all = String.join("", each).getBytes(StandardCharsets.US_ASCII);
        return each.isEmpty() ? "" : Sha256.hex(all);
    }

    private static String sha256OfTrace(Path file) {
        try {
            return Sha256.hex(file);
        } catch (IOException e) {
            throw TraceInput.unreadable(file, e);
        }
    }
}
