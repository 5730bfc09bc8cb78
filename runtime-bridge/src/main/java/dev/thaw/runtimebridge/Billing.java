package dev.thaw.runtimebridge;

/** What an invocation costs its owner, in ms (contract.md section 8, C1 to C3). Pure. */
final class Billing {
    private static final long NS_PER_MS = 1_000_000;

    private Billing() {}

    /**
     * Rounds up to whole ms. A timed-out invocation is billed its timeout although it took a little longer (C3). Init in
     * its own phase is billed for runtimes that the owner brings (C2); pass 0 where there was none.
     */
    static long billedMs(String runtime, long durationNs, long initNs, boolean timedOut, long timeoutNs) {
        long chargedNs = timedOut ? Math.min(durationNs, timeoutNs) : durationNs;
        long initChargedNs = isOwnersRuntime(runtime) ? Math.max(0, initNs) : 0;
        return Math.ceilDiv(chargedNs + initChargedNs, NS_PER_MS);
    }

    /** What the rule since 2025-08-01 bills beyond that: the init of any runtime. */
    static long unbilledInitMs(String runtime, long durationNs, long initNs, boolean timedOut, long timeoutNs) {
        if (initNs <= 0 || isOwnersRuntime(runtime)) {
            return 0;
        }
        return billedMs("", durationNs, initNs, timedOut, timeoutNs)
                - billedMs(runtime, durationNs, initNs, timedOut, timeoutNs);
    }

    private static boolean isOwnersRuntime(String runtime) {
        return runtime.isEmpty() || runtime.startsWith("provided");
    }
}
