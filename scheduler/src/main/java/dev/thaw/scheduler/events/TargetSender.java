package dev.thaw.scheduler.events;

import java.util.function.Consumer;

/**
 * Takes deliveries to targets outside this server.
 *
 * <p>Threading: called on {@code thaw-events}; never blocks.
 */
@FunctionalInterface
interface TargetSender {
    /** Sends; {@code result} is told exactly once, on any thread. */
    void send(Delivery delivery, Consumer<Sent> result);

    /** How a delivery ended. */
    sealed interface Sent {
        /** The target has it. */
        record Done() implements Sent {}

        /**
         * The target does not have it.
         *
         * @param lasting trying again cannot help
         */
        record Failed(String problem, boolean lasting) implements Sent {}
    }
}
