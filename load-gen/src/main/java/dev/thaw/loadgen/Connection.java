package dev.thaw.loadgen;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.jspecify.annotations.Nullable;

/**
 * One keep-alive connection with at most one request under way.
 *
 * <p>Threading: the load's thread.
 */
// Promises are void: a failed write or close comes as exceptionCaught and channelInactive.
@SuppressWarnings("FutureReturnValueIgnored")
final class Connection extends ChannelInboundHandlerAdapter {
    static final String CLOSED = "closed before an answer";

    private final Dispatcher dispatcher;
    final ResponseDecoder decoder = new ResponseDecoder();
    private final ByteBuf out;
    private @Nullable Channel channel;
    private @Nullable String cause;
    private boolean busy;
    /** Place in the dispatcher's array of open connections. */
    int place = -1;

    int function;
    long intendedNs;
    long sentNs;

    Connection(Dispatcher dispatcher, ByteBuf out) {
        this.dispatcher = dispatcher;
        this.out = out;
    }

    boolean busy() {
        return busy;
    }

    void send(RequestTemplate template, int newFunction, long newIntendedNs, int durationUs, long nowNs) {
        Channel open = channel();
        busy = true;
        function = newFunction;
        intendedNs = newIntendedNs;
        sentNs = nowNs;
        out.clear();
        template.write(out, durationUs, nowNs);
        open.write(out.retain(), open.voidPromise());
        ByteBuf body = template.sharedBody();
        if (body != null) {
            open.write(body, open.voidPromise());
        }
        open.flush();
    }

    /** Nothing is under way any more; false where the connection cannot be used again. */
    boolean finish() {
        busy = false;
        boolean reusable = decoder.keepAlive() && out.refCnt() == 1 && channel().isActive();
        decoder.reset();
        return reusable;
    }

    /** Gives up what is under way; the dispatcher hears of it when the channel has closed. */
    void fail(String why) {
        cause = cause == null ? why : cause;
        channel().close();
    }

    /** Closes without a word to the dispatcher about what is under way. */
    void abandon() {
        busy = false;
        channel().close();
    }

    /** Frees what it holds. */
    void neverOpened() {
        out.release();
    }

    private Channel channel() {
        if (channel == null) {
            throw new IllegalStateException("connection is not open");
        }
        return channel;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        channel = ctx.channel();
        dispatcher.onOpen(this);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf in = (ByteBuf) message;
        try {
            if (!busy) {
                fail("answer without a request");
            } else if (decoder.feed(in)) {
                dispatcher.onAnswer(this, !in.isReadable());
            } else if (decoder.malformed() != null) {
                fail("malformed answer: " + decoder.malformed());
            }
        } finally {
            in.release();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (busy && cause == null && decoder.end()) {
            dispatcher.onAnswer(this, false);
        }
        dispatcher.onClosed(this, cause == null ? CLOSED : cause);
        out.release();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable problem) {
        fail(Causes.describe(problem));
    }
}
