package dev.thaw.loadgen.trace;

import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
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
    /** Data rows of each, as many as its longest reading had. */
    private final Map<Path, Long> rowsByFile = new ConcurrentHashMap<>();

    /** A file of the trace is read, once more perhaps. */
    void opened(Path file) {
        rowsRead(file, 0);
    }

    /** So many data rows of a file, broken ones too, in one reading of it. */
    void rowsRead(Path file, long rows) {
        rowsByFile.merge(file, rows, Long::max);
    }

    /** Every file that was read so far, in the order of their paths, with its data rows. */
    SortedMap<Path, Long> rowsByFile() {
        return new TreeMap<>(rowsByFile);
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
