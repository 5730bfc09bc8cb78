package dev.thaw.scheduler.core;

/**
 * Capacity of one host. One machine is a fleet of one.
 *
 * @param name shown in records
 * @param memoryMib sum of the memory sizes that environments may take
 * @param milliVcpus sum of the CPU shares that environments may take, in thousandths of a vCPU (oversubscription is
 *     the caller's decision: state it where results are shown)
 */
public record HostSpec(String name, int memoryMib, int milliVcpus) {
    public HostSpec {
        if (memoryMib <= 0 || milliVcpus <= 0) {
            throw new IllegalArgumentException(
                    "host " + name + " needs memory and CPU, has " + memoryMib + " MiB and " + milliVcpus + " mVCPU");
        }
    }
}
