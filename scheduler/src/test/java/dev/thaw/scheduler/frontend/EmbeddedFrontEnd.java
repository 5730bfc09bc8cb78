package dev.thaw.scheduler.frontend;

import dev.thaw.scheduler.core.Invocation;
import dev.thaw.scheduler.core.Outcome;
import dev.thaw.scheduler.events.EventIntake;
import dev.thaw.scheduler.frontend.live.LiveReaders;
import dev.thaw.scheduler.functions.FunctionConfig;
import dev.thaw.scheduler.functions.FunctionRegistry;
import dev.thaw.scheduler.functions.FunctionRoutes;
import dev.thaw.scheduler.functions.RegisteredFunction;
import dev.thaw.scheduler.live.Exchange;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.agrona.concurrent.CachedEpochClock;
import org.agrona.concurrent.CachedNanoClock;
import org.agrona.concurrent.EpochClock;
import org.jspecify.annotations.Nullable;

/** Connections of one event loop without sockets, threads or scheduler: time and bytes are the test's. */
final class EmbeddedFrontEnd {
    static final String ECHO = "/2015-03-31/functions/echo/invocations";

    final CachedNanoClock clock = new CachedNanoClock();
    /** What the scheduler would have been given. */
    final Queue<Invocation> taken = new ArrayDeque<>();

    final BodyBudget budget;
    final LoopState loop;

    EmbeddedFrontEnd(long bodyBudgetBytes) {
        this(bodyBudgetBytes, Management.NONE);
    }

    EmbeddedFrontEnd(long bodyBudgetBytes, Management management) {
        this(bodyBudgetBytes, management, Access.open(), new CachedEpochClock());
    }

    EmbeddedFrontEnd(long bodyBudgetBytes, Management management, Access access, EpochClock epochClock) {
        this(bodyBudgetBytes, management, access, null, epochClock);
    }

    EmbeddedFrontEnd(
            long bodyBudgetBytes,
            Management management,
            Access access,
            @Nullable LiveReaders live,
            EpochClock epochClock) {
        FunctionRegistry functions = new FunctionRegistry();
        functions.add(TestServer.function("echo", 3, FunctionConfig.UNRESERVED), RegisteredFunction.LATEST);
        functions.route("echo", FunctionRoutes.latestOnly(0));
        budget = new BodyBudget(bodyBudgetBytes);
        FrontEndPorts ports = new FrontEndPorts(
                functions,
                taken::add,
                CompletableFuture::new,
                CompletableFuture::new,
                FrontEndPorts.UNDESCRIBED,
                management,
                EventIntake.NONE,
                access,
                live,
                clock,
                epochClock);
        loop = new LoopState(ports, budget, 0, 1);
    }

    EmbeddedChannel connect() {
        return new EmbeddedChannel(newConnection());
    }

    ChannelInitializer<Channel> newConnection() {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                Connection.addTo(channel, loop);
            }
        };
    }

    static String head(int bodyBytes) {
        return "POST " + ECHO + " HTTP/1.1\r\nHost: x\r\nContent-Length: " + bodyBytes + "\r\n\r\n";
    }

    /** Sends the text as one read. */
    static void send(EmbeddedChannel client, String text) {
        client.writeInbound(Unpooled.copiedBuffer(text, StandardCharsets.UTF_8));
    }

    static void send(EmbeddedChannel client, int bytes) {
        send(client, "1".repeat(bytes));
    }

    /** Everything written since the last call, or empty. */
    static String read(EmbeddedChannel client) {
        StringBuilder text = new StringBuilder();
        for (ByteBuf written = client.readOutbound(); written != null; written = client.readOutbound()) {
            text.append(written.toString(StandardCharsets.UTF_8));
            written.release();
        }
        return text.toString();
    }

    Exchange takeExchange() {
        return (Exchange) Objects.requireNonNull(taken.remove().exchange());
    }

    /** Takes the event as a runtime would, and answers. */
    static void answer(Exchange exchange) {
        ByteBuf payload = Objects.requireNonNull(exchange.payload);
        exchange.payload = null;
        payload.release();
        Objects.requireNonNull(exchange.sink).answer(exchange, Outcome.RESPONSE);
    }
}
