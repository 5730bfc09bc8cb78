package dev.thaw.cli;

import dev.thaw.runtimebridge.DeployedFunction;
import dev.thaw.runtimebridge.RuntimeBridge;
import dev.thaw.runtimebridge.Snapshot;
import dev.thaw.runtimebridge.SnapshotFailure;
import dev.thaw.sandbox.SandboxBackend;
import dev.thaw.sandbox.kernel.ScratchFolders;
import dev.thaw.scheduler.control.SnapshotRefused;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Snapshots that versions start from: made while the server runs, each in a folder that only its owner may enter, and gone
 * with the server. What is in them depends on the images of this host, which may be other ones the next time.
 *
 * <p>Threading: safe on any thread.
 */
final class Snapshots implements AutoCloseable {
    private final SandboxBackend backend;
    private final RuntimeBridge bridge;
    private final Path scratchDirectory;
    private @Nullable Path directory;

    Snapshots(SandboxBackend backend, RuntimeBridge bridge, Path scratchDirectory) {
        this.backend = backend;
        this.bridge = bridge;
        this.scratchDirectory = scratchDirectory;
    }

    /** Why there can be none, or null. */
    @Nullable
    String problem() {
        return backend.takesSnapshots()
                ? null
                : "must be None: sandboxes of this server's backend cannot be snapshots; start it with --backend microvm";
    }

    /** Initialises an environment of the function, for minutes at worst, and makes a snapshot of it. */
    Snapshot take(DeployedFunction function) throws IOException, SnapshotRefused, InterruptedException {
        String problem = problem();
        if (problem != null) {
            throw new SnapshotRefused("InternalError", problem);
        }
        Path folder = Files.createTempDirectory(directory(), "");
        try {
            return bridge.takeSnapshot(function, folder).get();
        } catch (ExecutionException e) {
            ScratchFolders.deleteTree(folder);
            if (e.getCause() instanceof SnapshotFailure failure) {
                throw new SnapshotRefused(failure.reasonCode(), String.valueOf(failure.getMessage()));
            }
            throw new IOException(e.getCause());
        }
    }

    private synchronized Path directory() throws IOException {
        Path made = directory;
        if (made == null) {
            made = Files.createTempDirectory(
                    scratchDirectory.toAbsolutePath(),
                    ScratchFolders.snapshotPrefix(),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            directory = made;
        }
        return made;
    }

    /** No environment will start from it any more. */
    static void delete(Snapshot snapshot) {
        deleteTree(snapshot.folder());
    }

    @Override
    public synchronized void close() {
        Path made = directory;
        if (made != null) {
            deleteTree(made);
        }
    }

    private static void deleteTree(Path folder) {
        try {
            ScratchFolders.deleteTree(folder);
        } catch (IOException busy) {
            // A later server removes it: its name says that we are gone.
            return;
        }
    }
}
