package dev.thaw.loadgen.trace.write;

import com.github.luben.zstd.ZstdOutputStream;
import dev.thaw.loadgen.trace.TraceException;
import dev.thaw.results.CauseText;
import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/**
 * Files that come into being all together, when the last is complete: until then, and after a failure, there is nothing by
 * their names. Names that end with {@code .gz} or {@code .zst} are compressed.
 *
 * <p>Threading: one thread.
 */
final class NewFiles implements Closeable {
    private static final int BUFFER_CHARS = 1 << 16;

    private final Map<Path, Path> partsByFile = new LinkedHashMap<>();
    /** The innermost first. */
    private final Deque<Path> madeFolders = new ArrayDeque<>();

    /** Text for a file that must not be there yet; its folder is made. The caller closes it. */
    Writer text(Path file) {
        if (Files.exists(file)) {
            throw new TraceException(file + ": is there already, must be a new file");
        }
        try {
            Path folder = folderOf(file);
            make(folder);
            Path part = folder.resolve(
                    "." + file.getFileName() + "." + ProcessHandle.current().pid() + ".part");
            OutputStream plain = Files.newOutputStream(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            // Also where the process is ended meanwhile.
            part.toFile().deleteOnExit();
            partsByFile.put(file, part);
            OutputStream bytes = compressed(file, plain);
            return new BufferedWriter(new OutputStreamWriter(bytes, StandardCharsets.UTF_8), BUFFER_CHARS);
        } catch (IOException e) {
            throw unwritable(file, e);
        }
    }

    private static Path folderOf(Path file) {
        Path absolute = file.toAbsolutePath();
        Path folder = absolute.getParent();
        return folder == null ? absolute : folder;
    }

    private void make(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            make(folderOf(folder));
            Files.createDirectory(folder);
            // Also where the process is ended: the last that was named goes first, and what is not empty stays.
            folder.toFile().deleteOnExit();
            madeFolders.addFirst(folder);
        }
    }

    private static OutputStream compressed(Path file, OutputStream bytes) throws IOException {
        String name = file.toString();
        if (name.endsWith(".gz")) {
            return new GZIPOutputStream(bytes, BUFFER_CHARS);
        }
        return name.endsWith(".zst") ? new ZstdOutputStream(bytes) : bytes;
    }

    static TraceException unwritable(Path file, IOException cause) {
        return new TraceException(file + ": cannot be written: " + CauseText.of(cause));
    }

    /** All are complete and closed. */
    void commit() {
        partsByFile.forEach((file, part) -> {
            try {
                Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException e) {
                throw unwritable(file, e);
            }
        });
        partsByFile.clear();
        madeFolders.clear();
    }

    /** Without {@link #commit}, nothing is left. */
    @Override
    public void close() {
        partsByFile.values().forEach(NewFiles::delete);
        madeFolders.forEach(NewFiles::delete);
    }

    private static void delete(Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw unwritable(path, e);
        }
    }
}
