package dev.thaw.scheduler.control;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What belongs to a function as a whole, versions and aliases together.
 *
 * @param reservedConcurrency null for none
 * @param recursiveLoop {@code Terminate} or {@code Allow}
 */
record FunctionRecord(
        String name, @Nullable Integer reservedConcurrency, Map<String, String> tags, String recursiveLoop) {
    static final String TERMINATE = "Terminate";

    static FunctionRecord of(String name, Map<String, String> tags) {
        return new FunctionRecord(name, null, tags, TERMINATE);
    }

    FunctionRecord {
        tags = Collections.unmodifiableMap(new TreeMap<>(tags));
    }

    boolean allowsLoops() {
        return !recursiveLoop.equals(TERMINATE);
    }

    FunctionRecord withReserved(@Nullable Integer other) {
        return new FunctionRecord(name, other, tags, recursiveLoop);
    }

    FunctionRecord withTags(Map<String, String> other) {
        return new FunctionRecord(name, reservedConcurrency, other, recursiveLoop);
    }

    FunctionRecord withRecursiveLoop(String other) {
        return new FunctionRecord(name, reservedConcurrency, tags, other);
    }
}
