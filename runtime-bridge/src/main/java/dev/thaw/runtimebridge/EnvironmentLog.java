package dev.thaw.runtimebridge;

import dev.thaw.scheduler.functions.LoggingConfig;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.concurrent.EpochClock;
import org.jspecify.annotations.Nullable;

/**
 * The log of one environment: its runtime's output with the platform's lines at their places, appended to one
 * {@link LogFile}. Output beyond {@link #OUTPUT_BYTES_PER_SEC} is dropped by whole chunks and counted here, so that a
 * chatty function costs neither its neighbours nor its own invocations.
 *
 * <p>Threading: the log thread, but for {@link #countDropped}.
 */
final class EnvironmentLog {
    static final long OUTPUT_BYTES_PER_SEC = 16 << 20;
    static final long OUTPUT_BURST_BYTES = 4 << 20;

    private static final int SMALL_BYTES = 1 << 10;
    private static final int LARGE_BYTES = 256 << 10;
    /** A pipe holds less unless its owner enlarged it; bounds a drain of a runtime that never stops writing. */
    private static final int DRAIN_LIMIT_BYTES = 1 << 20;

    private final LogFile file;
    private final DeployedFunction function;
    private final LoggingConfig logging;
    private final PlatformNotes notes;
    private final AtomicLong droppedEntries = new AtomicLong();

    private @Nullable OutputPipe pipe;
    private @Nullable TelemetryFeed telemetry;
    private byte[] out = new byte[SMALL_BYTES];
    private int outBytes;
    /** Read from the pipe and not yet in {@link #out}: whose output it is shows when the queue has been read. */
    private byte[] unplaced = new byte[0];

    private int unplacedBytes;
    private boolean lineOpen;
    private long fence = OutputPipe.NO_FENCE;
    private @Nullable LogTail tail;
    private boolean tailing;

    private long budgetBytes = OUTPUT_BURST_BYTES;
    private long budgetSinceNs;
    private long droppedBytes;
    private long droppedLines;
    private boolean closed;
    /** Listed among those that have something to write. */
    boolean dirty;

    EnvironmentLog(Path file, DeployedFunction function, EpochClock epochClock) {
        this.function = function;
        logging = function.config().logging();
        notes = new PlatformNotes(logging.isJson(), epochClock);
        this.file = new LogFile(file, LogFile.LIMIT_BYTES, notes);
    }

    DeployedFunction function() {
        return function;
    }

    /** Whether its lines of the platform are events of telemetry. */
    boolean isJson() {
        return logging.isJson();
    }

    @Nullable
    OutputPipe pipe() {
        return pipe;
    }

    /** Who hears of what is logged; null where nobody does. */
    @Nullable
    TelemetryFeed telemetry() {
        TelemetryFeed feed = telemetry;
        return feed != null && feed.isWanted() ? feed : null;
    }

    /** An entry of this log found the queue full. Safe on any thread. */
    void countDropped() {
        droppedEntries.incrementAndGet();
    }

    void attach(OutputPipe next, @Nullable TelemetryFeed feed) {
        pipe = next;
        telemetry = feed;
        if (feed != null && isJson()) {
            feed.logTo(this);
        }
        fence = OutputPipe.NO_FENCE;
    }

    /** Reads what the pipe holds, up to {@code position} in its stream where that is known. */
    void drain(Posix posix, MemorySegment scratch, long position) {
        OutputPipe from = pipe;
        int drainedBytes = 0;
        while (from != null && drainedBytes < DRAIN_LIMIT_BYTES) {
            if (position != OutputPipe.UNKNOWN && from.readBytes() >= position) {
                return;
            }
            int count = readOnce(posix, scratch);
            if (count == 0) {
                return;
            }
            drainedBytes += count;
        }
    }

    int readOnce(Posix posix, MemorySegment scratch) {
        OutputPipe from = pipe;
        int count = from == null ? 0 : from.read(posix, scratch);
        if (count > 0) {
            unplaced = withRoom(unplaced, unplacedBytes, count);
            MemorySegment.copy(scratch, ValueLayout.JAVA_BYTE, 0, unplaced, unplacedBytes, count);
            unplacedBytes += count;
        }
        return count;
    }

    /** Places what was written before {@code position}; the rest belongs to what comes next. */
    void place(long position) {
        OutputPipe from = pipe;
        if (position == OutputPipe.UNKNOWN || from == null) {
            placeAll();
            return;
        }
        long after = Math.max(0, from.readBytes() - position);
        int count = (int) Math.max(0, unplacedBytes - after);
        placeOutput(count);
        System.arraycopy(unplaced, count, unplaced, 0, unplacedBytes - count);
        unplacedBytes -= count;
    }

    /** Looks where output must stop, after it was read and before the queue is: see {@link OutputPipe#fence()}. */
    void lookForFence() {
        OutputPipe from = pipe;
        fence = from == null ? OutputPipe.NO_FENCE : from.fencedAt();
    }

    /** Places what was read, but for what waits behind a fence. */
    void placeUnfenced() {
        OutputPipe from = pipe;
        if (from == null || from.readBytes() <= fence) {
            placeAll();
        } else {
            place(fence);
        }
    }

    /** The REPORT that the fence waited for is written. */
    void passFence(long position) {
        OutputPipe from = pipe;
        if (from != null) {
            from.unfence(position);
        }
        if (fence == position) {
            fence = OutputPipe.NO_FENCE;
        }
    }

    void placeAll() {
        placeOutput(unplacedBytes);
        unplacedBytes = 0;
        if (unplaced.length > LARGE_BYTES) {
            unplaced = new byte[0];
        }
    }

    private void placeOutput(int count) {
        if (count == 0) {
            return;
        }
        TelemetryFeed feed = telemetry();
        if (count > budgetBytes) {
            drop(count, feed);
            return;
        }
        budgetBytes -= count;
        if (feed != null) {
            feed.output(unplaced, count);
        }
        noteDropped();
        append(unplaced, count);
    }

    private void drop(int count, @Nullable TelemetryFeed feed) {
        long lines = 0;
        for (int i = 0; i < count; i++) {
            lines += unplaced[i] == '\n' ? 1 : 0;
        }
        droppedBytes += count;
        droppedLines += lines;
        if (feed != null) {
            feed.outputDropped(count, lines);
        }
    }

    void refillBudget(long nowNs) {
        long elapsedNs = Math.clamp(nowNs - budgetSinceNs, 0, 1_000_000_000L);
        budgetSinceNs = nowNs;
        budgetBytes = Math.min(OUTPUT_BURST_BYTES, budgetBytes + OUTPUT_BYTES_PER_SEC * elapsedNs / 1_000_000_000L);
    }

    /** Appends an event as a line, where the log's level lets it. */
    void event(TelemetryEvent event) {
        if (event.isLogged(logging.systemLevel())) {
            noteDropped();
            closeLine();
            append(event.json(), event.json().length);
            append(new byte[] {'\n'}, 1);
        }
    }

    void note(String note) {
        lines(notes.of(note));
    }

    /** Appends lines of ours, on lines of their own. */
    void lines(CharSequence text) {
        noteDropped();
        ownLines(text);
    }

    private void ownLines(CharSequence text) {
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        closeLine();
        append(bytes, bytes.length);
    }

    private void closeLine() {
        if (lineOpen) {
            append(new byte[] {'\n'}, 1);
        }
    }

    private void noteDropped() {
        long entries = droppedEntries.get() == 0 ? 0 : droppedEntries.getAndSet(0);
        if (droppedBytes > 0) {
            String note = notes.outputDropped(droppedBytes, droppedLines);
            droppedBytes = 0;
            droppedLines = 0;
            ownLines(note);
        }
        if (entries > 0) {
            ownLines(notes.of(entries + " platform lines were dropped"));
        }
    }

    private void append(byte[] bytes, int count) {
        out = withRoom(out, outBytes, count);
        System.arraycopy(bytes, 0, out, outBytes, count);
        outBytes += count;
        lineOpen = bytes[count - 1] != '\n';
        LogTail kept = tail;
        if (tailing && kept != null) {
            kept.append(bytes, 0, count);
        }
    }

    private static byte[] withRoom(byte[] bytes, int used, int count) {
        int needed = used + count;
        return needed <= bytes.length ? bytes : Arrays.copyOf(bytes, Math.max(needed, 2 * bytes.length));
    }

    /** Remembers what follows, from a new line on. */
    void startTail() {
        closeLine();
        LogTail kept = tail;
        if (kept == null) {
            kept = new LogTail();
            tail = kept;
        }
        kept.clear();
        tailing = true;
    }

    byte[] endTail() {
        LogTail kept = tail;
        tailing = false;
        return kept == null ? new byte[0] : kept.toBytes();
    }

    /** Writes to the file in one go. What comes after {@link #close} finds it closed, and leaves it so. */
    void flush() {
        if (outBytes == 0) {
            return;
        }
        file.write(out, outBytes);
        if (closed) {
            file.close();
        }
        outBytes = 0;
        if (out.length > LARGE_BYTES) {
            out = new byte[SMALL_BYTES];
        }
    }

    void close(Posix posix) {
        placeAll();
        closeLine();
        noteDropped();
        flush();
        closePipe(posix);
        file.close();
        closed = true;
    }

    void closePipe(Posix posix) {
        OutputPipe held = pipe;
        pipe = null;
        if (held != null) {
            held.close(posix);
        }
    }
}
