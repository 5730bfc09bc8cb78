package dev.thaw.sandbox;

/**
 * What a sandbox tells its owner.
 *
 * <p>Threading: called on a thread of the backend; implementations hand over and return at once.
 */
public interface SandboxEvents {
    /** Built, with its Runtime API socket and its output pipe open; no process of the function has started. */
    void onCreated(Sandbox sandbox);

    /** Could not be built; nothing is left of it. {@code reason} is one line that names what and where. */
    void onCreateFailed(String reason);

    /**
     * The runtime ended by itself or was killed from outside (never called for a kill that {@code reset} or
     * {@code destroy} asked for).
     */
    void onExited(Sandbox sandbox, ExitStatus status);

    /** An external extension ended, as the runtime in {@link #onExited}; its index is that in {@link Sandbox#extensions}. */
    void onExtensionExited(Sandbox sandbox, int index, ExitStatus status);

    void onReset(Sandbox sandbox);

    /** It is a snapshot now, whole and on disk. */
    default void onSnapshotTaken(Sandbox sandbox) {}

    /** No snapshot came of it. {@code reason} is one line. */
    default void onSnapshotFailed(Sandbox sandbox, String reason) {}

    /** Nothing is left of it. */
    void onDestroyed(Sandbox sandbox);
}
