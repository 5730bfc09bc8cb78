package dev.thaw.runtimebridge;

import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.EpochClock;
import org.agrona.concurrent.NanoClock;

/**
 * Where telemetry is sent from: one thread, {@code thaw-telemetry}, that starts with the first subscriber.
 *
 * <p>Threading: safe on any thread.
 */
final class TelemetryDelivery implements AutoCloseable {
    private static final long CLOSE_BOUND_MS = 1_000;

    private final NanoClock clock;
    private final EpochClock epochClock;
    private final IoEventLoopGroup group = new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("thaw-telemetry", true), EpollIoHandler.newFactory());

    TelemetryDelivery(NanoClock clock, EpochClock epochClock) {
        this.clock = clock;
        this.epochClock = epochClock;
    }

    EventLoop eventLoop() {
        return group.next();
    }

    TelemetrySubscriber subscriber(TelemetrySubscription subscription, TelemetryCarrier carrier, EventLoop eventLoop) {
        return new TelemetrySubscriber(subscription, carrier, eventLoop, clock, epochClock);
    }

    /** What was not delivered yet has nobody left to take it. */
    @Override
    public void close() {
        Future<?> ended = group.shutdownGracefully(0, CLOSE_BOUND_MS, TimeUnit.MILLISECONDS);
        boolean _ = ended.awaitUninterruptibly(2 * CLOSE_BOUND_MS);
    }
}
