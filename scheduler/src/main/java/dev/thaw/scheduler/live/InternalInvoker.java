package dev.thaw.scheduler.live;

import dev.thaw.scheduler.core.Invocation;
import dev.thaw.scheduler.core.Outcome;
import dev.thaw.scheduler.core.Refusal;
import dev.thaw.scheduler.events.AttemptResult;
import dev.thaw.scheduler.events.EventInvoker;
import dev.thaw.scheduler.events.FunctionEvent;
import dev.thaw.scheduler.functions.FunctionReference;
import dev.thaw.scheduler.functions.FunctionRegistry;
import dev.thaw.scheduler.functions.InvocationRoute;
import dev.thaw.scheduler.functions.Lineage;
import dev.thaw.scheduler.functions.RegisteredFunction;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.agrona.concurrent.NanoClock;
import org.jspecify.annotations.Nullable;

/**
 * Invokes functions from inside the server, by the same inbox as clients do: events of asynchronous invocations and of
 * event sources.
 *
 * <p>Threading: safe on any thread. Results are told on the scheduler's thread, or the caller's where refused at once.
 */
public final class InternalInvoker implements EventInvoker {
    /** Ids of event loops begin with their index in the upper bits; ours lie above all of them. */
    private static final long FIRST_INVOCATION_ID = 0x4000L << 48;

    private final FunctionRegistry functions;
    private final Predicate<Invocation> inbox;
    private final NanoClock clock;
    private final AtomicLong nextInvocationId = new AtomicLong(FIRST_INVOCATION_ID);

    /** {@code inbox} takes an invocation, or says false: it is full. */
    public InternalInvoker(FunctionRegistry functions, Predicate<Invocation> inbox, NanoClock clock) {
        this.functions = functions;
        this.inbox = inbox;
        this.clock = clock;
    }

    @Override
    public boolean knows(String functionArn) {
        return find(functionArn) != null;
    }

    @Override
    public void invoke(FunctionEvent event, Consumer<AttemptResult> result) {
        InvocationRoute route = find(event.functionArn());
        if (route == null) {
            result.accept(new AttemptResult.Refused(404, "Function not found: " + event.functionArn()));
            return;
        }
        RegisteredFunction function =
                route.choose(new SplittableRandom(ThreadLocalRandom.current().nextLong()));
        if (functions.loops().drops(function.name(), event.traceId())) {
            result.accept(new AttemptResult.Recursive());
            return;
        }
        Exchange exchange = new Exchange();
        exchange.payload = Unpooled.wrappedBuffer(event.payload());
        exchange.requestId = event.requestId();
        exchange.traceId = Lineage.through(event.traceId(), function.name());
        exchange.clientContext = event.clientContext();
        exchange.invokedFunctionArn = route.invokedFunctionArn();
        exchange.executedVersion = function.version();
        Sink sink = new Sink(result);
        exchange.sink = sink;
        exchange.invocation.start(
                nextInvocationId.getAndIncrement(), function.functionId(), exchange, clock.nanoTime());
        if (!inbox.test(exchange.invocation)) {
            sink.refuse(exchange, Refusal.INBOX_FULL);
        }
    }

    private @Nullable InvocationRoute find(String functionArn) {
        FunctionReference reference = FunctionReference.parse(functionArn);
        return reference == null ? null : functions.resolve(reference);
    }

    /** Takes the answer out of its exchange, and releases what the exchange holds. */
    private final class Sink implements ExchangeSink {
        private final Consumer<AttemptResult> result;

        private Sink(Consumer<AttemptResult> result) {
            this.result = result;
        }

        @Override
        public void answer(Exchange exchange, Outcome outcome) {
            byte[] body = bodyOf(exchange);
            release(exchange);
            exchange.invocation.finish(clock.nanoTime());
            result.accept(new AttemptResult.Ran(exchange.executedVersion, exchange.functionFailed, body));
        }

        @Override
        public void refuse(Exchange exchange, Refusal refusal) {
            release(exchange);
            result.accept(
                    switch (refusal) {
                        case CONCURRENT_INVOCATION_LIMIT_EXCEEDED,
                                RESERVED_FUNCTION_CONCURRENT_INVOCATION_LIMIT_EXCEEDED,
                                SCALING_RATE_EXCEEDED,
                                INBOX_FULL -> new AttemptResult.Refused(429, "Rate Exceeded.");
                        case NO_CAPACITY, NEVER_FITS -> new AttemptResult.Refused(500, "No room for an environment.");
                        case RESTORE_FAILED -> new AttemptResult.Refused(400, "The environment could not be restored.");
                        case RESTORE_TIMED_OUT ->
                            new AttemptResult.Refused(408, "The environment could not be restored in time.");
                        case RETIRED ->
                            new AttemptResult.Refused(404, "Function not found: " + exchange.invokedFunctionArn);
                        case SHUTTING_DOWN -> new AttemptResult.Ended();
                    });
        }
    }

    private static byte[] bodyOf(Exchange exchange) {
        String errorType = exchange.errorType;
        if (errorType != null) {
            return FunctionError.json(errorType, Objects.requireNonNullElse(exchange.errorMessage, ""))
                    .getBytes(StandardCharsets.UTF_8);
        }
        ByteBuf response = exchange.response;
        return response == null ? new byte[0] : ByteBufUtil.getBytes(response);
    }

    private static void release(Exchange exchange) {
        ReferenceCountUtil.release(exchange.payload);
        ReferenceCountUtil.release(exchange.response);
        exchange.payload = null;
        exchange.response = null;
    }
}
