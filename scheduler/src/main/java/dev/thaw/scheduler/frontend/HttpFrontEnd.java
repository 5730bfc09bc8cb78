package dev.thaw.scheduler.frontend;

import dev.thaw.results.CauseText;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.util.concurrent.FastThreadLocal;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The HTTP/1.1 server: Invoke API, the emulator's endpoint and {@code /_thaw/} pages, on native epoll.
 *
 * <p>Threading: started and closed by one thread; serves on the event loops that it is given.
 */
public final class HttpFrontEnd implements AutoCloseable {
    private static final int BACKLOG = 4_096;

    private final Channel channel;

    private HttpFrontEnd(Channel channel) {
        this.channel = channel;
    }

    /** Binds and serves. Fails with one line where the address cannot be had. */
    public static HttpFrontEnd start(FrontEndConfig config, EventLoopGroup eventLoops, FrontEndPorts ports)
            throws IOException {
        ChannelFuture bound = new ServerBootstrap()
                .group(eventLoops)
                .channel(EpollServerSocketChannel.class)
                .option(ChannelOption.SO_REUSEADDR, true)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new Initializer(ports, new BodyBudget(config.bodyBudgetBytes())))
                .bind(config.host(), config.port())
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException(
                    "cannot listen on " + config.host() + ":" + config.port() + ": " + CauseText.of(bound.cause()),
                    bound.cause());
        }
        return new HttpFrontEnd(bound.channel());
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return (InetSocketAddress) channel.localAddress();
    }

    public int port() {
        return address().getPort();
    }

    /** Accepts no more connections. Those that exist are served until the event loops end. */
    @Override
    public void close() {
        channel.close().awaitUninterruptibly();
    }

    /** Gives each connection the state of its event loop. */
    private static final class Initializer extends ChannelInitializer<Channel> {
        private final AtomicInteger loopCount = new AtomicInteger();
        private final FastThreadLocal<LoopState> loops;

        private Initializer(FrontEndPorts ports, BodyBudget bodyBudget) {
            loops = new FastThreadLocal<>() {
                @Override
                protected LoopState initialValue() {
                    long seed =
                            ports.epochClock().time() * 31 + ports.nanoClock().nanoTime();
                    int loopIndex = loopCount.getAndIncrement();
                    return new LoopState(ports, bodyBudget, loopIndex, seed + loopIndex);
                }
            };
        }

        @Override
        protected void initChannel(Channel child) {
            Connection.addTo(child, loops.get());
        }
    }
}
