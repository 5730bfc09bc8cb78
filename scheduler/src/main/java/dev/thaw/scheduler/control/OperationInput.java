package dev.thaw.scheduler.control;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * One call of a management operation, taken out of its HTTP request.
 *
 * @param requestId of this call; its answer's {@code x-amzn-RequestId}
 * @param labels parts of the path by the names that the service model gives them, decoded: {@code FunctionName}
 * @param query parameters, decoded
 * @param body empty where the request had none; a deployment package, {@code ZipFile}, is a binary node in it, decoded
 */
public record OperationInput(
        String requestId, Map<String, String> labels, Map<String, List<String>> query, ObjectNode body) {
    /** A part of the path, which the route has guaranteed. */
    public String label(String name) {
        String value = labels.get(name);
        if (value == null) {
            throw new IllegalArgumentException("label: " + name + ", is not in this operation's path");
        }
        return value;
    }

    /** The first value of a query parameter, or null. */
    public @Nullable String query(String name) {
        List<String> values = query.get(name);
        return values == null || values.isEmpty() ? null : values.getFirst();
    }
}
