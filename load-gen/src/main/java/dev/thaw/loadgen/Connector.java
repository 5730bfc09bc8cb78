package dev.thaw.loadgen;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelOption;
import java.net.InetSocketAddress;

/**
 * Opens connections to the target. An address is looked up once.
 *
 * <p>Threading: the load's thread.
 */
final class Connector {
    private static final int CONNECT_TIMEOUT_MS = 10_000;
    private static final ByteBufAllocator ALLOCATOR = PooledByteBufAllocator.DEFAULT;

    private final InetSocketAddress address;
    private Bootstrap bootstrap = new Bootstrap();
    private int requestBytes = 1024;

    Connector(Target target) {
        address = new InetSocketAddress(target.host(), target.port());
        if (address.isUnresolved()) {
            throw new LoadException("target: '" + target.host() + "', must be a host that can be resolved");
        }
    }

    void attach(LoadThread thread) {
        bootstrap = new Bootstrap()
                .group(thread.loop())
                .channel(thread.channelType())
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.ALLOCATOR, ALLOCATOR)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MS);
    }

    /** The largest request that will be written, so that no buffer grows in the run. */
    void requestBytes(int bytes) {
        requestBytes = bytes;
    }

    void connect(Dispatcher dispatcher) {
        Connection connection = new Connection(dispatcher, ALLOCATOR.directBuffer(requestBytes));
        ChannelFuture connecting = bootstrap.clone().handler(connection).connect(address);
        connecting.addListener((ChannelFutureListener) done -> {
            if (!done.isSuccess()) {
                connection.neverOpened();
                dispatcher.onConnectFailed(done.cause());
            }
        });
    }
}
