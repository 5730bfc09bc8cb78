package dev.thaw.sandbox.microvm;

import dev.thaw.sandbox.kernel.Kernel;
import dev.thaw.sandbox.microvm.snapshot.SnapshotStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Takes snapshots of QEMU's machines, and has machines go on from them.
 *
 * <p>Threading: safe on any thread; a QEMU is spoken to on a thread {@code vm-snapshot} of its own.
 */
final class VmSnapshots implements AutoCloseable {
    private static final Set<String> SAVING = Set.of("none", "setup", "active", "device", "wait-unplug");
    private static final Set<String> LOADING = Set.of("inmigrate");

    private final MicroVmBackend backend;
    private final SnapshotStore store = new SnapshotStore();
    private boolean watching;

    VmSnapshots(MicroVmBackend backend) {
        this.backend = backend;
    }

    /** What becomes of something that was asked for. */
    interface Outcome {
        void onDone();

        void onFailed(String reason);

        static Outcome of(Runnable done, Consumer<String> failed) {
            return new Outcome() {
                @Override
                public void onDone() {
                    done.run();
                }

                @Override
                public void onFailed(String reason) {
                    failed.accept(reason);
                }
            };
        }
    }

    /** A snapshot of this kind of machine, for another one to go on from: its parts are the caller's. */
    SnapshotStore.Parts open(Path folder, String machine) throws IOException {
        return store.open(folder, machine);
    }

    /** Stops a machine for ever and writes it down. {@code memory} is its own from now on. */
    void take(Machine machine, Path folder, GuestState memory, Outcome outcome) {
        attempt(outcome, () -> {
            int stateFd = Kernel.memoryFile("state", new byte[0]);
            try (memory) {
                save(machine.control(), stateFd);
                store.write(folder, memory.kind(), memory.memoryFd(), memory.bytes(), stateFd);
                watchFolders();
            } finally {
                Kernel.close(stateFd);
            }
        });
    }

    private synchronized void watchFolders() {
        if (!watching) {
            watching = true;
            backend.sweepSlowly(this::forgetGone);
        }
    }

    private synchronized boolean forgetGone() {
        watching = !store.forgetGone();
        return !watching;
    }

    private static void save(QemuControl control, int stateFd) throws IOException {
        control.execute("stop", "{}");
        control.ignoreSharedMemory();
        control.give("state", stateFd);
        control.execute("migrate", "{\"uri\":\"fd:state\"}");
        String end = control.awaitStatus("query-migrate", SAVING);
        if (!end.equals("completed")) {
            throw new IOException("QEMU says of the snapshot: " + end);
        }
    }

    /** Loads the devices of a machine that was started to go on; it waits then. {@code stateFd} is QEMU's number. */
    void load(Machine machine, int stateFd, Outcome outcome) {
        attempt(outcome, () -> {
            QemuControl control = machine.control();
            control.ignoreSharedMemory();
            control.execute("migrate-incoming", "{\"uri\":\"fd:" + stateFd + "\"}");
            String state = control.awaitStatus("query-status", LOADING);
            if (!state.equals("paused")) {
                throw new IOException("QEMU says of the restored machine: " + state);
            }
        });
    }

    /** Lets a loaded machine go on. */
    void go(Machine machine, Outcome outcome) {
        attempt(outcome, () -> machine.control().execute("cont", "{}"));
    }

    /** Something that speaks with QEMU. */
    private interface Step {
        void run() throws IOException;
    }

    private void attempt(Outcome outcome, Step step) {
        backend.converse("vm-snapshot", () -> {
            try {
                step.run();
            } catch (IOException | RuntimeException failure) {
                outcome.onFailed(String.valueOf(failure.getMessage()));
                return;
            }
            outcome.onDone();
        });
    }

    @Override
    public void close() {
        store.close();
    }
}
