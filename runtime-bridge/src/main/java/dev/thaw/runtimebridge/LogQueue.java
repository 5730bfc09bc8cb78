package dev.thaw.runtimebridge;

import dev.thaw.scheduler.core.HotPath;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jctools.queues.MpscArrayQueue;
import org.jctools.queues.SpscArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * The way to the log thread, and back for pooled entries. Bounded for what comes with every invocation: an entry that
 * finds no room is dropped and counted in its log. What must not be lost finds room behind it.
 *
 * <p>Threading: {@link #pooled} and {@link #offerOrDrop} on the scheduler's thread, {@link #offer} on any, {@link #poll}
 * and {@link #giveBack} on the log thread.
 */
final class LogQueue {
    private static final int CAPACITY = 16_384;
    /** Entries of invocations leave room for those that must not be lost. */
    private static final int THRESHOLD = 12_288;

    private final MpscArrayQueue<LogEntry> queue = new MpscArrayQueue<>(CAPACITY);
    private final Queue<LogEntry> overflow = new ConcurrentLinkedQueue<>();
    private final SpscArrayQueue<LogEntry> pool = new SpscArrayQueue<>(CAPACITY);

    @HotPath
    LogEntry pooled(LogEntry.Kind kind, EnvironmentLog log) {
        LogEntry reused = pool.poll();
        LogEntry entry = reused == null ? slowNew() : reused;
        entry.kind = kind;
        entry.log = log;
        return entry;
    }

    private static LogEntry slowNew() {
        return new LogEntry(true);
    }

    /** Returns false where there was no room. */
    @HotPath
    boolean offerOrDrop(LogEntry entry) {
        EnvironmentLog log = entry.log;
        if (queue.offerIfBelowThreshold(entry, THRESHOLD)) {
            return true;
        }
        if (log != null) {
            log.countDropped();
        }
        return false;
    }

    void offer(LogEntry entry) {
        if (!overflow.isEmpty() || !queue.offer(entry)) {
            overflow.add(entry);
        }
    }

    @Nullable
    LogEntry poll() {
        LogEntry entry = queue.poll();
        return entry == null ? overflow.poll() : entry;
    }

    void giveBack(LogEntry entry) {
        if (entry.pooled) {
            entry.clear();
            boolean _ = pool.offer(entry); // a full pool leaves it to the collector
        }
    }
}
