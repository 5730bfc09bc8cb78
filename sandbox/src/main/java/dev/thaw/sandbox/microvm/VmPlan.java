package dev.thaw.sandbox.microvm;

import dev.thaw.sandbox.Architecture;

/**
 * What a microVM is made of.
 *
 * @param commandLine the kernel's
 * @param disks how many, read-only, in order
 */
record VmPlan(
        Vmm vmm,
        Architecture architecture,
        Accelerator accelerator,
        int vcpus,
        int machineMib,
        String commandLine,
        int disks) {}
