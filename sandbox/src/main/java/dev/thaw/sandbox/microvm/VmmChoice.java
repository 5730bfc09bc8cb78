package dev.thaw.sandbox.microvm;

import dev.thaw.sandbox.Architecture;
import dev.thaw.sandbox.Isolation.Feature;
import dev.thaw.sandbox.microvm.MicroVmConfig.Choice;
import dev.thaw.sandbox.microvm.MicroVmConfig.Program;
import org.jspecify.annotations.Nullable;

/**
 * Which VMM runs a guest, and by what: Firecracker where it is there and a guest boots with it, QEMU for all else.
 *
 * <p>Threading: safe on any thread but the backend's own; the first call takes as long as its probes do.
 */
final class VmmChoice {
    /** Said wherever it is told what Firecracker does here. */
    static final String UNPROVEN = "thaw's tests drive it by its published API, not on hardware";

    private static final Qemu QEMU = new Qemu();

    /** Tries to boot a guest with KVM; keeps the answer. */
    interface Probe {
        /** Why none boots; empty where one does. */
        String problem();
    }

    private final MicroVmConfig config;
    private final Probe qemuProbe;
    private final @Nullable Firecracker firecracker;
    private final Probe firecrackerProbe;

    /** {@code firecracker} is null where there is none. */
    VmmChoice(MicroVmConfig config, Probe qemuProbe, @Nullable Firecracker firecracker, Probe firecrackerProbe) {
        this.config = config;
        this.qemuProbe = qemuProbe;
        this.firecracker = firecracker;
        this.firecrackerProbe = firecrackerProbe;
    }

    /** @throws IllegalStateException where what is asked for cannot be */
    Vmm vmm(Architecture architecture) {
        String problem = firecrackerProblem(architecture);
        if (firecracker != null && problem.isEmpty()) {
            return firecracker;
        }
        if (config.program() == Program.FIRECRACKER) {
            throw new IllegalStateException("Firecracker is asked for and cannot be used: " + problem);
        }
        return QEMU;
    }

    /** Of guests of the host's architecture at least; all others are QEMU's. */
    boolean takesSnapshots() {
        try {
            return vmm(Architecture.host()).takesSnapshots();
        } catch (IllegalStateException none) {
            return false;
        }
    }

    /** What is to run the guests of that VMM. */
    Accelerator accelerator(Architecture architecture) {
        if (vmm(architecture) instanceof Firecracker) {
            return Accelerator.KVM;
        }
        if (architecture != Architecture.host()) {
            return Accelerator.TCG;
        }
        String problem = kvmProblem();
        if (problem.isEmpty()) {
            return Accelerator.KVM;
        }
        if (config.accelerator() == Choice.KVM) {
            throw new IllegalStateException("KVM is asked for and cannot be used: " + problem);
        }
        return Accelerator.TCG;
    }

    /** What a microVM may take of its host beside the function's memory; 0 where there can be none. */
    int overheadMib(Architecture architecture, int memoryMib) {
        try {
            return GuestMemory.overheadMib(memoryMib, vmm(architecture), accelerator(architecture));
        } catch (IllegalStateException none) {
            return 0;
        }
    }

    /** Why QEMU boots no guest with KVM; empty where it does. */
    String kvmProblem() {
        return config.accelerator() == Choice.TCG ? "switched off" : qemuProbe.problem();
    }

    private String firecrackerProblem(Architecture architecture) {
        if (config.program() == Program.QEMU) {
            return "switched off";
        }
        if (firecracker == null) {
            return "firecracker is not on PATH";
        }
        if (architecture != Architecture.host()) {
            return "it runs no " + architecture.key() + " guests on this host";
        }
        return config.accelerator() == Choice.TCG ? "it needs KVM, which is switched off" : firecrackerProbe.problem();
    }

    /** One line for who asks what this host has. */
    Feature feature() {
        String problem = firecrackerProblem(Architecture.host());
        String detail = problem.isEmpty() ? "a guest boots with it" : problem + "; guests run in QEMU";
        return new Feature("Firecracker", problem.isEmpty(), detail + " (" + UNPROVEN + ")");
    }
}
