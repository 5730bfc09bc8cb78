package dev.thaw.runtimebridge;

import dev.thaw.scheduler.functions.LoggingConfig;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.concurrent.EpochClock;
import org.jspecify.annotations.Nullable;

/**
 * The log of one environment: the output of its runtime and of its extensions with the platform's lines at their places,
 * appended to one {@link LogFile}. Output beyond {@link #OUTPUT_BYTES_PER_SEC} is dropped by whole chunks and counted here, so that a
 * chatty function costs neither its neighbours nor its own invocations.
 *
 * <p>Threading: the log thread, but for {@link #countDropped}.
 */
final class EnvironmentLog {
    static final long OUTPUT_BYTES_PER_SEC = 16 << 20;
    static final long OUTPUT_BURST_BYTES = 4 << 20;

    private static final int SMALL_BYTES = 1 << 10;
    private static final int LARGE_BYTES = 256 << 10;

    private final LogFile file;
    private final DeployedFunction deployed;
    private final LoggingConfig logging;
    private final PlatformNotes notes;
    private final AtomicLong droppedEntries = new AtomicLong();

    private @Nullable UnplacedOutput function;
    /** Where there are external extensions. */
    private @Nullable UnplacedOutput extensions;

    private long reads;
    private @Nullable TelemetryFeed telemetry;
    private byte[] out = new byte[SMALL_BYTES];
    private int outBytes;
    private boolean lineOpen;
    /** Who has begun the line that is open. */
    private @Nullable TelemetryType lineOf;

    private long fence = OutputPipe.NO_FENCE;
    private @Nullable LogTail tail;
    private boolean tailing;

    private long budgetBytes = OUTPUT_BURST_BYTES;
    private long budgetSinceNs;
    private long droppedBytes;
    private long droppedLines;
    private boolean closed;
    /** START of the invocation whose REPORT is to come is written. */
    boolean started;
    /** Listed among those that have something to write. */
    boolean dirty;

    EnvironmentLog(Path file, DeployedFunction function, EpochClock epochClock) {
        deployed = function;
        logging = function.config().logging();
        notes = new PlatformNotes(logging.isJson(), epochClock);
        this.file = new LogFile(file, LogFile.LIMIT_BYTES, notes);
    }

    DeployedFunction function() {
        return deployed;
    }

    /** Whether its lines of the platform are events of telemetry. */
    boolean isJson() {
        return logging.isJson();
    }

    /** The output of its run that comes through {@code fd}; null where none does. */
    @Nullable
    UnplacedOutput output(int fd) {
        UnplacedOutput own = function;
        return own != null && own.pipe.fd() == fd ? own : extensions;
    }

    @Nullable
    UnplacedOutput ofFunction() {
        return function;
    }

    @Nullable
    UnplacedOutput ofExtensions() {
        return extensions;
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

    void attach(OutputPipe ofFunction, @Nullable OutputPipe ofExtensions, @Nullable TelemetryFeed feed) {
        function = new UnplacedOutput(ofFunction, TelemetryType.FUNCTION);
        extensions = ofExtensions == null ? null : new UnplacedOutput(ofExtensions, TelemetryType.EXTENSION);
        telemetry = feed;
        if (feed != null && isJson()) {
            feed.logTo(this);
        }
        fence = OutputPipe.NO_FENCE;
    }

    void readOnce(UnplacedOutput from, Posix posix, MemorySegment scratch) {
        int _ = from.readOnce(posix, scratch, ++reads);
    }

    /** Reads what the runtime wrote before {@code position}; where that is unknown, whatever anybody wrote. */
    void drain(Posix posix, MemorySegment scratch, long position) {
        boolean all = position == OutputPipe.UNKNOWN;
        drain(posix, scratch, position, all ? OutputPipe.UNKNOWN : 0);
    }

    /** The same for what extensions wrote before a position of theirs. */
    void drain(Posix posix, MemorySegment scratch, long position, long extensionPosition) {
        UnplacedOutput own = function;
        UnplacedOutput others = extensions;
        if (own != null) {
            own.drain(posix, scratch, position, ++reads);
        }
        if (others != null) {
            others.drain(posix, scratch, extensionPosition, ++reads);
        }
    }

    /** Places what the runtime wrote before {@code position}; the rest belongs to what comes next. */
    void place(long position) {
        place(position, position == OutputPipe.UNKNOWN ? OutputPipe.UNKNOWN : 0);
    }

    /** The same, and what extensions wrote before a position of theirs. In the order in which it began to come. */
    void place(long position, long extensionPosition) {
        UnplacedOutput own = function;
        UnplacedOutput others = extensions;
        if (own == null) {
            return;
        }
        if (others == null) {
            placeOutput(own, own.countBefore(position));
        } else if (others.isOlderThan(own)) {
            placeOutput(others, others.countBefore(extensionPosition));
            placeOutput(own, own.countBefore(position));
        } else {
            placeOutput(own, own.countBefore(position));
            placeOutput(others, others.countBefore(extensionPosition));
        }
    }

    /** Looks where output must stop, after it was read and before the queue is: see {@link OutputPipe#fence()}. */
    void lookForFence() {
        UnplacedOutput own = function;
        fence = own == null ? OutputPipe.NO_FENCE : own.pipe.fencedAt();
    }

    /** Places what was read, but for what waits behind a fence. Extensions that hear of invocations have none. */
    void placeUnfenced() {
        UnplacedOutput own = function;
        boolean fenced = own != null && own.pipe.readBytes() > fence;
        place(fenced ? fence : OutputPipe.UNKNOWN, OutputPipe.UNKNOWN);
    }

    /** The REPORT that the fence waited for is written. */
    void passFence(long position) {
        UnplacedOutput own = function;
        if (own != null) {
            own.pipe.unfence(position);
        }
        if (fence == position) {
            fence = OutputPipe.NO_FENCE;
        }
    }

    void placeAll() {
        place(OutputPipe.UNKNOWN);
    }

    private void placeOutput(UnplacedOutput from, int count) {
        if (count > 0) {
            placeOutput(from.bytes(), count, from.writer);
            from.placed(count);
        }
    }

    private void placeOutput(byte[] bytes, int count, TelemetryType writer) {
        TelemetryFeed feed = telemetry();
        if (count > budgetBytes) {
            drop(bytes, count, feed);
            return;
        }
        budgetBytes -= count;
        if (feed != null) {
            feed.output(bytes, count, writer);
        }
        noteDropped();
        if (writer != lineOf) {
            closeLine();
        }
        lineOf = writer;
        append(bytes, count);
    }

    private void drop(byte[] bytes, int count, @Nullable TelemetryFeed feed) {
        long lines = 0;
        for (int i = 0; i < count; i++) {
            lines += bytes[i] == '\n' ? 1 : 0;
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

    boolean isTailing() {
        return tailing;
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
        UnplacedOutput own = function;
        UnplacedOutput others = extensions;
        function = null;
        extensions = null;
        if (own != null) {
            own.pipe.close(posix);
        }
        if (others != null) {
            others.pipe.close(posix);
        }
    }
}
