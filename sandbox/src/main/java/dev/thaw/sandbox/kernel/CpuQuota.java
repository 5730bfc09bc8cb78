package dev.thaw.sandbox.kernel;

import dev.thaw.sandbox.CpuShare;

/**
 * The CPU time of one sandbox: what its memory buys, or more than that while it starts (contract.md 1.2).
 *
 * <p>Threading: its sandbox's lock.
 */
public final class CpuQuota {
    private static final int BOOST_CPUS = 2;

    private final ControlGroup group;
    private final long shareUs;
    private final long boostUs;

    public CpuQuota(ControlGroup group, int memoryMib) {
        this.group = group;
        shareUs = CpuShare.quotaUs(memoryMib, group.cpuPeriodUs());
        boostUs = Math.max(shareUs, (long) BOOST_CPUS * group.cpuPeriodUs());
    }

    public void boost() {
        group.setQuotaUs(boostUs);
    }

    public void restrict() {
        group.setQuotaUs(shareUs);
    }
}
