package dev.thaw.runtimebridge;

import dev.thaw.scheduler.core.HotPath;
import dev.thaw.scheduler.live.ResponseStream;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One connection of a runtime or an extension. Answers in order; a {@code GET /next} without an event parks the connection until
 * {@link #sendEvent}, with no time limit.
 *
 * <p>The fast path: where a runtime sends its response and its next {@code GET /next} in one segment, the 202 waits for
 * the event and leaves in the same write (or with {@link #flushHeld}, when the environment goes to sleep). A runtime
 * that waits for its 202 before it asks again is answered at once.
 *
 * <p>Threading: its event loop only.
 */
final class RuntimeApiConnection extends ChannelInboundHandlerAdapter implements RuntimeApiRequestDecoder.Listener {
    private final RuntimeSession session;
    private final Extensions extensions;
    private @Nullable ChannelHandlerContext context;
    private @Nullable RuntimeApiRequestDecoder decoder;
    private @Nullable RuntimeRefusal refusal;
    private boolean parked;
    private boolean keepAlive = true;
    private boolean flushDue;
    /** The peer has sent its last byte; some of them are not decoded yet. */
    private boolean inputEnded;
    /** A 202 waits for the next event of the same connection, to leave in one write with it. */
    private boolean acceptedHeld;

    RuntimeApiConnection(RuntimeSession session, Extensions extensions) {
        this.session = session;
        this.extensions = extensions;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        decoder = new RuntimeApiRequestDecoder(ctx.alloc(), this);
    }

    @Override
    @HotPath
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        RuntimeApiRequestDecoder current = decoder();
        current.feed((ByteBuf) message);
        if (current.isMidRequest()) {
            session.onPartOfAnswer(this);
        }
    }

    @Override
    @HotPath
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (!parked) {
            flushHeld();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        end();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        end();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            inputEnded = decoder().isMidRequest() && decoder().isStopped();
            if (!inputEnded) {
                onInputEnd();
            }
        }
    }

    private void onInputEnd() {
        if (decoder().isMidRequest()) {
            onMalformed(400, "TruncatedHTTPRequest", "HTTP request detected as truncated");
        } else {
            close();
        }
    }

    /** A peer that resets its connection is no error of ours. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        close();
    }

    @Override
    @HotPath
    public int onHead(RuntimeApiRequest request) {
        boolean ofExtension = request.call.isOfExtension();
        RuntimeRefusal refused = ofExtension ? null : session.onHead(this, request);
        refusal = refused;
        int wantedBytes = ofExtension ? Extensions.bodyLimitBytes(request) : session.bodyLimitBytes(request);
        int limitBytes = refused == null ? wantedBytes : 0;
        if (!request.expectContinue) {
            return limitBytes;
        }
        if (refused != null) {
            keepAlive = false;
            refuse(refused); // its body never comes: said before it was sent
            return REFUSED;
        }
        keepAlive = true;
        write(RuntimeApiResponses.proceed(context().alloc()));
        flushHeld();
        return limitBytes;
    }

    @Override
    @HotPath
    public boolean onRequest(RuntimeApiRequest request) {
        keepAlive = request.keepAlive();
        RuntimeRefusal refused = refusal == null ? serve(request) : refusal;
        if (refused != null) {
            refuse(refused);
        }
        return !parked;
    }

    @HotPath
    private @Nullable RuntimeRefusal serve(RuntimeApiRequest request) {
        return request.call.isOfExtension() ? extensions.onRequest(this, request) : session.onRequest(this, request);
    }

    /** While a part waits nothing is read: the runtime feels it as a full socket. */
    @Override
    public boolean onPart(RuntimeApiRequest request, ByteBuf part) {
        boolean wantsMore = session.onPart(part);
        if (!wantsMore) {
            context().channel().config().setAutoRead(false);
        }
        return wantsMore;
    }

    @Override
    public void onLastPart(RuntimeApiRequest request, ByteBuf part) {
        session.onLastPart(part);
    }

    /** The response that this connection sends goes to {@code stream}, part by part. */
    void streamTo(ResponseStream stream, RuntimeApiRequest request) {
        request.streamed = true;
        stream.begin(request.contentType(), context().channel().eventLoop(), this::resumeReading);
    }

    private void resumeReading() {
        context().channel().config().setAutoRead(true);
        decoder().resume();
        if (!parked) {
            flushHeld();
        }
        if (inputEnded && !decoder().isStopped()) {
            inputEnded = false;
            onInputEnd();
        }
    }

    @Override
    public void onMalformed(int status, String reason) {
        onMalformed(status, "MalformedHTTPRequest", reason);
    }

    private void onMalformed(int status, String type, String reason) {
        keepAlive = false;
        refuse(new RuntimeRefusal(status, type, reason));
    }

    @HotPath
    void accept() {
        if (keepAlive) {
            acceptedHeld = true;
            flushDue = true;
        } else {
            write(RuntimeApiResponses.accepted(context().alloc(), false));
        }
    }

    void answerText(String body) {
        write(RuntimeApiResponses.text(context().alloc(), body, keepAlive));
    }

    @HotPath
    void park() {
        parked = true;
    }

    /** Answers the parked request, or the one being read, with the event: head, the very payload, one write to the socket. */
    @HotPath
    void sendEvent(RuntimeApiEvent event) {
        ByteBuf payload = event.takePayload();
        boolean whole = RuntimeApiResponses.isSmall(payload);
        boolean accepted = acceptedHeld;
        acceptedHeld = false;
        ByteBuf next = RuntimeApiResponses.next(context().alloc(), event, payload, keepAlive, accepted);
        if (whole) {
            write(next);
        } else {
            writeUnpromised(next);
            write(payload);
        }
        unpark();
    }

    /** The parked request is answered: what follows it may be read. */
    @HotPath
    private void unpark() {
        if (parked) {
            parked = false;
            flushHeld();
            decoder().resume();
            flushHeld();
        }
    }

    /** Answers the parked request, or the one being read, with an extension's event. */
    void answerExtensionEvent(String event) {
        String id = UUID.randomUUID().toString();
        write(RuntimeApiResponses.identified(
                context().alloc(), "Lambda-Extension-Event-Identifier", id, event, keepAlive));
        unpark();
    }

    void answerRegistered(String extensionId, String body) {
        write(RuntimeApiResponses.identified(
                context().alloc(), "Lambda-Extension-Identifier", extensionId, body, keepAlive));
    }

    /** Sends what was written. */
    @HotPath
    void flushHeld() {
        if (flushDue) {
            flushDue = false;
            releaseAccepted();
            context().flush();
        }
    }

    void close() {
        flushHeld();
        ChannelFuture _ = context().close();
    }

    private void refuse(RuntimeRefusal refused) {
        write(RuntimeApiResponses.error(
                context().alloc(), refused.status(), refused.type(), refused.message(), keepAlive));
    }

    /** The 202 goes out by itself, before anything that is not its next event. */
    @HotPath
    private void releaseAccepted() {
        if (acceptedHeld) {
            acceptedHeld = false;
            writeUnpromised(RuntimeApiResponses.accepted(context().alloc(), true));
        }
    }

    @HotPath
    private void write(ByteBuf bytes) {
        releaseAccepted();
        ChannelHandlerContext ctx = context();
        if (keepAlive) {
            flushDue = true;
            writeUnpromised(bytes);
        } else {
            flushDue = false;
            decoder().close();
            ChannelFuture _ = ctx.writeAndFlush(bytes).addListener(ChannelFutureListener.CLOSE);
        }
    }

    /** A write that fails closes its connection, so nobody needs to hear of it. */
    @HotPath
    private void writeUnpromised(ByteBuf bytes) {
        ChannelHandlerContext ctx = context();
        ChannelFuture _ = ctx.write(bytes, ctx.voidPromise());
    }

    private void end() {
        decoder().close();
        parked = false;
        session.onClosed(this);
        extensions.onClosed(this);
    }

    private ChannelHandlerContext context() {
        ChannelHandlerContext ctx = context;
        if (ctx == null) {
            throw new IllegalStateException("not in a pipeline");
        }
        return ctx;
    }

    private RuntimeApiRequestDecoder decoder() {
        RuntimeApiRequestDecoder held = decoder;
        if (held == null) {
            throw new IllegalStateException("not in a pipeline");
        }
        return held;
    }
}
