package dev.thaw.sandbox.microvm;

import dev.thaw.sandbox.Architecture;

/**
 * What a microVM is made of.
 *
 * @param commandLine the kernel's
 * @param disks how many, read-only, in order
 * @param isRestored it goes on from a snapshot instead of booting
 */
record VmPlan(
        Vmm vmm,
        Architecture architecture,
        Accelerator accelerator,
        int vcpus,
        int machineMib,
        String commandLine,
        int disks,
        boolean isRestored) {
    /** One that boots. */
    VmPlan(
            Vmm vmm,
            Architecture architecture,
            Accelerator accelerator,
            int vcpus,
            int machineMib,
            String commandLine,
            int disks) {
        this(vmm, architecture, accelerator, vcpus, machineMib, commandLine, disks, false);
    }
}
