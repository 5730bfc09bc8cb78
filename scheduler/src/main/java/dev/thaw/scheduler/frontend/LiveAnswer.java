package dev.thaw.scheduler.frontend;

import dev.thaw.scheduler.frontend.live.LiveReaders;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * An answer that goes on: the live page's events, each as it comes, until the connection ends. A client that reads too
 * slowly misses events, the latest one takes their place; one that misses {@link #MOST_MISSED} of them in a row loses its
 * connection, and so does one that acknowledges nothing for {@link #UNTAKEN_MS}.
 *
 * <p>Threading: its connection's event loop; {@link #onEvent} and {@link #onEnd} on any thread.
 */
final class LiveAnswer implements LiveReaders.Reader {
    static final int MOST_MISSED = 10;
    static final int UNTAKEN_MS = 15_000;
    /** What the kernel may hold for a client that does not read: some events. */
    static final int SEND_BUFFER_BYTES = 16 << 10;

    private static final String TYPE = "text/event-stream";
    /** How long an EventSource is to wait before it comes back. */
    private static final String RETRY = "retry: 2000\n\n";

    private final Answers answers;
    private final Answer answer;
    private @Nullable LiveReaders readers;
    private byte @Nullable [] next;
    private boolean headWritten;
    /** The event before has not left yet. */
    private boolean leaving;

    private int missed;

    LiveAnswer(Answers answers, Answer answer) {
        this.answers = answers;
        this.answer = answer;
    }

    /** An EventSource asks, not somebody who wants to see the page. */
    static boolean isWanted(HttpRequest request) {
        String accepted = request.headers().get(HttpHeaderNames.ACCEPT);
        return accepted != null && accepted.contains(TYPE);
    }

    /** False where as many read as may. */
    boolean begin(LiveReaders all) {
        if (!all.add(this)) {
            return false;
        }
        readers = all;
        answers.writeStreamed(answer);
        return true;
    }

    @Override
    public void onEvent(byte[] event) {
        inLoop(() -> take(event));
    }

    @Override
    public void onEnd() {
        inLoop(() -> {
            if (readers != null) {
                answers.complete(answer);
            }
        });
    }

    private void inLoop(Runnable task) {
        try {
            answers.execute(task);
        } catch (RejectedExecutionException e) {
            // The loop has ended, and the client with it.
        }
    }

    private void take(byte[] event) {
        if (readers == null) {
            return;
        }
        if (headWritten && next != null && ++missed >= MOST_MISSED) {
            answers.closeNow();
            return;
        }
        next = event;
        answers.writeStreamed(answer);
    }

    /** It is this answer's turn: writes what has come so far. Returns whether that was anything. */
    boolean writeReady() {
        if (readers == null) {
            return false;
        }
        boolean wrote = !headWritten;
        if (!headWritten) {
            headWritten = true;
            answers.boundUnread(SEND_BUFFER_BYTES, UNTAKEN_MS);
            answers.writePiece(Unpooled.wrappedBuffer(head()), () -> {});
        }
        byte[] event = next;
        if (event != null && !leaving) {
            next = null;
            missed = 0;
            leaving = true;
            answers.writePiece(Unpooled.wrappedBuffer(event), this::onLeft);
            wrote = true;
        }
        return wrote;
    }

    private void onLeft() {
        leaving = false;
        if (next != null) {
            answers.writeStreamed(answer);
        }
    }

    /** The client has gone, or the stream has ended. */
    void drop() {
        LiveReaders told = readers;
        readers = null;
        next = null;
        if (told != null) {
            told.remove(this);
        }
    }

    /** Its end is the connection's: it has no length, and events need no chunks. */
    private byte[] head() {
        return ("HTTP/1.1 200 OK\r\nContent-Type: " + TYPE + "\r\nCache-Control: no-store\r\nX-Accel-Buffering: no\r\n"
                        + "x-amzn-RequestId: " + answer.requestId + "\r\nConnection: close\r\n\r\n" + RETRY)
                .getBytes(StandardCharsets.UTF_8);
    }
}
