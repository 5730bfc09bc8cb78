package dev.thaw.sandbox;

/** CPU that memory buys: {@value #MIB_OF_ONE_VCPU} MB is one vCPU (contract.md 1.2). */
public final class CpuShare {
    static final int MIB_OF_ONE_VCPU = 1769;
    /** The kernel refuses shorter quotas. */
    private static final long QUOTA_US_MIN = 1000;

    private CpuShare() {}

    /** CPU time in each period. */
    public static long quotaUs(int memoryMib, int periodUs) {
        long quotaUs = Math.round((double) memoryMib * periodUs / MIB_OF_ONE_VCPU);
        return Math.max(QUOTA_US_MIN, quotaUs);
    }
}
