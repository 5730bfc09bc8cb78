package dev.thaw.loadgen.trace;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** What files hold, as one number in hexadecimal digits, whatever they are called. */
public final class FileContents {
    private static final int BUFFER_BYTES = 1 << 16;

    private FileContents() {}

    /** SHA-256 of the file as it lies there, in constant memory. */
    public static String sha256(Path file) throws IOException {
        MessageDigest digest = digest();
        byte[] buffer = new byte[BUFFER_BYTES];
        try (InputStream in = Files.newInputStream(file)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

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
        return each.isEmpty() ? "" : HexFormat.of().formatHex(digest().digest(all));
    }

    private static String sha256OfTrace(Path file) {
        try {
            return sha256(file);
        } catch (IOException e) {
            throw TraceInput.unreadable(file, e);
        }
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException everyJavaHasIt) {
            throw new IllegalStateException(everyJavaHasIt);
        }
    }
}
