package dev.thaw.sandbox.microvm;

import dev.thaw.sandbox.CpuShare;
import dev.thaw.sandbox.SandboxSpec;
import dev.thaw.sandbox.microvm.images.GuestFiles;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What a sandbox's machine is made of.
 *
 * @param kind of machines that boot ahead and can stand for it; null for none
 */
record VmParts(VmPlan machine, GuestFiles.Boot boot, GuestFiles.Disks disks, PreBootedPool.@Nullable Kind kind) {
    /** A runtime's root, and a function's image. */
    private static final int PRE_BOOTED_DISKS = 2;

    /** May take seconds, where an image is still to be made. */
    static VmParts of(SandboxSpec spec, VmmChoice choice, GuestFiles files, boolean ahead) throws IOException {
        GuestFiles.Boot boot = files.boot(spec.architecture());
        GuestFiles.Disks disks = files.disks(spec);
        VmPlan machine = new VmPlan(
                choice.vmm(spec.architecture()),
                spec.architecture(),
                choice.accelerator(spec.architecture()),
                CpuShare.vcpus(spec.memoryMib()),
                GuestMemory.machineMib(spec.memoryMib()),
                boot.commandLine(),
                disks.images().size(),
                spec.snapshot() != null);
        PreBootedPool.Kind kind = ahead && canBootAhead(spec, machine)
                ? new PreBootedPool.Kind(machine, boot, disks.images().getFirst(), spec.memoryMib())
                : null;
        return new VmParts(machine, boot, disks, kind);
    }

    /** What is to be a snapshot boots with its own disks: what goes on from it has them as well. */
    private static boolean canBootAhead(SandboxSpec spec, VmPlan machine) {
        return machine.vmm() instanceof Qemu
                && machine.disks() == PRE_BOOTED_DISKS
                && !machine.isRestored()
                && !"snap-start".equals(spec.environment().get("AWS_LAMBDA_INITIALIZATION_TYPE"));
    }
}
