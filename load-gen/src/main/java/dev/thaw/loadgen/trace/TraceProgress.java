package dev.thaw.loadgen.trace;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How far the work on a trace has come.
 *
 * <p>Threading: the worker counts, any thread reads.
 */
public final class TraceProgress {
    private final AtomicLong bytesRead = new AtomicLong();
    private final AtomicLong rowsWritten = new AtomicLong();
    private final Set<Path> files = ConcurrentHashMap.newKeySet();

    /** A file of the trace is read, once more perhaps. */
    void opened(Path file) {
        files.add(file);
    }

    /** Every file that was read so far, in the order of their paths. */
    List<Path> files() {
        return files.stream().sorted().toList();
    }

    void read(int bytes) {
        bytesRead.addAndGet(bytes);
    }

    /** So many more. */
    public void wrote(long rows) {
        rowsWritten.addAndGet(rows);
    }

    /** Of all files together, decompressed. */
    public long bytesRead() {
        return bytesRead.get();
    }

    public long rowsWritten() {
        return rowsWritten.get();
    }
}
