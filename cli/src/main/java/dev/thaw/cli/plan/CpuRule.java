package dev.thaw.cli.plan;

import dev.thaw.scheduler.core.FunctionSpec;

/**
 * How a handler's duration follows its memory: 1,769 MB buy one vCPU (contract.md section 1.2), what waits does not care, and
 * no handler works on more vCPUs at once than it was seen to use, one at least.
 *
 * @param usedVcpus CPU time over duration, at the memory that it was seen with
 * @param memoryMib that memory
 */
record CpuRule(double usedVcpus, int memoryMib) {
    CpuRule {
        if (!(usedVcpus >= 0)) {
            throw new IllegalArgumentException("usedVcpus is " + usedVcpus + ", must be 0 or more");
        }
    }

    /** So much of the duration is CPU, of one thread. */
    static CpuRule ofPart(double part, int memoryMib) {
        return new CpuRule(part * Math.min(1, share(memoryMib)), memoryMib);
    }

    private static double share(int mib) {
        return (double) mib / FunctionSpec.MEMORY_MIB_PER_VCPU;
    }

    private double speed(int mib) {
        return Math.min(share(mib), Math.max(1, Math.ceil(usedVcpus)));
    }

    /** How much of the duration is CPU, from 0 to 1. */
    double cpuPart() {
        return Math.min(1, usedVcpus / speed(memoryMib));
    }

    /** How many times as long it takes with another memory. */
    double factor(int mib) {
        double part = cpuPart();
        return mib == memoryMib ? 1 : 1 - part + part * speed(memoryMib) / speed(mib);
    }

    /** CPU that it uses then, in thousandths of a vCPU. */
    int milliVcpus(int mib) {
        return (int) Math.round(1_000 * usedVcpus / factor(mib));
    }
}
