package dev.thaw.scheduler.control;

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
    private final ErrorHandler errorHandler;

    /** Runs these operations on a thread of its own. */
    public ControlPlane(List<Map<String, OperationHandler>> operations, ErrorHandler errorHandler) {
        this(new ControlThread(ControlThread.DEFAULT_QUEUE_LENGTH, errorHandler), operations, errorHandler);
    }

    /** Runs these operations on that thread, which ends with the plane. */
    public ControlPlane(
            ControlThread thread, List<Map<String, OperationHandler>> operations, ErrorHandler errorHandler) {
        this.thread = thread;
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

    /** The same where the input, which may be large, is read on the control plane's thread. */
    public CompletableFuture<@Nullable JsonNode> call(String operation, Supplier<OperationInput> input) {
        OperationHandler handler = handlers.get(operation);
        if (handler == null) {
            return CompletableFuture.failedFuture(ServiceFault.notServed(operation));
        }
        CompletableFuture<@Nullable JsonNode> answer = new CompletableFuture<>();
        if (!thread.offer(() -> run(operation, handler, input, answer))) {
            answer.completeExceptionally(ServiceFault.tooManyRequests());
        }
        return answer;
    }

    private void run(
            String operation,
            OperationHandler handler,
            Supplier<OperationInput> input,
            CompletableFuture<@Nullable JsonNode> answer) {
        try {
            answer.complete(handler.handle(input.get()));
        } catch (ServiceFault refusal) {
            answer.completeExceptionally(refusal);
        } catch (RuntimeException fault) {
            errorHandler.onError(new IllegalStateException(operation + ": " + fault, fault));
            answer.completeExceptionally(ServiceFault.internal());
        }
    }

    /** Takes no more calls, answers those that it took, and ends. */
    @Override
    public void close() {
        thread.close();
    }
}
