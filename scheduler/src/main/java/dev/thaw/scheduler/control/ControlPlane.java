package dev.thaw.scheduler.control;

import dev.thaw.scheduler.control.state.FullDisk;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.agrona.ErrorHandler;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Every management operation that is served, by the name that the service model gives it; runs them one at a time.
 *
 * <p>Threading: {@link #call} and {@link #serves} are safe on any thread; handlers run on {@code thaw-control}, and
 * futures complete there.
 */
public final class ControlPlane implements AutoCloseable {
    private final Map<String, OperationHandler> handlers = new HashMap<>();
    private final ControlThread thread;
    private final Changes changes;
    private final ErrorHandler errorHandler;

    /** Runs these operations on a thread of its own, and keeps nothing. */
    public ControlPlane(List<Map<String, OperationHandler>> operations, ErrorHandler errorHandler) {
        this(
                new ControlThread(ControlThread.DEFAULT_QUEUE_LENGTH, errorHandler),
                operations,
                Changes.NONE,
                errorHandler);
    }

    /** Runs these operations on that thread, which ends with the plane; each is a transaction of these changes. */
    public ControlPlane(
            ControlThread thread,
            List<Map<String, OperationHandler>> operations,
            Changes changes,
            ErrorHandler errorHandler) {
        this.thread = thread;
        this.changes = changes;
        this.errorHandler = errorHandler;
        for (Map<String, OperationHandler> some : operations) {
            some.forEach(this::add);
        }
    }

    private void add(String operation, OperationHandler handler) {
        if (handlers.put(operation, handler) != null) {
            throw new IllegalArgumentException("operation: " + operation + ", must have one handler");
        }
    }

    /** There is a handler of this operation. */
    public boolean serves(String operation) {
        return handlers.containsKey(operation);
    }

    /**
     * The operation's output, null for an empty body; or a {@link ServiceFault}, never any other exception. What the
     * future says is durable.
     */
    public CompletableFuture<@Nullable JsonNode> call(String operation, OperationInput input) {
        return call(operation, () -> input);
    }

    /** The same where the input, which may be large, is read on one of the control plane's threads. */
    public CompletableFuture<@Nullable JsonNode> call(String operation, Supplier<OperationInput> input) {
        OperationHandler handler = handlers.get(operation);
        if (handler == null) {
            return CompletableFuture.failedFuture(ServiceFault.notServed(operation));
        }
        Call call = new Call(operation);
        boolean taken = handler instanceof LongOperation work
                ? thread.prepare(() -> prepare(call, work, input))
                : thread.offer(() -> run(call, () -> handler.handle(input.get())));
        if (!taken) {
            call.refuse();
        }
        return call.answer;
    }

    private void prepare(Call call, LongOperation handler, Supplier<OperationInput> input) {
        LongOperation.Step step;
        try {
            step = handler.prepare(input.get());
        } catch (Throwable fault) {
            fail(call, fault);
            return;
        }
        boolean taken = thread.offer(() -> {
            run(call, step::run);
            step.release();
        });
        if (!taken) {
            step.release();
            call.refuse();
        }
    }

    private void run(Call call, Supplier<@Nullable JsonNode> work) {
        try {
            JsonNode output = work.get();
            changes.commit();
            call.answer.complete(output);
        } catch (Throwable fault) {
            undo(call);
            fail(call, fault);
        }
    }

    private void undo(Call call) {
        try {
            changes.rollback();
        } catch (Throwable fault) {
            report(call, fault);
        }
    }

    /** Whoever called is answered, whatever it was: an error of the machine's too. */
    private void fail(Call call, Throwable fault) {
        if (fault instanceof ServiceFault refusal) {
            call.answer.completeExceptionally(refusal);
            return;
        }
        try {
            report(call, fault);
        } finally {
            call.answer.completeExceptionally(
                    FullDisk.isCauseOf(fault) ? ServiceFault.diskFull() : ServiceFault.internal());
        }
    }

    private void report(Call call, Throwable fault) {
        errorHandler.onError(new IllegalStateException(call.operation + ": " + fault, fault));
    }

    /** Takes no more calls, answers those that it took, and ends. */
    @Override
    public void close() {
        thread.close();
    }

    /** One that has no answer yet. */
    private static final class Call {
        private final String operation;
        private final CompletableFuture<@Nullable JsonNode> answer = new CompletableFuture<>();

        private Call(String operation) {
            this.operation = operation;
        }

        private void refuse() {
            answer.completeExceptionally(ServiceFault.tooManyRequests());
        }
    }
}
