package dev.thaw.loadgen.trace;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How far the work on a trace has come.
 *
 * <p>Threading: the worker counts, any thread reads.
 */
public final class TraceProgress {
    private final AtomicLong bytesRead = new AtomicLong();
    private final AtomicLong rowsWritten = new AtomicLong();

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
