package dev.thaw.scheduler.live;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.agrona.concurrent.NanoClock;
import org.jspecify.annotations.Nullable;

/**
 * Carries the parts of one streamed response from its runtime's event loop to its client's, past the scheduler, which
 * alone says when and how the invocation ends: a stream has parts and no end. One for each invocation that asked for a
 * stream, never used again, so that parts that come too late find nobody.
 *
 * <p>The writer is told to stop while the bandwidth of responses ({@link ResponsePacer}) is spent, and while the client
 * has not taken {@link #BACKLOG_BYTES}; so a stream holds no more than these and two parts. Once the reader has gone,
 * parts are dropped as they come: the function goes on, and is not slowed (docs/specification.md).
 *
 * <p>Threading: writer's methods on the runtime's event loop, reader's on the client's; the same one in the fused layout.
 */
public final class ResponseStream {
    /** Most bytes of a streamed response (contract.md section 9). */
    public static final int LIMIT_BYTES = 20 << 20;

    static final int BACKLOG_BYTES = 256 << 10;
    private static final int RESUME_BYTES = BACKLOG_BYTES / 2;
    /** A part counts for this at least: it has objects of its own. */
    private static final int MIN_PART_BYTES = 1_024;

    /** The client's side. */
    public interface Reader {
        /** The runtime begins to respond, before its first byte. */
        void onBegin(@Nullable String contentType);

        /** The next part, which the reader owns; {@link ResponseStream#taken} once it has left. */
        void onPart(ByteBuf part);
    }

    private final EventLoop readerLoop;
    private final NanoClock clock;
    private final AtomicInteger backlogBytes = new AtomicInteger();
    private final ResponsePacer pacer = new ResponsePacer();
    private final Runnable drainedTask = this::onDrained;

    /** The reader's event loop's; null once nobody reads. */
    private @Nullable Reader reader;

    private volatile boolean readerGone;

    // --- the writer's event loop's

    private @Nullable EventLoop writerLoop;
    private Runnable onWritable = () -> {};
    private @Nullable ByteBuf held;
    private volatile long writtenBytes;
    private boolean blocked;
    private boolean ended;

    public ResponseStream(EventLoop readerLoop, Reader reader, NanoClock clock) {
        this.readerLoop = readerLoop;
        this.reader = reader;
        this.clock = clock;
    }

    // --- the writer

    /** Begins: parts come from {@code loop}, which runs {@code whenWritable} where {@link #write} may go on. */
    public void begin(@Nullable String contentType, EventLoop loop, Runnable whenWritable) {
        writerLoop = loop;
        onWritable = whenWritable;
        inReaderLoop(() -> onBegin(contentType));
    }

    /** What the writer has written so far. Safe on any thread. */
    public long writtenBytes() {
        return writtenBytes;
    }

    /** Takes over a part. Returns false where the next one must wait to be asked for. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    public boolean write(ByteBuf part) {
        writtenBytes += part.readableBytes();
        long waitNs = readerGone ? 0 : pacer.take(part.readableBytes(), clock.nanoTime());
        if (waitNs == 0 || writerLoop == null || ended) {
            return pass(part);
        }
        held = part;
        var _ = writerLoop.schedule(this::onDue, waitNs, TimeUnit.NANOSECONDS);
        return false;
    }

    /** The last part of a response that is cut off: whatever waits leaves at once, nothing more is asked for. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    public void writeLast(ByteBuf part) {
        writtenBytes += part.readableBytes();
        ByteBuf before = takeHeld();
        if (before != null) {
            pass(before);
        }
        pass(part);
        end();
    }

    /** No part follows; one that waits is dropped. */
    public void end() {
        ended = true;
        onWritable = () -> {};
        ByteBuf dropped = takeHeld();
        if (dropped != null) {
            dropped.release();
        }
    }

    private void onDue() {
        ByteBuf due = takeHeld();
        if (due != null && pass(due)) {
            onWritable.run();
        }
    }

    private boolean pass(ByteBuf part) {
        if (ended) {
            part.release();
            return true;
        }
        backlogBytes.addAndGet(weightOf(part));
        inReaderLoop(() -> onPart(part), part);
        blocked = backlogBytes.get() >= BACKLOG_BYTES;
        return !blocked;
    }

    private void onDrained() {
        if (blocked) {
            blocked = false;
            onWritable.run();
        }
    }

    private @Nullable ByteBuf takeHeld() {
        ByteBuf taken = held;
        held = null;
        return taken;
    }

    private void inReaderLoop(Runnable task) {
        inReaderLoop(task, null);
    }

    private void inReaderLoop(Runnable task, @Nullable ByteBuf part) {
        if (readerLoop.inEventLoop()) {
            task.run();
            return;
        }
        try {
            readerLoop.execute(task);
        } catch (RejectedExecutionException e) {
            if (part != null) {
                part.release(); // the loop has ended, and the client with it
            }
        }
    }

    // --- the reader

    private void onBegin(@Nullable String contentType) {
        Reader current = reader;
        if (current != null) {
            current.onBegin(contentType);
        }
    }

    private void onPart(ByteBuf part) {
        Reader current = reader;
        if (current == null) {
            int weight = weightOf(part);
            part.release();
            taken(weight);
        } else {
            current.onPart(part);
        }
    }

    /** What a part counts for in the backlog. */
    public static int weightOf(ByteBuf part) {
        return Math.max(MIN_PART_BYTES, part.readableBytes());
    }

    /** The client's socket has taken a part of this weight, or never will. */
    public void taken(int weight) {
        int restBytes = backlogBytes.addAndGet(-weight);
        EventLoop writer = writerLoop;
        if (restBytes < RESUME_BYTES && restBytes + weight >= RESUME_BYTES && writer != null) {
            try {
                writer.execute(drainedTask);
            } catch (RejectedExecutionException e) {
                readerGone = true; // the runtime's loop has ended: nobody writes any more
            }
        }
    }

    /** Nobody reads any more: the client has gone, or its answer is complete. */
    public void closeReader() {
        reader = null;
        readerGone = true;
    }
}
