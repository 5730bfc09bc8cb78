package dev.thaw.runtimebridge;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.agrona.concurrent.EpochClock;
import org.jspecify.annotations.Nullable;

/**
 * The telemetry of one run: what its subscribers are told, in the order in which it is logged. Until subscription
 * closes, with the end of init, it remembers what happened, so that whoever subscribes late hears of it all the same.
 * Without a subscriber it ends there, and nothing is worded any more.
 *
 * <p>Threading: the log thread, but for the constructor.
 */
final class TelemetryFeed {
    /** What is remembered for late subscribers; what comes beyond is dropped, and they are told so. */
    static final int BACKLOG_LIMIT_BYTES = 256 << 10;

    private static final String BACKLOG_FULL = "Some logs were dropped because more came in than are kept during init";

    private static final String OUTPUT_TOO_FAST = "Some logs were dropped because more was written than is read";

    private final EpochClock epochClock;
    private final List<TelemetryEvent> backlog = new ArrayList<>();
    private int backlogBytes;
    private long droppedBytes;
    private long droppedRecords;
    private final List<TelemetrySubscriber> subscribers = new ArrayList<>();
    private @Nullable EnvironmentLog jsonLog;
    private boolean open = true;
    private final TelemetryLine functionLine = new TelemetryLine(TelemetryType.FUNCTION);
    private final TelemetryLine extensionLine = new TelemetryLine(TelemetryType.EXTENSION);

    TelemetryFeed(EpochClock epochClock) {
        this.epochClock = epochClock;
    }

    /** From now on its events are the platform's lines of this log, too. */
    void logTo(EnvironmentLog log) {
        jsonLog = log;
    }

    /** Whether anybody hears of it, or may still ask to. */
    boolean isWanted() {
        return jsonLog != null || isHeard();
    }

    private boolean isHeard() {
        return open || !subscribers.isEmpty();
    }

    /** Nobody subscribes once init is over. */
    private boolean isHeardBy(TelemetryApi api) {
        if (open) {
            return true;
        }
        for (TelemetrySubscriber subscriber : subscribers) {
            if (subscriber.subscription().api() == api) {
                return true;
            }
        }
        return false;
    }

    void publish(TelemetryEvent event) {
        tell(event);
        EnvironmentLog log = jsonLog;
        if (log != null) {
            log.event(event);
        }
    }

    private void tell(TelemetryEvent event) {
        if (open) {
            remember(event);
        }
        for (TelemetrySubscriber subscriber : subscribers) {
            subscriber.offer(event);
        }
    }

    private void remember(TelemetryEvent event) {
        if (backlogBytes + event.json().length > BACKLOG_LIMIT_BYTES) {
            droppedBytes += event.json().length;
            droppedRecords++;
        } else {
            backlog.add(event);
            backlogBytes += event.json().length;
        }
    }

    /** Tells it all that there was before, too. */
    void subscribe(TelemetrySubscriber subscriber, String name, long epochMs) {
        TelemetrySubscription subscription = subscriber.subscription();
        backlog.forEach(subscriber::offer);
        if (droppedRecords > 0) {
            subscriber.offer(TelemetryEvents.logsDropped(epochMs, droppedBytes, droppedRecords, BACKLOG_FULL));
        }
        subscribers.add(subscriber);
        announce(subscription.api(), name, "Subscribed", subscription.types(), epochMs);
    }

    void announce(TelemetryApi api, String name, String state, Set<TelemetryType> types, long epochMs) {
        publish(TelemetryEvents.subscription(epochMs, api, name, state, types));
    }

    /** Init is over. */
    void closeSubscription() {
        open = false;
        backlog.clear();
        subscribers.forEach(TelemetrySubscriber::flush);
    }

    /** Output of the function or of extensions, in pieces as they come. */
    void output(byte[] bytes, int count, TelemetryType writer) {
        if (!isHeard()) {
            return;
        }
        TelemetryLine line = writer == TelemetryType.EXTENSION ? extensionLine : functionLine;
        long epochMs = epochClock.time();
        int start = 0;
        for (int i = 0; i < count; i++) {
            if (bytes[i] == '\n') {
                append(line, bytes, start, i, epochMs);
                endLine(line, epochMs);
                start = i + 1;
            }
        }
        append(line, bytes, start, count, epochMs);
    }

    private void append(TelemetryLine line, byte[] bytes, int start, int end, long epochMs) {
        int from = start;
        while (from < end) {
            from += line.append(bytes, from, end);
            if (line.isFull()) {
                endLine(line, epochMs);
            }
        }
    }

    /** What was written without an end of line is a line all the same, before the platform says something. */
    void endLine(long epochMs) {
        endLine(functionLine, epochMs);
        endLine(extensionLine, epochMs);
    }

    private void endLine(TelemetryLine line, long epochMs) {
        if (!line.isEmpty()) {
            String text = line.take();
            tell(
                    jsonLog == null
                            ? TelemetryEvents.line(epochMs, line.writer, text)
                            : TelemetryEvents.jsonLine(epochMs, line.writer, text));
        }
    }

    void outputDropped(long bytes, long records) {
        tell(TelemetryEvents.logsDropped(epochClock.time(), bytes, records, OUTPUT_TOO_FAST)); // the log sums them up
    }

    void start(long epochMs, LogEntry start, String version) {
        endLine(epochMs);
        publish(TelemetryEvents.start(epochMs, start.requestId, version, start.traceId));
    }

    /** The runtime is done at {@code doneEpochMs}, everybody at {@code epochMs}. */
    void report(long doneEpochMs, long epochMs, LogEntry report, int memoryMib) {
        endLine(doneEpochMs);
        InvocationFigures figures = InvocationFigures.of(report, memoryMib);
        if (!report.runtimeDoneTold) {
            publish(TelemetryEvents.runtimeDone(doneEpochMs, figures));
        }
        if (isHeardBy(TelemetryApi.LOGS)) {
            tell(TelemetryEvents.end(epochMs, report.requestId));
        }
        publish(TelemetryEvents.report(epochMs, figures));
        flush();
    }

    /** The runtime is done, and extensions, which may wait to hear of it, are not. */
    void runtimeDone(long doneEpochMs, InvocationFigures figures) {
        endLine(doneEpochMs);
        publish(TelemetryEvents.runtimeDone(doneEpochMs, figures));
        subscribers.forEach(TelemetrySubscriber::flushNow);
    }

    /** An invocation has ended: see {@link TelemetryBuffer#flush}. */
    private void flush() {
        subscribers.forEach(TelemetrySubscriber::flush);
    }

    /** The run is over: what is left is sent where somebody still takes it. */
    void end() {
        open = false;
        backlog.clear();
        subscribers.forEach(TelemetrySubscriber::end);
        subscribers.clear();
    }
}
