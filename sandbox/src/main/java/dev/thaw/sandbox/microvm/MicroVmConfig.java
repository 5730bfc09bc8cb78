package dev.thaw.sandbox.microvm;

import dev.thaw.sandbox.Notch;
import dev.thaw.sandbox.kernel.GroupSettings;
import java.nio.file.Path;
import java.util.Set;

/**
 * Settings of {@link MicroVmBackend}.
 *
 * @param cpuPeriodUs length of a CPU quota period
 * @param scratchDirectory where a backend keeps its own folder, on a file system of this host
 * @param accelerator what is to run guests of the host's architecture
 * @param program what is to be their VMM
 * @param preBooted how many machines of each kind that is wanted boot ahead of their functions
 * @param switchedOff control group duties to do without
 */
public record MicroVmConfig(
        int cpuPeriodUs,
        Path scratchDirectory,
        Choice accelerator,
        Program program,
        int preBooted,
        Set<Notch> switchedOff) {
    /** Threads of a VMM: vCPUs, its loop, and those that wait for the host's disks. */
    private static final int THREADS_LIMIT = 128;

    /** What is asked for. */
    public enum Choice {
        /** KVM where a guest boots with it. */
        AUTO,
        /** KVM or nothing. */
        KVM,
        TCG
    }

    /** Which VMM is asked for. */
    public enum Program {
        /** Firecracker where a guest boots with it. */
        AUTO,
        QEMU,
        /** Firecracker or nothing. */
        FIRECRACKER
    }

    public MicroVmConfig {
        switchedOff = Set.copyOf(switchedOff);
    }

    GroupSettings groups() {
        return new GroupSettings(cpuPeriodUs, THREADS_LIMIT, switchedOff);
    }
}
