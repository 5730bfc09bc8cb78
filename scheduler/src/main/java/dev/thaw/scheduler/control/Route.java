package dev.thaw.scheduler.control;

import java.util.Map;

/** Where a request of the management API leads. */
public sealed interface Route {
    /**
     * An operation.
     *
     * @param labels parts of the path by their names, decoded
     */
    record Found(Operation operation, Map<String, String> labels) implements Route {}

    /**
     * The path has operations, but not by this method.
     *
     * @param allowed methods that it has, for the header {@code Allow}
     */
    record WrongMethod(String allowed) implements Route {}

    /** No operation has such a path. */
    record UnknownPath() implements Route {}
}
