package dev.thaw.loadgen.trace;

import com.github.luben.zstd.ZstdInputStream;
import dev.thaw.results.CauseText;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** Opens a trace's file: plain, gzip or zstd, told apart by its first bytes. */
final class TraceInput {
    private static final int BUFFER_BYTES = 1 << 16;

    private TraceInput() {}

    static InputStream open(Path path, TraceProgress progress) {
        @Nullable InputStream file = null;
        try {
            file = new BufferedInputStream(Files.newInputStream(path), BUFFER_BYTES);
            progress.opened(path);
            return new BoundedLines(decompressed(path, file), progress);
        } catch (IOException e) {
            close(file);
            throw unreadable(path, e);
        } catch (TraceException e) {
            close(file);
            throw e;
        }
    }

    /** The folder that a file is in. */
    static Path folderOf(Path file) {
        Path absolute = file.toAbsolutePath();
        Path folder = absolute.getParent();
        return folder == null ? absolute : folder;
    }

    static TraceException unreadable(Path path, IOException cause) {
        String why = cause instanceof EOFException ? "it ends too soon" : CauseText.of(cause);
        return new TraceException(path + ": cannot be read: " + why);
    }

    private static InputStream decompressed(Path path, InputStream file) throws IOException {
        file.mark(4);
        byte[] start = file.readNBytes(4);
        file.reset();
        String name = path.toString();
        if (startsWith(start, 0x1f, 0x8b)) {
            return new GZIPInputStream(file, BUFFER_BYTES);
        }
        if (startsWith(start, 0x28, 0xb5, 0x2f, 0xfd)) {
            return new ZstdInputStream(file);
        }
        if (name.endsWith(".gz") || name.endsWith(".zst")) {
            throw new TraceException(path + ": first bytes: '" + hex(start) + "', must be those of "
                    + (name.endsWith(".gz") ? "gzip, 1f8b" : "zstd, 28b52ffd"));
        }
        if (startsWith(start, 0x80, 0x04) || startsWith(start, 0x80, 0x05)) {
            throw new TraceException(path + ": first bytes: '" + hex(start)
                    + "', a pickle, must be exported to CSV first (docs/traces.md)");
        }
        if (startsWith(start, 'P', 'K', 3, 4) || startsWith(start, 'R', 'a', 'r', '!')) {
            throw new TraceException(path + ": first bytes: '" + hex(start) + "', an archive, must be unpacked first");
        }
        return file;
    }

    private static boolean startsWith(byte[] bytes, int... expected) {
        for (int i = 0; i < expected.length; i++) {
            if (i >= bytes.length || (bytes[i] & 0xff) != expected[i]) {
                return false;
            }
        }
        return true;
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private static void close(@Nullable Closeable file) {
        try {
            if (file != null) {
                file.close();
            }
        } catch (IOException e) {
            // What is told is why it was given up.
        }
    }
}
