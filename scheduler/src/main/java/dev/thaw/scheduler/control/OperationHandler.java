package dev.thaw.scheduler.control;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Serves one operation of the management API.
 *
 * <p>Threading: called on the control plane's thread, one call at a time; may block on files.
 */
@FunctionalInterface
public interface OperationHandler {
    /** The output as the service model shapes it; null for an empty body. Throws {@link ServiceFault} to refuse. */
    @Nullable
    JsonNode handle(OperationInput input);
}
