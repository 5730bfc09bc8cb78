package dev.thaw.scheduler.events;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;

/**
 * How many transactions of a store have been committed, in a small file beside the store's own, which counts them too. A
 * store that counts fewer has lost some that were acknowledged, whatever became of its file or its log: SQLite itself
 * takes a damaged log for one that ends there, and a missing one for an empty one.
 *
 * <p>It is written after each commit and never synced, so that it costs next to nothing: after a power cut it may say too
 * little, which accuses nobody. A store without it is taken as it is.
 *
 * <p>Threading: one thread at a time.
 */
public final class CommitMark implements AutoCloseable {
    private static final int BYTES = 20;

    private final FileChannel file;
    private final ByteBuffer text = ByteBuffer.allocate(BYTES);

    private CommitMark(FileChannel file) {
        this.file = file;
    }

    /** What the file says; 0 where there is none that says anything. */
    public static long read(Path file) throws IOException {
        if (!Files.exists(file)) {
            return 0;
        }
        String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).strip();
        return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : 0;
    }

    /** Says from now on how many there are, beginning with these. */
    public static CommitMark open(Path file, long commits) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            CommitMark mark = new CommitMark(channel);
            mark.write(commits);
            channel.force(true);
            return mark;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** So many have been committed. */
    public void set(long commits) {
        try {
            write(commits);
        } catch (IOException e) {
            // It says too little now, which is no harm to what was committed.
            assert e != null;
        }
    }

    private void write(long commits) throws IOException {
        text.clear();
        text.put(String.format(Locale.ROOT, "%018d\n\n", commits).getBytes(StandardCharsets.ISO_8859_1))
                .flip();
        file.write(text, 0);
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException closed) {
            // What was written is written.
            assert closed != null;
        }
    }
}
