package dev.thaw.runtimebridge;

import dev.thaw.scheduler.core.HotPath;
import dev.thaw.scheduler.live.Exchange;
import org.agrona.concurrent.EpochClock;
import org.agrona.concurrent.NanoClock;
import org.jspecify.annotations.Nullable;

/**
 * Collects the output of every runtime and its extensions and words the platform's lines, on one thread, {@code thaw-logs}.
 *
 * <p>Order: an invocation's START is queued before its event leaves, so whatever the log thread has read, the START
 * that belongs before it is in the queue by then; the log thread therefore reads pipes, then the queue, then places what
 * it read. END carries the position in the output stream at the moment of the response.
 *
 * <p>{@link LogQueue} brings it what it is told, {@link OutputPoller} what is written, {@link LogScribe} writes.
 *
 * <p>Cost to others: one pooled entry and one queue offer per line pair; nobody ever waits. The thread wakes when a
 * pipe has bytes, at most once a millisecond, or at once when a client waits for its log tail. The queue is bounded:
 * entries that find it full are dropped and counted in the log.
 *
 * <p>Threading: {@link #start} and {@link #report} on the scheduler's thread; the rest is safe on any thread.
 */
final class FunctionLogs implements AutoCloseable {
    private static final int REST_MS = 1;
    private static final int ACTIVE_WAIT_MS = 20;
    private static final int IDLE_WAIT_MS = 250;

    private final LogQueue queue = new LogQueue();
    private final OutputPoller poller = new OutputPoller();
    private final NanoClock clock;
    private final LogScribe scribe;
    private final Thread thread;
    private volatile boolean closing;
    /** The log thread's own. */
    private int waitMs = IDLE_WAIT_MS;

    FunctionLogs(NanoClock clock, EpochClock epochClock) {
        this.clock = clock;
        scribe = new LogScribe(clock, epochClock, poller);
        thread = Thread.ofPlatform().name("thaw-logs").daemon(true).unstarted(this::run);
        thread.start();
    }

    /** Puts the START line where the output of this invocation begins: behind {@code position}, where that is known. */
    @HotPath
    void start(EnvironmentLog log, Exchange exchange, long position, long nowNs) {
        LogEntry entry = queue.pooled(LogEntry.Kind.START, log);
        entry.requestId = exchange.requestId;
        entry.traceId = exchange.traceId;
        entry.atNs = nowNs;
        entry.tail = exchange.logTail;
        entry.position = position;
        boolean _ = queue.offerOrDrop(entry);
    }

    /** The client wants what is logged from here on: init comes first, and its invocation's START may not come before the end. */
    void startTail(EnvironmentLog log) {
        offer(rare(LogEntry.Kind.TAIL, log));
    }

    /** An entry for {@link #report}, to be filled. */
    @HotPath
    LogEntry reportEntry(EnvironmentLog log) {
        return queue.pooled(LogEntry.Kind.REPORT, log);
    }

    /** Returns false where there was no room; an exchange in it is then not answered from here. */
    @HotPath
    boolean report(LogEntry entry) {
        boolean wanted = entry.exchange != null;
        boolean taken = queue.offerOrDrop(entry);
        if (wanted && taken) {
            poller.wake();
        }
        return taken;
    }

    void attach(EnvironmentLog log, OutputPipe pipe, @Nullable OutputPipe extensionPipe, TelemetryFeed feed) {
        LogEntry entry = rare(LogEntry.Kind.ATTACH, log);
        entry.pipe = pipe;
        entry.extensionPipe = extensionPipe;
        entry.feed = feed;
        offer(entry);
    }

    /** An image has no runtime version to tell. */
    void initStart(EnvironmentLog log) {
        if (log.function().image() == null) {
            boolean restored = log.function().snapshot() != null;
            offer(rare(restored ? LogEntry.Kind.RESTORE_START : LogEntry.Kind.INIT_START, log));
        }
    }

    /** Init is over, its output ends at these positions. */
    void initDone(EnvironmentLog log, long position, long extensionPosition) {
        LogEntry entry = rare(LogEntry.Kind.INIT_DONE, log);
        entry.position = position;
        entry.extensionPosition = extensionPosition;
        offer(entry);
    }

    void initReport(EnvironmentLog log, long initNs, TelemetryEvents.Status status) {
        LogEntry entry = rare(LogEntry.Kind.INIT_REPORT, log);
        entry.initNs = initNs;
        entry.status = status;
        offer(entry);
    }

    void restoreReport(EnvironmentLog log, long restoreNs, TelemetryEvents.Status status) {
        LogEntry entry = rare(LogEntry.Kind.RESTORE_REPORT, log);
        entry.restoreNs = restoreNs;
        entry.status = status;
        offer(entry);
    }

    void note(EnvironmentLog log, String line) {
        LogEntry entry = rare(LogEntry.Kind.NOTE, log);
        entry.text = line;
        offer(entry);
    }

    /** Has the telemetry of a run told what happens now. */
    void tell(EnvironmentLog log, TelemetryFeed feed, LogEntry.Telling telling) {
        tell(log, feed, false, telling);
    }

    /** The same, behind the output so far. */
    void tellBehindOutput(EnvironmentLog log, TelemetryFeed feed, LogEntry.Telling telling) {
        tell(log, feed, true, telling);
    }

    private void tell(EnvironmentLog log, TelemetryFeed feed, boolean behindOutput, LogEntry.Telling telling) {
        LogEntry entry = rare(LogEntry.Kind.TELL, log);
        entry.feed = feed;
        entry.telling = telling;
        entry.behindOutput = behindOutput;
        entry.atNs = clock.nanoTime();
        offer(entry);
    }

    void close(EnvironmentLog log) {
        offer(rare(LogEntry.Kind.CLOSE, log));
    }

    private static LogEntry rare(LogEntry.Kind kind, EnvironmentLog log) {
        LogEntry entry = new LogEntry(false);
        entry.kind = kind;
        entry.log = log;
        return entry;
    }

    private void offer(LogEntry entry) {
        queue.offer(entry);
        poller.wake();
    }

    /** Writes everything that is queued, closes every file, ends the thread. */
    @Override
    public void close() {
        closing = true;
        poller.wake();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException again) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        poller.free();
    }

    private void run() {
        while (!closing) {
            boolean urgent = pass(waitMs);
            if (!urgent) {
                poller.rest(REST_MS);
            }
        }
        boolean _ = pass(0);
        scribe.close();
    }

    /** Returns whether a client waited. */
    private boolean pass(int timeoutMs) {
        int ready = poller.await(timeoutMs);
        long nowNs = clock.nanoTime();
        for (int i = 0; i < ready; i++) {
            scribe.onReadable(poller.ready(i));
        }
        boolean urgent = false;
        boolean any = ready > 0;
        for (LogEntry entry = queue.poll(); entry != null; entry = queue.poll()) {
            urgent |= entry.exchange != null;
            any = true;
            scribe.handle(entry);
            queue.giveBack(entry);
        }
        scribe.flush(nowNs);
        waitMs = any ? ACTIVE_WAIT_MS : IDLE_WAIT_MS;
        return urgent;
    }
}
