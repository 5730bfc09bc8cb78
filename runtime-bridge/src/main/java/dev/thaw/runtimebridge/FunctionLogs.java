package dev.thaw.runtimebridge;

import dev.thaw.scheduler.core.HotPath;
import dev.thaw.scheduler.core.Outcome;
import dev.thaw.scheduler.live.Exchange;
import dev.thaw.scheduler.live.ExchangeSink;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.agrona.collections.Int2ObjectHashMap;
import org.agrona.concurrent.EpochClock;
import org.agrona.concurrent.NanoClock;
import org.jctools.queues.MpscArrayQueue;
import org.jctools.queues.SpscArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * Collects the output of every runtime and words the platform's lines, on one thread, {@code thaw-logs}.
 *
 * <p>Order: an invocation's START is queued before its event leaves, so whatever the log thread has read, the START
 * that belongs before it is in the queue by then; the log thread therefore reads pipes, then the queue, then places what
 * it read. END carries the position in the output stream at the moment of the response.
 *
 * <p>Cost to others: one pooled entry and one queue offer per line pair; nobody ever waits. The thread wakes when a
 * pipe has bytes, at most once a millisecond, or at once when a client waits for its log tail. The queue is bounded:
 * entries that find it full are dropped and counted in the log.
 *
 * <p>Threading: {@link #start} and {@link #report} on the scheduler's thread; the rest is safe on any thread.
 */
final class FunctionLogs implements AutoCloseable {
    private static final int QUEUE_CAPACITY = 16_384;
    /** Entries of invocations leave room for those that must not be lost. */
    private static final int QUEUE_THRESHOLD = 12_288;

    private static final long NS_PER_MS = 1_000_000;
    private static final int READ_BYTES = 64 << 10;
    private static final int EVENTS = 256;
    private static final int REST_MS = 1;
    private static final int ACTIVE_WAIT_MS = 20;
    private static final int IDLE_WAIT_MS = 250;

    private final MpscArrayQueue<LogEntry> queue = new MpscArrayQueue<>(QUEUE_CAPACITY);
    private final Queue<LogEntry> overflow = new ConcurrentLinkedQueue<>();
    private final SpscArrayQueue<LogEntry> pool = new SpscArrayQueue<>(QUEUE_CAPACITY);
    private final NanoClock clock;
    private final EpochClock epochClock;
    private final Thread thread;
    private final Arena arena = Arena.ofShared();
    private final Posix posix = new Posix(arena);
    private final Posix wakePosix = new Posix(arena);
    private final MemorySegment one = arena.allocateFrom(ValueLayout.JAVA_LONG, 1L);
    private final int wakeFd;
    private volatile boolean closing;

    // The log thread's own.
    private final MemorySegment scratch = arena.allocate(READ_BYTES, 8);
    private final MemorySegment events = arena.allocate(EVENTS * Posix.EVENT_BYTES, 8);
    private final MemorySegment event = arena.allocate(Posix.EVENT_BYTES, 8);
    private final int epollFd;
    private final int restFd;
    private final Int2ObjectHashMap<EnvironmentLog> logsByFd = new Int2ObjectHashMap<>();
    private final List<EnvironmentLog> dirty = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();
    private int waitMs = IDLE_WAIT_MS;

    FunctionLogs(NanoClock clock, EpochClock epochClock) {
        this.clock = clock;
        this.epochClock = epochClock;
        wakeFd = require("eventfd", posix.eventFd());
        epollFd = require("epoll_create1", posix.epollCreate());
        restFd = require("epoll_create1", posix.epollCreate());
        require("epoll_ctl", posix.epollControl(epollFd, Posix.EPOLL_CTL_ADD, wakeFd, event));
        require("epoll_ctl", posix.epollControl(restFd, Posix.EPOLL_CTL_ADD, wakeFd, event));
        thread = Thread.ofPlatform().name("thaw-logs").daemon(true).unstarted(this::run);
        thread.start();
    }

    /** Puts the START line where the output of this invocation begins: behind {@code position}, where that is known. */
    @HotPath
    void start(EnvironmentLog log, Exchange exchange, long position, long nowNs) {
        LogEntry entry = pooled(LogEntry.Kind.START, log);
        entry.requestId = exchange.requestId;
        entry.traceId = exchange.traceId;
        entry.atNs = nowNs;
        entry.tail = exchange.logTail;
        entry.position = position;
        offerOrDrop(entry);
    }

    /** An entry for {@link #report}, to be filled. */
    @HotPath
    LogEntry reportEntry(EnvironmentLog log) {
        return pooled(LogEntry.Kind.REPORT, log);
    }

    /** Returns false where there was no room; an exchange in it is then not answered from here. */
    @HotPath
    boolean report(LogEntry entry) {
        boolean wanted = entry.exchange != null;
        boolean taken = offerOrDrop(entry);
        if (wanted && taken) {
            wake();
        }
        return taken;
    }

    void attach(EnvironmentLog log, OutputPipe pipe, TelemetryFeed feed) {
        LogEntry entry = rare(LogEntry.Kind.ATTACH, log);
        entry.pipe = pipe;
        entry.feed = feed;
        offer(entry);
    }

    /** An image has no runtime version to tell. */
    void initStart(EnvironmentLog log) {
        if (log.function().image() == null) {
            offer(rare(LogEntry.Kind.INIT_START, log));
        }
    }

    void initReport(EnvironmentLog log, long initNs, @Nullable String errorType) {
        LogEntry entry = rare(LogEntry.Kind.INIT_REPORT, log);
        entry.initNs = initNs;
        entry.errorType = errorType;
        offer(entry);
    }

    void note(EnvironmentLog log, String line) {
        LogEntry entry = rare(LogEntry.Kind.NOTE, log);
        entry.text = "thaw: " + line + "\n";
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

    @HotPath
    private LogEntry pooled(LogEntry.Kind kind, EnvironmentLog log) {
        LogEntry reused = pool.poll();
        LogEntry entry = reused == null ? slowNew() : reused;
        entry.kind = kind;
        entry.log = log;
        return entry;
    }

    private static LogEntry slowNew() {
        return new LogEntry(true);
    }

    private static LogEntry rare(LogEntry.Kind kind, EnvironmentLog log) {
        LogEntry entry = new LogEntry(false);
        entry.kind = kind;
        entry.log = log;
        return entry;
    }

    @HotPath
    private boolean offerOrDrop(LogEntry entry) {
        EnvironmentLog log = entry.log;
        if (queue.offerIfBelowThreshold(entry, QUEUE_THRESHOLD)) {
            return true;
        }
        if (log != null) {
            log.countDropped();
        }
        return false;
    }

    private void offer(LogEntry entry) {
        if (!overflow.isEmpty() || !queue.offer(entry)) {
            overflow.add(entry);
        }
        wake();
    }

    private void wake() {
        long _ = wakePosix.write(wakeFd, one);
    }

    /** Writes everything that is queued, closes every file, ends the thread. */
    @Override
    public void close() {
        closing = true;
        wake();
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
        arena.close();
    }

    private void run() {
        while (!closing) {
            boolean urgent = pass(waitMs);
            if (!urgent) {
                int _ = posix.epollWait(restFd, event, REST_MS);
            }
        }
        boolean _ = pass(0);
        logsByFd.values().forEach(log -> {
            log.drain(posix, scratch, OutputPipe.UNKNOWN);
            log.close(posix);
        });
        int _ = posix.close(wakeFd);
        int _ = posix.close(restFd);
        int _ = posix.close(epollFd);
    }

    /** Returns whether a client waited. */
    private boolean pass(int timeoutMs) {
        int ready = posix.epollWait(epollFd, events, timeoutMs);
        long nowNs = clock.nanoTime();
        for (int i = 0; i < ready; i++) {
            onReadable(
                    (int) events.get(ValueLayout.JAVA_LONG_UNALIGNED, i * Posix.EVENT_BYTES + Posix.EVENT_DATA_OFFSET));
        }
        boolean urgent = false;
        boolean any = ready > 0;
        for (LogEntry entry = poll(); entry != null; entry = poll()) {
            urgent |= entry.exchange != null;
            any = true;
            handle(entry);
        }
        for (EnvironmentLog log : dirty) {
            log.dirty = false;
            log.refillBudget(nowNs);
            log.placeUnfenced();
            log.flush();
        }
        dirty.clear();
        waitMs = any ? ACTIVE_WAIT_MS : IDLE_WAIT_MS;
        return urgent;
    }

    private @Nullable LogEntry poll() {
        LogEntry entry = queue.poll();
        return entry == null ? overflow.poll() : entry;
    }

    private void onReadable(int fd) {
        if (fd == wakeFd) {
            long _ = posix.read(wakeFd, scratch);
            return;
        }
        EnvironmentLog log = logsByFd.get(fd);
        OutputPipe pipe = log == null ? null : log.pipe();
        if (log == null || pipe == null) {
            return;
        }
        markDirty(log);
        log.readOnce(posix, scratch);
        log.lookForFence();
        if (pipe.hasEnded()) {
            int _ = posix.epollControl(epollFd, Posix.EPOLL_CTL_DEL, fd, event);
        }
    }

    private void markDirty(EnvironmentLog log) {
        if (!log.dirty) {
            log.dirty = true;
            dirty.add(log);
        }
    }

    private void handle(LogEntry entry) {
        EnvironmentLog log = entry.log;
        if (log == null) {
            return;
        }
        markDirty(log);
        text.setLength(0);
        switch (entry.kind) {
            case ATTACH -> onAttach(log, entry);
            case TELL -> onTell(log, entry);
            case INIT_START ->
                LogLines.initStart(
                        text, log.function().config().runtime(), log.function().region());
            case INIT_REPORT -> {
                drain(log, OutputPipe.UNKNOWN);
                LogLines.initReport(text, entry.initNs, entry.errorType);
            }
            case START -> onStart(log, entry);
            case REPORT -> onReport(log, entry);
            case NOTE -> text.append(entry.text);
            case CLOSE -> onClose(log);
        }
        if (!text.isEmpty()) {
            log.lines(text);
        }
        if (entry.kind == LogEntry.Kind.REPORT) {
            log.passFence(entry.position);
        }
        finish(log, entry);
    }

    private void finish(EnvironmentLog log, LogEntry entry) {
        Exchange exchange = entry.exchange;
        Outcome outcome = entry.outcome;
        if (exchange != null && outcome != null) {
            exchange.logResult = log.endTail();
            ExchangeSink sink = exchange.sink;
            if (sink != null) {
                sink.answer(exchange, outcome);
            }
        }
        if (entry.pooled) {
            entry.clear();
            boolean _ = pool.offer(entry); // a full pool leaves it to the collector
        }
    }

    private void drain(EnvironmentLog log, long position) {
        log.drain(posix, scratch, position);
        log.place(position);
    }

    private void onTell(EnvironmentLog log, LogEntry entry) {
        if (entry.behindOutput) {
            drain(log, OutputPipe.UNKNOWN);
        }
        TelemetryFeed feed = entry.feed;
        LogEntry.Telling telling = entry.telling;
        if (feed != null && telling != null) {
            telling.to(feed, epochMs(entry.atNs));
        }
    }

    private long epochMs(long atNs) {
        return epochClock.time() - (clock.nanoTime() - atNs) / NS_PER_MS;
    }

    private void onAttach(EnvironmentLog log, LogEntry entry) {
        onDetach(log);
        OutputPipe pipe = entry.pipe;
        if (pipe != null) {
            log.attach(pipe, entry.feed);
            logsByFd.put(pipe.fd(), log);
            require("epoll_ctl", posix.epollControl(epollFd, Posix.EPOLL_CTL_ADD, pipe.fd(), event));
        }
    }

    private void onDetach(EnvironmentLog log) {
        OutputPipe before = log.pipe();
        if (before != null) {
            drain(log, OutputPipe.UNKNOWN);
            logsByFd.remove(before.fd());
            log.closePipe(posix); // which also takes it out of the epoll set
        }
    }

    private void onStart(EnvironmentLog log, LogEntry entry) {
        if (entry.position != OutputPipe.UNKNOWN) {
            drain(log, entry.position);
        }
        LogLines.start(text, entry.requestId);
        TelemetryFeed feed = log.telemetry();
        if (feed != null) {
            feed.start(epochMs(entry.atNs), entry);
        }
        if (entry.tail) {
            log.startTail();
        }
    }

    private void onReport(EnvironmentLog log, LogEntry entry) {
        drain(log, entry.position);
        TelemetryFeed feed = log.telemetry();
        if (feed != null) {
            feed.report(
                    epochMs(entry.atNs),
                    epochClock.time(),
                    entry,
                    log.function().config().memoryMib());
        }
        String errorType = entry.errorType;
        if (entry.timedOut) {
            text.append(Instant.ofEpochMilli(epochClock.time())).append(' ').append(entry.requestId);
            text.append(' ').append(entry.text).append("\n\n");
        } else if (errorType != null && !entry.text.isEmpty()) {
            text.append(entry.text).append('\n').append(errorType).append('\n');
        }
        LogLines.end(text, entry.requestId);
        int memoryMib = log.function().config().memoryMib();
        LogLines.report(
                text, entry.requestId, entry.durationNs, entry.billedMs, memoryMib, entry.peakBytes, entry.initNs);
        if (entry.timedOut) {
            text.append("Status: timeout");
        } else if (errorType != null) {
            text.append("Status: error\tError Type: ").append(errorType);
        }
        text.append('\n');
    }

    private void onClose(EnvironmentLog log) {
        onDetach(log);
        log.close(posix);
    }

    private static int require(String call, int result) {
        if (result < 0) {
            throw new IllegalStateException(call + " failed with errno " + -result);
        }
        return result;
    }
}
