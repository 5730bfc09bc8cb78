package dev.thaw.scheduler.frontend;

import dev.thaw.scheduler.live.Exchange;
import dev.thaw.scheduler.live.FunctionError;
import dev.thaw.scheduler.live.ResponseStream;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.DefaultFileRegion;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.socket.DuplexChannel;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The way out of one connection: holds answers back until every earlier one has been written, writes them, flushes once
 * for each batch that was read, stops reading while too many are open or the client reads too slowly, and closes where
 * it reads hardly at all.
 *
 * <p>Threading: its event loop; {@link #isInLoop} and {@link #execute} on any.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a write that fails closes the channel, which is seen there
final class Answers {
    /** Requests of one connection in flight; beyond it the connection is not read. */
    static final int MAX_PIPELINED = 256;

    private static final long LINGER_MS = 1_000;
    private static final ByteBuf CONTINUE = constant("HTTP/1.1 100 Continue\r\n\r\n");

    private final LoopState loop;
    private final Channel channel;
    private final ArrayDeque<Answer> pipeline = new ArrayDeque<>(4);
    private final ArrayDeque<Answer> spares = new ArrayDeque<>(4);
    private final SlowClients.Window answerWindow = new SlowClients.Window(this::onSlowReader);
    private long writtenBytes;
    private boolean inRead;
    private boolean flushPending;
    private boolean autoRead = true;

    Answers(LoopState loop, Channel channel) {
        this.loop = loop;
        this.channel = channel;
    }

    boolean isInLoop() {
        return channel.eventLoop().inEventLoop();
    }

    void execute(Runnable task) {
        channel.eventLoop().execute(task);
    }

    /** The next request's answer, last in the order. */
    Answer next() {
        Answer spare = spares.pollLast();
        Answer answer = spare == null ? new Answer(this) : spare;
        pipeline.addLast(answer);
        return answer;
    }

    /** Forgets the last answer, whose request will never be whole. */
    void drop(Answer answer) {
        pipeline.remove(answer);
        recycle(answer);
    }

    /** The answer can be written once it is its turn. */
    void complete(Answer answer) {
        answer.done = true;
        writeReady();
    }

    /** False while the client is not read because of what it has not been answered yet: it cannot be blamed. */
    boolean isReading() {
        return autoRead;
    }

    void startRead() {
        inRead = true;
    }

    void endRead() {
        inRead = false;
        if (flushPending) {
            flushPending = false;
            channel.flush();
        }
    }

    /** The client takes its answers more slowly than they come, or has caught up. */
    void onWritability() {
        if (channel.isWritable()) {
            loop.slowClients.close(answerWindow);
        } else {
            loop.slowClients.onProgress(answerWindow, takenBytes(), channel.eventLoop());
        }
        updateAutoRead();
    }

    /** What the client did not take is released with its connection. */
    private void onSlowReader() {
        if (!loop.slowClients.reopen(answerWindow, takenBytes(), channel.eventLoop())) {
            channel.close();
        }
    }

    /** Bytes that the socket has taken so far, within some bytes for each answer that waits. */
    private long takenBytes() {
        ChannelOutboundBuffer waiting = channel.unsafe().outboundBuffer();
        return waiting == null
                ? writtenBytes
                : writtenBytes - waiting.totalPendingWriteBytes() + waiting.currentProgress();
    }

    /** The connection has gone: drops what is done and still to be written. */
    void end() {
        loop.slowClients.close(answerWindow);
        for (Answer open : pipeline) {
            dropStreamed(open);
        }
        writeReady();
    }

    void updateAutoRead() {
        boolean wanted = pipeline.size() < MAX_PIPELINED && channel.isWritable();
        if (wanted != autoRead) {
            autoRead = wanted;
            channel.config().setAutoRead(wanted);
        }
    }

    /** Writes what is next in order and done. */
    void writeReady() {
        Answer first = pipeline.peekFirst();
        boolean wrote = false;
        while (first != null && first.done) {
            pipeline.removeFirst();
            write(first);
            wrote = true;
            first = pipeline.peekFirst();
        }
        if (first != null && first.expectsContinue) {
            first.expectsContinue = false;
            channel.write(CONTINUE.retainedDuplicate());
            wrote = true;
        }
        if (first != null && first.streamed != null) {
            wrote |= first.streamed.writeReady();
        }
        if (first != null && first.live != null) {
            wrote |= first.live.writeReady();
        }
        if (wrote) {
            flush();
            updateAutoRead();
        }
    }

    /** More of a streamed answer has come: leaves now where it is that answer's turn. */
    void writeStreamed(Answer answer) {
        if (pipeline.peekFirst() == answer && channel.isActive()) {
            writeReady();
        }
    }

    ResponseStream newStream(StreamedAnswer reader) {
        return new ResponseStream(channel.eventLoop(), reader, loop.ports.nanoClock());
    }

    void writeStreamHead(Answer answer, @Nullable String contentType) {
        answer.keepAlive &= !answer.http10; // without chunks only the connection's end can end an answer
        ByteBuf head = channel.alloc().directBuffer(AnswerWriter.HEAD_BYTES);
        loop.writer.writeStreamHead(head, answer, contentType);
        writeBytes(head);
    }

    /** The part counts as taken once the socket has it, or never will. */
    void writePart(StreamedAnswer streamed, ByteBuf part, boolean chunked) {
        ByteBuf event = loop.frames.payloadChunk(channel.alloc(), part, chunked);
        int weight = ResponseStream.weightOf(part);
        part.release();
        writtenBytes += event.readableBytes();
        channel.write(event).addListener(left -> streamed.stream.taken(weight));
    }

    /** The record is whole only now, so it comes as a trailer. */
    void writeStreamEnd(Answer answer, Exchange exchange, String completion) {
        String trailer = exchange.recordWanted ? loop.writer.recordLine(exchange) : "";
        writeBytes(loop.frames.invokeComplete(channel.alloc(), completion, !answer.http10, trailer));
    }

    /** A piece of an answer without length. {@code left} runs once the socket has it, or never will. */
    void writePiece(ByteBuf piece, Runnable left) {
        writtenBytes += piece.readableBytes();
        channel.write(piece).addListener(written -> left.run());
    }

    /** Bounds what the kernel holds for a client that does not read, and how long it may not acknowledge anything. */
    void boundUnread(int sendBufferBytes, int untakenMs) {
        channel.config().setOption(ChannelOption.SO_SNDBUF, sendBufferBytes);
        channel.config().setOption(EpollChannelOption.TCP_USER_TIMEOUT, untakenMs);
    }

    /** The client does not take what it asked for. */
    void closeNow() {
        channel.close();
    }

    /** The head of a function URL's answer; without length where its body is streamed. */
    void writeUrlStreamHead(Answer answer, UrlResponse response) {
        answer.keepAlive &= !answer.http10;
        writeBytes(UrlWriter.head(channel.alloc(), answer, response, UrlWriter.STREAMED));
    }

    /** As {@link #writePart}, as it is. */
    void writeUrlPart(StreamedAnswer streamed, ByteBuf part, boolean chunked) {
        int weight = ResponseStream.weightOf(part);
        if (chunked) {
            writeBytes(UrlWriter.chunkLine(channel.alloc(), part.readableBytes()));
        }
        writtenBytes += part.readableBytes();
        channel.write(part).addListener(left -> streamed.stream.taken(weight));
        if (chunked) {
            writeBytes(UrlWriter.chunkEnd());
        }
    }

    void writeUrlEnd(Exchange exchange) {
        writeBytes(UrlWriter.lastChunk(channel.alloc(), exchange));
    }

    /** The whole answer of a function URL. */
    void writeUrl(Answer answer, UrlCall call, UrlResponse plain) {
        UrlResponse response = CorsHeaders.applied(plain, call.url(), call.origin());
        writeBytes(UrlWriter.head(channel.alloc(), answer, response, response.body().length));
        if (!call.isHead() && !response.isBodyless()) {
            writeBytes(Unpooled.wrappedBuffer(response.body()));
        }
    }

    private void flush() {
        if (inRead) {
            flushPending = true;
        } else {
            channel.flush();
        }
    }

    private void write(Answer answer) {
        if (channel.isActive()) {
            writeOpen(answer);
        }
        dropStreamed(answer);
        boolean keepAlive = answer.keepAlive;
        boolean unread = answer.unread;
        recycle(answer);
        if (!keepAlive) {
            closeOnceWritten(unread);
        }
    }

    private void writeOpen(Answer answer) {
        Exchange exchange = answer.exchange;
        if (answer.isFunctionAnswer() && exchange != null) {
            if (answer.streamed == null && answer.url != null) {
                writeUrl(answer, answer.url, UrlWriter.responseOf(exchange));
                exchange.invocation.finish(loop.ports.nanoClock().nanoTime());
            } else if (answer.streamed == null) {
                writeFunctionAnswer(answer, exchange);
            } else {
                answer.streamed.writeEnd(exchange);
                exchange.invocation.finish(loop.ports.nanoClock().nanoTime());
            }
            return;
        }
        if (answer.fault == null && answer.live != null) {
            return; // all of it has been written; its end is the connection's
        }
        if (answer.fault == null && answer.url != null) {
            writeBytes(UrlWriter.preflight(channel.alloc(), answer, answer.url));
            return;
        }
        ByteBuf target = channel.alloc().directBuffer(AnswerWriter.HEAD_BYTES);
        if (answer.fault == null && answer.event && exchange != null) {
            loop.writer.writeAccepted(target, answer, exchange);
        } else if (answer.fault != null) {
            loop.writer.writeFault(target, answer, answer.fault);
        } else if (answer.page != null) {
            loop.writer.writePage(target, answer, answer.pageStatus, answer.page);
        } else if (answer.file != null) {
            writeFile(target, answer, answer.file);
            return;
        } else {
            loop.writer.writeDryRun(target, answer);
        }
        writeBytes(target);
    }

    /** From the file to the socket in the kernel; holds no memory for a client that reads slowly. */
    private void writeFile(ByteBuf head, Answer answer, File file) {
        long fileBytes = file.length();
        loop.writer.writeFileHead(head, answer, Math.toIntExact(fileBytes));
        writeBytes(head);
        channel.write(new DefaultFileRegion(file, 0, fileBytes), channel.voidPromise());
    }

    private static void dropStreamed(Answer answer) {
        if (answer.streamed != null) {
            answer.streamed.drop();
        }
        if (answer.live != null) {
            answer.live.drop();
        }
    }

    private void writeBytes(ByteBuf bytes) {
        writtenBytes += bytes.readableBytes();
        channel.write(bytes, channel.voidPromise());
    }

    private void writeFunctionAnswer(Answer answer, Exchange exchange) {
        ByteBuf body = bodyOf(exchange);
        int bodyBytes = AnswerWriter.lengthOf(body);
        boolean small = bodyBytes <= AnswerWriter.SMALL_BODY_BYTES;
        ByteBuf head = channel.alloc().directBuffer(AnswerWriter.HEAD_BYTES + (small ? bodyBytes : 0));
        loop.writer.writeFunctionHead(head, answer, exchange, exchange.functionFailed, bodyBytes);
        if (body != null && small) {
            head.writeBytes(body);
            body.release();
        }
        writeBytes(head);
        if (body != null && !small) {
            writeBytes(body);
        }
        exchange.invocation.finish(loop.ports.nanoClock().nanoTime());
    }

    /** The body, owned by the caller. */
    private static @Nullable ByteBuf bodyOf(Exchange exchange) {
        String errorType = exchange.errorType;
        if (errorType != null) {
            String message = Objects.requireNonNullElse(exchange.errorMessage, "");
            return Unpooled.wrappedBuffer(FunctionError.json(errorType, message).getBytes(StandardCharsets.UTF_8));
        }
        ByteBuf body = exchange.response;
        exchange.response = null;
        return body;
    }

    /** Closes after the last byte; where the client may still be sending, reads on for a while so that it sees the answer. */
    private void closeOnceWritten(boolean unread) {
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> {
            if (unread && channel instanceof DuplexChannel duplex) {
                duplex.shutdownOutput();
                channel.eventLoop().schedule(() -> duplex.close(), LINGER_MS, TimeUnit.MILLISECONDS);
            } else {
                channel.close();
            }
        });
    }

    private void recycle(Answer answer) {
        Exchange exchange = answer.takeExchange();
        if (exchange != null) {
            loop.exchanges.giveBack(exchange);
        }
        answer.clear();
        spares.addLast(answer);
    }

    static ByteBuf constant(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        return Unpooled.unreleasableBuffer(
                Unpooled.directBuffer(bytes.length).writeBytes(bytes).asReadOnly());
    }
}
