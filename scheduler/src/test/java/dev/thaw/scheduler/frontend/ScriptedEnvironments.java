package dev.thaw.scheduler.frontend;

import dev.thaw.scheduler.core.DestroyReason;
import dev.thaw.scheduler.core.Environments;
import dev.thaw.scheduler.core.InitializationType;
import dev.thaw.scheduler.core.Invocation;
import dev.thaw.scheduler.core.Outcome;
import dev.thaw.scheduler.core.ResetReason;
import dev.thaw.scheduler.live.EnvironmentSignals;
import dev.thaw.scheduler.live.Exchange;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Environments that are ready at once and echo, or hold an event that says {@code "hold.."} until told to go on. */
final class ScriptedEnvironments implements Environments {
    /** An invocation that waits for {@link #release}. */
    record Held(long environmentId, Exchange exchange, String event) {}

    final BlockingQueue<Held> held = new LinkedBlockingQueue<>();
    final AtomicInteger dispatched = new AtomicInteger();
    private final EnvironmentSignals signals;

    ScriptedEnvironments(EnvironmentSignals signals) {
        this.signals = signals;
    }

    @Override
    public void create(long environmentId, int functionId, int hostId, InitializationType type, long nowNs) {
        signals.sandboxCreated(environmentId);
        signals.runtimeConnected(environmentId);
        signals.ready(environmentId);
    }

    @Override
    public void dispatch(long environmentId, Invocation invocation, long nowNs) {
        dispatched.incrementAndGet();
        Exchange exchange = (Exchange) Objects.requireNonNull(invocation.exchange());
        ByteBuf payload = Objects.requireNonNull(exchange.payload);
        String event = payload.toString(StandardCharsets.UTF_8);
        exchange.payload = null;
        if (event.startsWith("\"hold")) {
            payload.release();
            held.add(new Held(environmentId, exchange, event));
        } else if (event.equals("\"exit\"")) {
            payload.release();
            exchange.errorType = "Runtime.ExitError";
            exchange.errorMessage =
                    "RequestId: " + exchange.requestId + " Error: Runtime exited without providing a reason";
            signals.runtimeExit(environmentId);
        } else if (event.equals("\"fail\"")) {
            payload.release();
            exchange.response = text("{\"errorMessage\":\"it broke\",\"errorType\":\"Oops\"}");
            end(environmentId, Outcome.FUNCTION_ERROR);
        } else if (event.equals("\"context\"")) {
            payload.release();
            exchange.response = text(exchange.clientContext + " " + exchange.traceId + " " + exchange.requestId);
            end(environmentId, Outcome.RESPONSE);
        } else if (event.startsWith("{\"version\":\"1.0\"")) {
            // A destination's record: with its echo in the next one it would double each time.
            payload.release();
            exchange.response = text("{}");
            end(environmentId, Outcome.RESPONSE);
        } else if (event.equals("\"arn\"")) {
            payload.release();
            exchange.response = text("\"" + exchange.invokedFunctionArn + "\"");
            end(environmentId, Outcome.RESPONSE);
        } else {
            exchange.response = payload;
            end(environmentId, Outcome.RESPONSE);
        }
    }

    void release(Held invocation, @Nullable String response) {
        invocation.exchange().response = response == null ? null : text(response);
        end(invocation.environmentId(), Outcome.RESPONSE);
    }

    @Override
    public void initialize(long environmentId, Invocation invocation, long nowNs) {
        signals.ready(environmentId);
    }

    @Override
    public void freeze(long environmentId, long nowNs) {}

    @Override
    public void thaw(long environmentId, long nowNs) {
        signals.thawed(environmentId);
    }

    @Override
    public void reset(long environmentId, ResetReason reason, long nowNs) {
        signals.reset(environmentId);
    }

    @Override
    public void destroy(long environmentId, DestroyReason reason, long nowNs) {
        signals.destroyed(environmentId);
    }

    private void end(long environmentId, Outcome outcome) {
        signals.response(environmentId, outcome);
        signals.ready(environmentId);
    }

    private static ByteBuf text(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
    }
}
