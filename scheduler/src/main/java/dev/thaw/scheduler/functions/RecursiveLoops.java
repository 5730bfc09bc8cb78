package dev.thaw.scheduler.functions;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/**
 * Ends chains of invocations that come back to a function again and again, unless its owner allows them
 * (RecursiveLoop: {@code Terminate} or {@code Allow}); counts what it ends (RecursiveInvocationsDropped).
 *
 * <p>Threading: safe on any thread.
 */
public final class RecursiveLoops {
    /** Invocations of a function in one chain; the next is dropped. */
    public static final int MAX_INVOCATIONS = 16;

    private final Set<String> allowed = ConcurrentHashMap.newKeySet();
    private final Map<String, LongAdder> dropped = new ConcurrentHashMap<>();

    RecursiveLoops() {}

    /** Says whether the function may go on running in a loop. */
    public void allow(String name, boolean allows) {
        if (allows) {
            allowed.add(name);
        } else {
            allowed.remove(name);
        }
    }

    /** Whether an invocation that comes with this trace header is to be dropped; it is counted then. */
    public boolean drops(String name, String traceId) {
        if (Lineage.count(traceId, name) < MAX_INVOCATIONS || allowed.contains(name)) {
            return false;
        }
        dropped.computeIfAbsent(name, _ -> new LongAdder()).increment();
        return true;
    }

    /** By function. */
    public Map<String, Long> dropped() {
        return dropped.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(
                        Map.Entry::getKey, each -> each.getValue().sum()));
    }
}
