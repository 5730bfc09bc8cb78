package dev.thaw.scheduler.events;

import java.util.function.Consumer;

/**
 * Invokes functions from inside the server.
 *
 * <p>Threading: safe on any thread; never blocks.
 */
public interface EventInvoker {
    /** Starts one attempt; {@code result} is told exactly once, on any thread, maybe before this returns. */
    void invoke(FunctionEvent event, Consumer<AttemptResult> result);

    /** There is such a function, version or alias now. */
    boolean knows(String functionArn);
}
