package dev.thaw.runtimebridge;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The Runtime API of one runtime, and the Extensions API beside it: accepts connections on a listening socket that was opened inside its sandbox.
 *
 * <p>Threading: its event loop only.
 */
final class RuntimeApiServer extends ChannelInboundHandlerAdapter {
    /** A runtime needs one or two; more than this are turned away. */
    static final int CONNECTION_LIMIT = 64;

    private final EventLoop eventLoop;
    private final RuntimeSession session;
    private final Extensions extensions;
    private final Channel listening;
    private final Consumer<Channel> onConnection;
    private final List<Channel> connections = new ArrayList<>();

    private RuntimeApiServer(
            EventLoop eventLoop,
            RuntimeSession session,
            Extensions extensions,
            Channel listening,
            Consumer<Channel> onConnection) {
        this.eventLoop = eventLoop;
        this.session = session;
        this.extensions = extensions;
        this.listening = listening;
        this.onConnection = onConnection;
    }

    /** Serves {@code listenFd}, which it closes in the end. Returns how to stop. */
    static Runnable serve(EventLoop eventLoop, int listenFd, RuntimeSession session, Extensions extensions) {
        return serve(eventLoop, listenFd, session, extensions, connection -> {});
    }

    /** The same; {@code onConnection} may put handlers of its own between a connection's socket and ours. */
    static Runnable serve(
            EventLoop eventLoop,
            int listenFd,
            RuntimeSession session,
            Extensions extensions,
            Consumer<Channel> onConnection) {
        Channel listening = SandboxSockets.listening(listenFd);
        RuntimeApiServer server = new RuntimeApiServer(eventLoop, session, extensions, listening, onConnection);
        listening.pipeline().addLast(server);
        ChannelFuture _ = eventLoop.register(listening);
        return server::close;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        Channel connection = (Channel) message;
        if (connections.size() >= CONNECTION_LIMIT) {
            connection.unsafe().closeForcibly();
            return;
        }
        connections.add(connection);
        connection.config().setOption(ChannelOption.TCP_NODELAY, true);
        // A request that its sender cuts off by closing one direction is still answered.
        connection.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        onConnection.accept(connection);
        connection.pipeline().addLast(new RuntimeApiConnection(session, extensions));
        ChannelFuture _ = connection.closeFuture().addListener(done -> connections.remove(connection));
        ChannelFuture _ = eventLoop.register(connection);
        if (!extensions.hasExternal()) {
            session.onConnected();
        }
    }

    /** Out of file descriptors, or a connection gone before it was accepted: the next one may do. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.read();
    }

    private void close() {
        ChannelFuture _ = listening.close();
        for (Channel connection : List.copyOf(connections)) {
            ChannelFuture _ = connection.close();
        }
    }
}
