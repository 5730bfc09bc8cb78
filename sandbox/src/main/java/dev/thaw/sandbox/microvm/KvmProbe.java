package dev.thaw.sandbox.microvm;

import dev.thaw.sandbox.Architecture;
import dev.thaw.sandbox.microvm.images.GuestFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether a VMM starts a guest with KVM on this host, by starting one: the device alone tells nothing, on a
 * machine that is itself a guest least of all.
 *
 * <p>Threading: safe on any thread but the backend's own; the first call does the work, others wait for it.
 */
final class KvmProbe implements VmmChoice.Probe {
    private static final Path DEVICE = Path.of("/dev/kvm");
    private static final int BOUND_SEC = 3;
    private static final int MEMORY_MIB = 128;

    private final MicroVmBackend backend;
    private final Vmm vmm;
    private @Nullable String answer;

    KvmProbe(MicroVmBackend backend, Vmm vmm) {
        this.backend = backend;
        this.vmm = vmm;
    }

    @Override
    public synchronized String problem() {
        String known = answer;
        if (known == null) {
            known = find();
            answer = known;
        }
        return known;
    }

    private String find() {
        if (!Files.exists(DEVICE)) {
            return DEVICE + " is not there";
        }
        try {
            return boot();
        } catch (IOException | RuntimeException failure) {
            return String.valueOf(failure.getMessage());
        }
    }

    private String boot() throws IOException {
        GuestFiles.Boot boot = backend.files().boot(Architecture.host());
        GuestFiles.Disks disks = new GuestFiles.Disks(List.of(), List.of());
        VmPlan plan = new VmPlan(
                vmm,
                Architecture.host(),
                Accelerator.KVM,
                1,
                GuestMemory.machineMib(MEMORY_MIB),
                boot.commandLine(),
                0);
        GuestState.Given given = GuestState.of(null, plan, boot, disks, backend.snapshots());
        given.state().close();
        Attempt attempt = new Attempt();
        backend.spawner().execute(() -> attempt.begin(plan, given.files()));
        return attempt.await();
    }

    /** One guest that need not do more than boot. */
    private final class Attempt implements Machine.Listener {
        private final CompletableFuture<String> outcome = new CompletableFuture<>();
        private final CompletableFuture<Machine> machine = new CompletableFuture<>();
        private final CompletableFuture<Boolean> removed = new CompletableFuture<>();

        void begin(VmPlan plan, VmFiles files) {
            try (files) {
                String name = "kvm-probe-" + vmm.label();
                machine.complete(Machine.launch(backend, name, MEMORY_MIB, plan, files.fds(), this));
            } catch (RuntimeException failure) {
                machine.completeExceptionally(failure);
            }
        }

        String await() {
            try {
                Machine launched = machine.get(BOUND_SEC, TimeUnit.SECONDS);
                String problem = within();
                launched.destroy();
                boolean _ = removed.get(BOUND_SEC, TimeUnit.SECONDS);
                return problem;
            } catch (ExecutionException | TimeoutException failure) {
                return failure.getCause() == null
                        ? "the attempt did not end"
                        : String.valueOf(failure.getCause().getMessage());
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
                return "interrupted";
            } finally {
                // One that is launched only now goes as well.
                var _ = machine.thenAccept(Machine::destroy);
            }
        }

        private String within() throws ExecutionException, InterruptedException {
            try {
                return outcome.get(BOUND_SEC, TimeUnit.SECONDS);
            } catch (TimeoutException late) {
                return DEVICE + " is there, but a guest does not boot with it within " + BOUND_SEC + " s";
            }
        }

        @Override
        public void onReady(BootTimes times) {
            outcome.complete("");
        }

        @Override
        public void onPrepared() {}

        @Override
        public void onPrepareFailed(String reason) {}

        @Override
        public void onExited(int index, int waitStatus) {}

        @Override
        public void onReset() {}

        @Override
        public void onCheckpointed() {}

        @Override
        public void onEnded(String reason) {
            outcome.complete(reason);
        }

        @Override
        public void onRemoved() {
            removed.complete(true);
        }
    }
}
