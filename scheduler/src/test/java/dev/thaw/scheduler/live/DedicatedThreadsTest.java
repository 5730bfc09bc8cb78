package dev.thaw.scheduler.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

final class DedicatedThreadsTest {
    private final CompletableFuture<Channel> reading = new CompletableFuture<>();
    private final CountDownLatch readOn = new CountDownLatch(1);

    /** An answer may be handed to an event loop that is busy with I/O, just before the threads are told to end. */
    @Test
    void shouldWriteWhatWasHandedOverBeforeItEnds() throws IOException, InterruptedException {
        DedicatedThreads threads = new DedicatedThreads(1, IdleStrategies.of("backoff"), _ -> {});
        int port = listen(threads);
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port)) {
            client.setSoTimeout(10_000);
            client.getOutputStream().write('?');
            Channel channel = reading.join();
            channel.eventLoop().execute(() -> {
                ChannelFuture _ = channel.writeAndFlush(Unpooled.copiedBuffer(new byte[] {'!'}));
            });
            Thread stopper = Thread.ofPlatform().start(() -> threads.stop(10_000));
            while (stopper.getState() != Thread.State.TIMED_WAITING) {
                Thread.onSpinWait();
            }
            readOn.countDown();
            assertThat(client.getInputStream().read()).isEqualTo('!');
            assertThat(client.getInputStream().read()).isEqualTo(-1);
            stopper.join();
        }
    }

    private int listen(DedicatedThreads threads) {
        Channel server = new ServerBootstrap()
                .group(threads.eventLoops())
                .channel(EpollServerSocketChannel.class)
                .childHandler(new SlowReader())
                .bind(InetAddress.getLoopbackAddress(), 0)
                .syncUninterruptibly()
                .channel();
        return ((InetSocketAddress) server.localAddress()).getPort();
    }

    /** Keeps the event loop busy. */
    private final class SlowReader extends SimpleChannelInboundHandler<ByteBuf> {
        @Override
        protected void channelRead0(ChannelHandlerContext context, ByteBuf bytes) throws InterruptedException {
            reading.complete(context.channel());
            readOn.await();
        }
    }
}
