package dev.thaw.scheduler.control;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * An operation with work ahead that may take long and depends on no state, such as unpacking a deployment package.
 *
 * <p>Threading: {@link #prepare} on {@code thaw-prepare-..}, several at a time; its step on the control plane's thread.
 */
public interface LongOperation extends OperationHandler {
    /** Does what comes first. Throws {@link ServiceFault} to refuse. */
    Step prepare(OperationInput input);

    /** What is left to do. */
    interface Step {
        /** As {@link OperationHandler#handle}. */
        @Nullable
        JsonNode run();

        /** Lets go what was prepared, whether the step ran or not; after it is durable if it did. Any thread. */
        void release();
    }

    @Override
    default @Nullable JsonNode handle(OperationInput input) {
        Step step = prepare(input);
        try {
            return step.run();
        } finally {
            step.release();
        }
    }
}
