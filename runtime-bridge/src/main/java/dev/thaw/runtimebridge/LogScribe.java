package dev.thaw.runtimebridge;

import dev.thaw.scheduler.core.Outcome;
import dev.thaw.scheduler.live.Exchange;
import dev.thaw.scheduler.live.ExchangeSink;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.agrona.collections.Int2ObjectHashMap;
import org.agrona.concurrent.EpochClock;
import org.agrona.concurrent.NanoClock;
import org.jspecify.annotations.Nullable;

/**
 * Writes the logs: reads output, words the platform's lines, puts each in its place, tells telemetry of both.
 *
 * <p>Threading: the log thread.
 */
final class LogScribe {
    private static final long NS_PER_MS = 1_000_000;

    private final NanoClock clock;
    private final EpochClock epochClock;
    private final OutputPoller poller;
    private final Int2ObjectHashMap<EnvironmentLog> logsByFd = new Int2ObjectHashMap<>();
    private final List<EnvironmentLog> dirty = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();

    LogScribe(NanoClock clock, EpochClock epochClock, OutputPoller poller) {
        this.clock = clock;
        this.epochClock = epochClock;
        this.poller = poller;
    }

    /** The queue is read: writes everything but what waits behind a fence. */
    void flush(long nowNs) {
        for (EnvironmentLog log : dirty) {
            log.dirty = false;
            log.refillBudget(nowNs);
            log.placeUnfenced();
            log.flush();
        }
        dirty.clear();
    }

    /** Writes what the pipes still hold. */
    void close() {
        logsByFd.values().forEach(log -> {
            log.drain(poller.posix, poller.scratch, OutputPipe.UNKNOWN);
            log.close(poller.posix);
        });
    }

    /** A descriptor is ready: output is read, and not placed before the queue has been read. */
    void onReadable(int fd) {
        if (poller.tookWakeUp(fd)) {
            return;
        }
        EnvironmentLog log = logsByFd.get(fd);
        UnplacedOutput output = log == null ? null : log.output(fd);
        if (log == null || output == null) {
            return;
        }
        markDirty(log);
        log.readOnce(output, poller.posix, poller.scratch);
        log.lookForFence();
        if (output.pipe.hasEnded()) {
            poller.unwatch(fd);
        }
    }

    private void markDirty(EnvironmentLog log) {
        if (!log.dirty) {
            log.dirty = true;
            dirty.add(log);
        }
    }

    void handle(LogEntry entry) {
        EnvironmentLog log = entry.log;
        if (log == null) {
            return;
        }
        markDirty(log);
        text.setLength(0);
        switch (entry.kind) {
            case ATTACH -> onAttach(log, entry);
            case TELL -> onTell(log, entry);
            case INIT_START, RESTORE_START -> onInitStart(log);
            case INIT_REPORT, RESTORE_REPORT -> onInitReport(log, entry);
            case TAIL -> onTail(log);
            case START -> onStart(log, entry);
            case REPORT -> onReport(log, entry);
            case INIT_DONE -> onInitDone(log, entry);
            case NOTE -> log.note(entry.text);
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
    }

    private void drain(EnvironmentLog log, long position) {
        log.drain(poller.posix, poller.scratch, position);
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
            log.attach(pipe, entry.extensionPipe, entry.feed);
            watch(log, log.ofFunction());
            watch(log, log.ofExtensions());
        }
    }

    private void watch(EnvironmentLog log, @Nullable UnplacedOutput output) {
        if (output != null) {
            logsByFd.put(output.pipe.fd(), log);
            poller.watch(output.pipe.fd());
        }
    }

    private void onDetach(EnvironmentLog log) {
        if (log.ofFunction() != null) {
            drain(log, OutputPipe.UNKNOWN);
            forget(log.ofFunction());
            forget(log.ofExtensions());
            log.closePipe(poller.posix); // which also takes it out of the epoll set
        }
    }

    private void forget(@Nullable UnplacedOutput output) {
        if (output != null) {
            logsByFd.remove(output.pipe.fd());
        }
    }

    private void onInitDone(EnvironmentLog log, LogEntry entry) {
        log.drain(poller.posix, poller.scratch, entry.position, entry.extensionPosition);
        log.place(entry.position, entry.extensionPosition);
    }

    private void onInitStart(EnvironmentLog log) {
        if (!log.isJson()) {
            DeployedFunction function = log.function();
            String runtime = function.config().runtime();
            if (function.snapshot() == null) {
                LogLines.initStart(text, runtime, function.region());
            } else {
                LogLines.restoreStart(text, runtime, function.region());
            }
        }
    }

    private void onInitReport(EnvironmentLog log, LogEntry entry) {
        drain(log, OutputPipe.UNKNOWN);
        TelemetryEvents.Status status = entry.status;
        if (log.isJson() || status == null) {
            return;
        }
        if (entry.kind == LogEntry.Kind.INIT_REPORT) {
            LogLines.initReport(text, entry.initNs, status);
        } else {
            LogLines.restoreReport(text, entry.restoreNs, status);
        }
    }

    private void onTail(EnvironmentLog log) {
        drain(log, OutputPipe.UNKNOWN);
        log.startTail();
    }

    private void onStart(EnvironmentLog log, LogEntry entry) {
        if (entry.position != OutputPipe.UNKNOWN) {
            drain(log, entry.position);
        }
        if (entry.tail) {
            log.startTail();
        }
        begin(log, entry);
    }

    private void begin(EnvironmentLog log, LogEntry entry) {
        log.started = true;
        TelemetryFeed feed = log.telemetry();
        if (feed != null) {
            feed.start(epochMs(entry.atNs), entry, log.function().version());
        }
        if (!log.isJson()) {
            LogLines.start(text, entry.requestId, log.function().version());
        }
    }

    private void onReport(EnvironmentLog log, LogEntry entry) {
        drain(log, entry.position);
        if (!log.started) {
            slowBeginLate(log, entry);
        }
        log.started = false;
        TelemetryFeed feed = log.telemetry();
        if (feed != null) {
            feed.report(
                    epochMs(entry.atNs),
                    epochClock.time(),
                    entry,
                    log.function().config().memoryMib());
        }
        if (!log.isJson()) {
            reportLines(log, entry);
        }
    }

    /** It ended before its event could leave: in a suppressed init, or while its environment was thawed. */
    private void slowBeginLate(EnvironmentLog log, LogEntry entry) {
        if (entry.exchange != null && !log.isTailing()) {
            log.startTail();
        }
        begin(log, entry);
    }

    private void reportLines(EnvironmentLog log, LogEntry entry) {
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
        if (entry.restoreNs != LogLines.NO_INIT) {
            LogLines.restored(text, entry.restoreNs, entry.billedRestoreMs);
        }
        if (entry.timedOut) {
            text.append("Status: timeout");
        } else if (errorType != null) {
            text.append("Status: error\tError Type: ").append(errorType);
        }
        text.append('\n');
    }

    private void onClose(EnvironmentLog log) {
        onDetach(log);
        log.close(poller.posix);
    }
}
