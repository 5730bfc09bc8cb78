package dev.thaw.sandbox.microvm;

import dev.thaw.sandbox.Notch;
import dev.thaw.sandbox.kernel.GroupSettings;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Settings of {@link MicroVmBackend}.
 *
 * @param cpuPeriodUs length of a CPU quota period; empty: {@value #CPU_PERIOD_US}, and {@value #TRANSLATED_CPU_PERIOD_US}
 *     for guests that are translated
 * @param scratchDirectory where a backend keeps its own folder, on a file system of this host
 * @param accelerator what is to run guests of the host's architecture
 * @param program what is to be their VMM
 * @param preBooted how many machines of each kind that is wanted boot ahead of their functions
 * @param switchedOff control group duties to do without
 */
public record MicroVmConfig(
        OptionalInt cpuPeriodUs,
        Path scratchDirectory,
        Choice accelerator,
        Program program,
        int preBooted,
        Set<Notch> switchedOff) {
    private static final int CPU_PERIOD_US = 20_000;

    /**
     * Behind each wait for its quota a translated guest loses time: of what 128 MB buy in a short period a sixth, in this
     * one less than half of that (docs/benchmarks.md, "CPU share").
     */
    private static final int TRANSLATED_CPU_PERIOD_US = 100_000;

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

    /** Length of a period of guests that this runs. */
    public int cpuPeriodUs(Accelerator accelerator) {
        return cpuPeriodUs.orElse(accelerator == Accelerator.TCG ? TRANSLATED_CPU_PERIOD_US : CPU_PERIOD_US);
    }

    GroupSettings groups() {
        return new GroupSettings(cpuPeriodUs(Accelerator.KVM), THREADS_LIMIT, switchedOff);
    }
}
