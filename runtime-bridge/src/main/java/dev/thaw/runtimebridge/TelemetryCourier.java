package dev.thaw.runtimebridge;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.unix.FileDescriptor;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Carries batches to one subscriber in its sandbox, one at a time, over a connection that is kept: HTTP requests with a
 * JSON array, each answered before the next, or lines over TCP. There is no time limit: a frozen subscriber answers once
 * it is thawed.
 *
 * <p>Threading: its event loop.
 */
final class TelemetryCourier implements TelemetryCarrier {
    /** Opens a connection inside the sandbox, as {@link dev.thaw.sandbox.Sandbox#connectInside} does. */
    @FunctionalInterface
    interface Connector {
        void connect(int port, IntConsumer connected);
    }

    private final TelemetrySubscription.Destination destination;
    private final Connector connector;
    private final EventLoop eventLoop;
    private @Nullable Channel channel;
    private @Nullable Listener waiting;
    private byte[] body = new byte[0];
    private boolean closed;

    TelemetryCourier(TelemetrySubscription.Destination destination, Connector connector, EventLoop eventLoop) {
        this.destination = destination;
        this.connector = connector;
        this.eventLoop = eventLoop;
    }

    @Override
    public void send(byte[] batch, Listener listener) {
        waiting = listener;
        body = batch;
        Channel open = channel;
        if (open != null && open.isActive()) {
            write(open);
        } else {
            connect();
        }
    }

    private void connect() {
        try {
            connector.connect(destination.port(), fd -> eventLoop.execute(() -> onConnected(fd)));
        } catch (RuntimeException gone) {
            eventLoop.execute(() -> onConnected(-1));
        }
    }

    private void onConnected(int fd) {
        if (fd < 0) {
            unreachable("connection failed with errno " + -fd);
            return;
        }
        if (closed) {
            close(fd);
            return;
        }
        Channel opened = SandboxSockets.connected(fd);
        if (destination.isHttp()) {
            opened.pipeline().addLast(new HttpResponseDecoder());
        }
        opened.pipeline().addLast(new Answers());
        channel = opened;
        ChannelFuture _ = eventLoop.register(opened).addListener(registered -> {
            if (registered.isSuccess()) {
                write(opened);
            } else {
                unreachable("connection could not be used");
            }
        });
    }

    private static void close(int fd) {
        try {
            new FileDescriptor(fd).close();
        } catch (IOException lost) {
            return; // it was never used
        }
    }

    private void write(Channel open) {
        boolean http = destination.isHttp();
        ByteBuf bytes = http ? Unpooled.wrappedBuffer(head(), body) : Unpooled.wrappedBuffer(body);
        ChannelFuture _ = open.writeAndFlush(bytes).addListener(written -> {
            if (!written.isSuccess()) {
                disconnect(open, "connection ended");
            } else if (!http) {
                delivered();
            }
        });
    }

    private byte[] head() {
        String head = destination.request() + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length
                + "\r\n\r\n";
        return head.getBytes(StandardCharsets.US_ASCII);
    }

    private void disconnect(Channel of, String reason) {
        if (of.equals(channel)) {
            channel = null;
            ChannelFuture _ = of.close();
            unreachable(reason);
        }
    }

    private @Nullable Listener takeWaiting() {
        Listener told = waiting;
        waiting = null;
        body = new byte[0];
        return told;
    }

    private void delivered() {
        Listener told = takeWaiting();
        if (told != null) {
            told.onDelivered();
        }
    }

    private void unreachable(String reason) {
        Listener told = takeWaiting();
        if (told != null) {
            told.onUnreachable(reason);
        }
    }

    private void answered(int status) {
        if (status < 400) {
            delivered();
            return;
        }
        Listener told = takeWaiting();
        if (told != null) {
            told.onRefused("subscriber answered with status " + status);
        }
    }

    @Override
    public void close() {
        closed = true;
        Channel open = channel;
        channel = null;
        if (open != null) {
            ChannelFuture _ = open.close();
        }
    }

    /** What comes back. TCP subscribers have nothing to say. */
    private final class Answers extends SimpleChannelInboundHandler<Object> {
        private int status;
        private boolean keepAlive;

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, Object message) {
            if (message instanceof HttpObject part && part.decoderResult().isFailure()) {
                disconnect(ctx.channel(), "subscriber's answer is not HTTP");
                return;
            }
            if (message instanceof HttpResponse head) {
                status = head.status().code();
                keepAlive = HttpUtil.isKeepAlive(head);
            }
            if (message instanceof LastHttpContent && status >= 200) {
                onAnswer(ctx.channel());
            }
        }

        private void onAnswer(Channel of) {
            if (!keepAlive && of.equals(channel)) {
                channel = null;
                ChannelFuture _ = of.close();
            }
            answered(status);
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            disconnect(ctx.channel(), "connection ended");
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            disconnect(ctx.channel(), "connection failed");
        }
    }
}
