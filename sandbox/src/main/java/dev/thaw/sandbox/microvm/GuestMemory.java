package dev.thaw.sandbox.microvm;

import dev.thaw.sandbox.Architecture;

/**
 * How much memory a microVM takes, and who holds it (docs/architecture.md, "microVMs"): what the function may use, by its
 * group inside; the guest's kernel beside it; the VMM around both.
 */
final class GuestMemory {
    /** Kernel, its page tables, init, and pages of the images that are being read. */
    private static final int KERNEL_MIB = 96;
    /** The kernel describes each page of 4 KiB by 64 bytes. */
    private static final int PAGE_DESCRIPTION_SHARE = 64;
    /** Code that TCG translates to, most of it a kernel's. */
    static final int TRANSLATION_MIB = 64;

    private GuestMemory() {}

    /** What the guest sees as its machine's. */
    static int machineMib(int functionMib) {
        return functionMib + KERNEL_MIB + functionMib / PAGE_DESCRIPTION_SHARE;
    }

    /** What the host gives all of it at most. */
    static int limitMib(int functionMib, Vmm vmm, Accelerator accelerator) {
        return machineMib(functionMib) + vmm.overheadMib() + (accelerator == Accelerator.TCG ? TRANSLATION_MIB : 0);
    }

    /** What a microVM may cost beyond its function's memory. */
    static int overheadMib(int functionMib, Vmm vmm, Accelerator accelerator) {
        return limitMib(functionMib, vmm, accelerator) - functionMib;
    }

    /** The program that emulates a machine. */
    static String emulator(Architecture architecture) {
        return architecture == Architecture.ARM64 ? "qemu-system-aarch64" : "qemu-system-x86_64";
    }
}
