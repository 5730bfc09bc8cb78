package dev.thaw.sandbox;

/** CPU that memory buys: {@value #MIB_OF_ONE_VCPU} MB is one vCPU (contract.md 1.2). */
public final class CpuShare {
    static final int MIB_OF_ONE_VCPU = 1769;
    /** The kernel refuses shorter quotas. */
    private static final long QUOTA_US_MIN = 1000;

    private static final int VCPUS_MAX = 6;

    private CpuShare() {}

    /** How many vCPUs the memory buys, whole ones, 1 to {@value #VCPUS_MAX}. */
    public static int vcpus(int memoryMib) {
        return Math.clamp((memoryMib + MIB_OF_ONE_VCPU - 1) / MIB_OF_ONE_VCPU, 1, VCPUS_MAX);
    }

    /** CPU time in each period. */
    public static long quotaUs(int memoryMib, int periodUs) {
        long quotaUs = Math.round((double) memoryMib * periodUs / MIB_OF_ONE_VCPU);
        return Math.max(QUOTA_US_MIN, quotaUs);
    }
}
