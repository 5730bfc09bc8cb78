package dev.thaw.runtimebridge;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The socket's side of a connection that faults befall: keeps back what its sandbox withholds, and reads no faster than
 * its sandbox says, so that the runtime's own writes wait.
 *
 * <p>Threading: its event loop only.
 */
final class FaultyConnection extends ChannelDuplexHandler {
    private static final int TICK_MS = 10;
    private static final int TICKS_PER_SEC = 1000 / TICK_MS;

    private record Write(Object message, ChannelPromise promise) {}

    private final FaultySandbox sandbox;
    private final Queue<Write> withheld = new ArrayDeque<>();
    private final Queue<ByteBuf> unread = new ArrayDeque<>();
    private final FirstPart firstPart = new FirstPart();
    private @Nullable ChannelHandlerContext context;
    /** Whatever else its runtime sends is lost. */
    private boolean broken;

    private @Nullable Object shutdown;

    FaultyConnection(FaultySandbox sandbox) {
        this.sandbox = sandbox;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    // --- to the runtime

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        boolean withholds = sandbox.withholds(ctx.executor());
        if (!withholds && withheld.isEmpty()) {
            ChannelFuture _ = ctx.write(message, promise);
            return;
        }
        if (withheld.isEmpty()) {
            sandbox.onWithheld(this);
        }
        withheld.add(new Write(message, promise));
    }

    /** Sends what was kept back. */
    void deliver() {
        ChannelHandlerContext ctx = context;
        if (ctx != null) {
            for (Write write = withheld.poll(); write != null; write = withheld.poll()) {
                ChannelFuture _ = ctx.write(write.message, write.promise);
            }
            ctx.flush();
        }
    }

    // --- from the runtime

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (sandbox.readBytesPerSec() == 0 && unread.isEmpty()) {
            pass(ctx, (ByteBuf) message);
            return;
        }
        if (unread.isEmpty()) {
            ctx.channel().config().setAutoRead(false);
            readLater(ctx);
        }
        unread.add((ByteBuf) message);
    }

    /** Up to the first part of a response, where a fault befalls what follows. */
    private void pass(ChannelHandlerContext ctx, ByteBuf bytes) {
        int end = broken ? 0 : firstPart.endIn(bytes);
        if (end > 0 && sandbox.breaksStream()) {
            broken = true;
            ctx.fireChannelRead(bytes.readRetainedSlice(end));
            ctx.fireChannelReadComplete();
        } else if (!broken) {
            ctx.fireChannelRead(bytes.retain());
        }
        bytes.release();
    }

    private void readLater(ChannelHandlerContext ctx) {
        Future<?> _ = ctx.executor().schedule(() -> readSome(ctx), TICK_MS, TimeUnit.MILLISECONDS);
    }

    private void readSome(ChannelHandlerContext ctx) {
        if (unread.isEmpty()) {
            return; // the connection ended
        }
        long bytesPerSec = sandbox.readBytesPerSec();
        long leftBytes = bytesPerSec == 0 ? Long.MAX_VALUE : Math.max(1, bytesPerSec / TICKS_PER_SEC);
        for (ByteBuf first = unread.peek(); first != null && leftBytes > 0; first = unread.peek()) {
            int bytes = (int) Math.min(leftBytes, first.readableBytes());
            leftBytes -= bytes;
            boolean whole = bytes == first.readableBytes();
            ByteBuf read = whole ? unread.remove() : first.readRetainedSlice(bytes);
            pass(ctx, read);
        }
        ctx.fireChannelReadComplete();
        if (!unread.isEmpty()) {
            readLater(ctx);
            return;
        }
        ctx.channel().config().setAutoRead(true);
        Object ended = shutdown;
        shutdown = null;
        if (ended != null) {
            ctx.fireUserEventTriggered(ended);
        }
    }

    /** The end of what the runtime sends comes after what it sent. */
    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent && !unread.isEmpty()) {
            shutdown = event;
        } else {
            ctx.fireUserEventTriggered(event);
        }
    }

    // --- its end

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        drop();
        ctx.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        drop();
    }

    private void drop() {
        for (Write write = withheld.poll(); write != null; write = withheld.poll()) {
            boolean _ = ReferenceCountUtil.release(write.message);
        }
        for (ByteBuf bytes = unread.poll(); bytes != null; bytes = unread.poll()) {
            boolean _ = bytes.release();
        }
    }
}
