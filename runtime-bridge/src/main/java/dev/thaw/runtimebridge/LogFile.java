package dev.thaw.runtimebridge;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A log on disk that never takes more than its limit: once a file holds half of it, it becomes {@code <file>.1}, in the
 * place of the one that was that before, and a new file says so in its first line. A disk that takes no more loses bytes,
 * counts them, and is told once there is room again; nobody else notices.
 *
 * <p>Threading: one thread.
 */
final class LogFile {
    /** What the log of one environment may take on disk. */
    static final long LIMIT_BYTES = 64 << 20;

    private static final Pattern OF_FUNCTION = Pattern.compile("/aws/lambda/([a-zA-Z0-9-_]{1,64})");
    private static final int FOLDER_LIMIT = 200;

    private final Path file;
    private final Path older;
    private final long limitBytes;
    private final PlatformNotes notes;
    private @Nullable FileChannel channel;
    private long fileBytes;
    private boolean lineOpen;
    private long lostBytes;

    LogFile(Path file, long limitBytes, PlatformNotes notes) {
        this.file = file;
        this.limitBytes = limitBytes;
        this.notes = notes;
        older = file.resolveSibling(file.getFileName() + ".1");
    }

    /**
     * The folder of a log group: of {@code /aws/lambda/<name>} that name, of any other one that no such group has. What a
     * group is called leads nowhere else.
     */
    static String folderOf(String group) {
        Matcher own = OF_FUNCTION.matcher(group);
        if (own.matches()) {
            return own.group(1);
        }
        String folder = "group=" + group.replace('/', '=');
        return folder.length() <= FOLDER_LIMIT
                ? folder
                : folder.substring(0, FOLDER_LIMIT) + "="
                        + UUID.nameUUIDFromBytes(group.getBytes(StandardCharsets.UTF_8));
    }

    /** Appends the first {@code count} bytes: within one file where they fit into one. */
    void write(byte[] bytes, int count) {
        ByteBuffer rest = ByteBuffer.wrap(bytes, 0, count);
        try {
            tellLost();
            if (count > room() && count <= limitBytes / 2) {
                rotate();
            }
            append(rest);
        } catch (IOException failure) {
            lostBytes += rest.remaining();
            close(); // opened anew for the next bytes
        }
    }

    private void tellLost() throws IOException {
        if (lostBytes > 0) {
            append(line((lineOpen ? "\n" : "") + notes.of(lostBytes + " bytes of this log could not be written")));
            lostBytes = 0;
        }
    }

    private long room() throws IOException {
        open();
        return limitBytes / 2 - fileBytes;
    }

    private void append(ByteBuffer rest) throws IOException {
        while (rest.hasRemaining()) {
            if (room() <= 0) {
                rotate();
            }
            int end = rest.limit();
            rest.limit(rest.position() + (int) Math.min(rest.remaining(), room()));
            try {
                put(rest);
            } finally {
                rest.limit(end);
            }
        }
    }

    private void put(ByteBuffer piece) throws IOException {
        FileChannel to = open();
        while (piece.hasRemaining()) {
            fileBytes += to.write(piece);
            lineOpen = piece.get(piece.position() - 1) != '\n';
        }
    }

    private void rotate() throws IOException {
        close();
        Files.move(file, older, StandardCopyOption.REPLACE_EXISTING);
        put(line(notes.of("earlier lines are in " + older.getFileName() + "; of this log at most " + limitBytes
                + " bytes are kept, the latest")));
    }

    private FileChannel open() throws IOException {
        FileChannel open = channel;
        if (open == null) {
            Path directory = file.getParent();
            if (directory != null) {
                Files.createDirectories(directory);
            }
            open = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            channel = open;
            fileBytes = open.size();
        }
        return open;
    }

    private static ByteBuffer line(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    void close() {
        FileChannel open = channel;
        channel = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException failure) {
                lostBytes++; // how many is not known
            }
        }
    }
}
