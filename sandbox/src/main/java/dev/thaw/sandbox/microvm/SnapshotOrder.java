package dev.thaw.sandbox.microvm;

import dev.thaw.sandbox.Sandbox;
import dev.thaw.sandbox.SandboxEvents;
import dev.thaw.sandbox.microvm.VmSnapshots.Outcome;
import java.nio.file.Path;

/**
 * A snapshot that was asked for of one sandbox: answered once, whatever becomes of its machine.
 *
 * <p>Threading: safe on any thread.
 */
final class SnapshotOrder {
    private final Sandbox sandbox;
    private final SandboxEvents events;
    private final Path folder;
    private boolean answered;

    SnapshotOrder(Sandbox sandbox, SandboxEvents events, Path folder) {
        this.sandbox = sandbox;
        this.events = events;
        this.folder = folder;
    }

    /** The guest keeps nothing of this host any more. {@code memory} is a copy, for this alone. */
    void carryOut(VmSnapshots snapshots, Machine machine, GuestState memory) {
        snapshots.take(machine, folder, memory, Outcome.of(this::succeed, this::fail));
    }

    private void succeed() {
        if (answer()) {
            events.onSnapshotTaken(sandbox);
        }
    }

    void fail(String reason) {
        if (answer()) {
            events.onSnapshotFailed(sandbox, reason);
        }
    }

    private synchronized boolean answer() {
        boolean first = !answered;
        answered = true;
        return first;
    }
}
