package dev.thaw.sandbox.microvm;

import dev.thaw.sandbox.Architecture;
import dev.thaw.sandbox.kernel.BubblewrapCommand;
import dev.thaw.sandbox.kernel.HostPrograms;
import dev.thaw.sandbox.kernel.LocalSocket;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Firecracker: guests of the host's architecture, with KVM. It starts empty and is told what to boot at its API; its guest
 * connects to the host by way of a socket in the jail. Its own filters of system calls are on; its own jailer is not
 * used, since it is held by the same jail as QEMU.
 *
 * @param program its path
 */
record Firecracker(String program) implements Vmm {
    private static final String VCPU_THREAD = "fc_vcpu";
    /** Its makers promise at most 5 MiB for its threads; beside them there are page tables and what it buffers. */
    private static final int OVERHEAD_MIB = 24;

    private static final int API_BOUND_MS = 5_000;
    /** Its makers promise 60 ms to its socket, on a host that is not full. */
    private static final int START_BOUND_MS = 5_000;

    private static final int START_POLL_MS = 1;

    /** The one on {@code PATH}. */
    static @Nullable Firecracker find() {
        Optional<String> program = HostPrograms.find("firecracker");
        return program.isPresent() ? new Firecracker(program.get()) : null;
    }

    @Override
    public String label() {
        return "Firecracker";
    }

    @Override
    public String program(Architecture architecture) {
        return program;
    }

    @Override
    public BubblewrapCommand jail(String path, boolean kvm) {
        // It may be linked to the host's libraries, though its makers' is not.
        return VmJail.withLibraries(path, kvm).add("--dir", FirecrackerControl.FOLDER);
    }

    @Override
    public List<String> command(String path, VmPlan plan) {
        return List.of(path, "--api-sock", FirecrackerControl.API_SOCKET, "--level", "Error");
    }

    @Override
    public boolean isWired() {
        return false;
    }

    /** Its API has them, this backend does not use it for them. */
    @Override
    public boolean takesSnapshots() {
        return false;
    }

    @Override
    public boolean isVcpu(String threadName) {
        return threadName.startsWith(VCPU_THREAD);
    }

    @Override
    public int overheadMib() {
        return OVERHEAD_MIB;
    }

    @Override
    public GuestChannel open(GuestChannels channels, VmProcess process, GuestEvents events) {
        return channels.expect();
    }

    @Override
    public void boot(MicroVmBackend backend, Machine machine, VmPlan plan) {
        backend.converse("vm-boot", () -> {
            try {
                tell(backend, machine, plan);
            } catch (IOException | RuntimeException failure) {
                machine.refuse(String.valueOf(failure.getMessage()));
            }
        });
    }

    private static void tell(MicroVmBackend backend, Machine machine, VmPlan plan) throws IOException {
        try (FirecrackerApi api = connect(machine)) {
            // A file of the jail's can only be made by a user whom the jail knows: the spawning thread's.
            String path = machine.inJail(FirecrackerControl.VSOCK + "_" + FirecrackerControl.CHANNEL_PORT);
            int listening = CompletableFuture.supplyAsync(() -> LocalSocket.listen(path), backend.spawner()::execute)
                    .join();
            backend.channels().await(machine.channel(), listening, machine);
            new FirecrackerControl(api).boot(plan);
        } catch (CompletionException failure) {
            throw new IOException("no socket for the guest's channel: " + failure.getCause(), failure);
        }
    }

    /** Its jail is made, and it is started, while this waits. */
    private static FirecrackerApi connect(Machine machine) throws IOException {
        Path socket = Path.of(machine.inJail(FirecrackerControl.API_SOCKET));
        for (int waitedMs = 0; !machine.isOver(); waitedMs += START_POLL_MS) {
            try {
                return FirecrackerApi.connect(socket, API_BOUND_MS);
            } catch (IOException notYet) {
                if (waitedMs >= START_BOUND_MS) {
                    throw new IOException("Firecracker opens no API socket within " + START_BOUND_MS + " ms", notYet);
                }
            }
            pause();
        }
        throw new IOException("Firecracker ended before it opened its API socket");
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(START_POLL_MS);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", stop);
        }
    }
}
