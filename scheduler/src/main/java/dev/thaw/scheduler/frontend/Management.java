package dev.thaw.scheduler.frontend;

import dev.thaw.scheduler.control.OperationInput;
import dev.thaw.scheduler.control.ServiceFault;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The control plane as the front end sees it.
 *
 * <p>Threading: called on event loops, which it must not block; the future may complete on any thread.
 */
@FunctionalInterface
public interface Management {
    /** A server without control plane: every operation is known and none is served. */
    Management NONE =
            (operation, input) -> CompletableFuture.<@Nullable JsonNode>failedFuture(ServiceFault.notServed(operation));

    /**
     * The operation's output, null for an empty body, or a {@link ServiceFault}.
     *
     * @param input read at most once, on the control plane's thread, because a body may be large
     */
    CompletableFuture<@Nullable JsonNode> call(String operation, Supplier<OperationInput> input);

    /** The deployment package whose SHA-256 this is, in hexadecimal: where it would lie; empty for none at all. */
    default Optional<Path> packageOf(String sha256) {
        return Optional.empty();
    }
}
