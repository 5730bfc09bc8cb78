package dev.thaw.scheduler.frontend;

import dev.thaw.scheduler.live.Exchange;
import dev.thaw.scheduler.live.ResponseStream;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The streamed part of one answer: its beginning once the runtime begins to respond, each part as it comes, and its end
 * once the scheduler has ended the invocation. Parts wait here while earlier answers of the connection are open;
 * {@link ResponseStream} bounds them.
 *
 * <p>Threading: its connection's event loop.
 */
final class StreamedAnswer implements ResponseStream.Reader {
    private final Answers answers;
    private final Answer answer;
    private final StreamForm form;
    private final ArrayDeque<ByteBuf> parts = new ArrayDeque<>();
    final ResponseStream stream;
    private @Nullable String contentType;
    private boolean begun;
    private boolean headWritten;

    StreamedAnswer(Answers answers, Answer answer, StreamForm form) {
        this.answers = answers;
        this.answer = answer;
        this.form = form;
        stream = answers.newStream(this);
    }

    @Override
    public void onBegin(@Nullable String newContentType) {
        begun = true;
        contentType = newContentType;
        answers.writeStreamed(answer);
    }

    @Override
    public void onPart(ByteBuf part) {
        parts.add(part);
        answers.writeStreamed(answer);
    }

    /** It is this answer's turn: writes what has come so far. Returns whether that was anything. */
    boolean writeReady() {
        boolean wrote = begun && (!headWritten || !parts.isEmpty());
        if (begun && !headWritten) {
            headWritten = true;
            form.begin(contentType);
        }
        for (ByteBuf part = parts.poll(); part != null; part = parts.poll()) {
            form.part(this, part);
        }
        return wrote;
    }

    /** The invocation has ended: writes the rest. */
    void writeEnd(Exchange exchange) {
        writeReady();
        stream.closeReader();
        form.end(this, exchange, begun);
    }

    /** The part counts as taken although nobody gets it. */
    void skip(ByteBuf part) {
        stream.taken(ResponseStream.weightOf(part));
        part.release();
    }

    /** The client has gone, or gets another answer. */
    void drop() {
        stream.closeReader();
        for (ByteBuf part = parts.poll(); part != null; part = parts.poll()) {
            skip(part);
        }
    }
}
