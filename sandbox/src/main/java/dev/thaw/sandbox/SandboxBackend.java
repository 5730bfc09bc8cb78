package dev.thaw.sandbox;

import org.jspecify.annotations.Nullable;

/**
 * A way of isolating functions on this host.
 *
 * <p>Threading: all methods are safe on any thread. {@link #create} returns at once.
 */
public interface SandboxBackend extends AutoCloseable {
    /** What this host can do, and why it cannot do the rest. Cheap after the first call. */
    Isolation isolation();

    /** Builds a sandbox; answered by {@code onCreated} or {@code onCreateFailed}. */
    void create(SandboxSpec spec, SandboxEvents events);

    /** Sandboxes that differ from this one in their name and variables may be asked for: what can be done ahead is. */
    default void expect(SandboxSpec spec) {}

    /** Whether its sandboxes can be made snapshots of, and restored from them. Cheap. */
    default boolean takesSnapshots() {
        return false;
    }

    /** Memory that a sandbox may take of its host beside the function's own. Cheap after the first call. */
    default int overheadMib(Architecture architecture, int memoryMib) {
        return 0;
    }

    /** What of its work an event loop may do; null where there is none. */
    default @Nullable LoopWork loopWork() {
        return null;
    }

    /** Destroys every sandbox that is left, waits for it, frees the backend's threads. */
    @Override
    void close();
}
