package dev.thaw.scheduler.core;

/**
 * Settings of the scheduler.
 *
 * @param accountConcurrency invocations served at the same time by all functions (contract.md section 7)
 * @param keepAliveNs how long an idle environment stays
 * @param initLimitNs limit of an on-demand init (contract.md section 2.1)
 * @param freezeDelayNs idle time before an environment is frozen, so that back-to-back invocations pay nothing
 * @param capacityWaitNs how long an accepted invocation may wait for room in the fleet before it is refused
 * @param maxEnvironments bound of all environments that exist at the same time
 */
public record SchedulerConfig(
        int accountConcurrency,
        long keepAliveNs,
        long initLimitNs,
        long freezeDelayNs,
        long capacityWaitNs,
        int maxEnvironments) {
    public static final int DEFAULT_ACCOUNT_CONCURRENCY = 1_000;
    public static final long DEFAULT_KEEP_ALIVE_NS = 600_000_000_000L;
    public static final long DEFAULT_INIT_LIMIT_NS = 10_000_000_000L;
    public static final long DEFAULT_FREEZE_DELAY_NS = 100_000_000L;
    public static final long DEFAULT_CAPACITY_WAIT_NS = 60_000_000_000L;
    public static final int DEFAULT_MAX_ENVIRONMENTS = 16_384;

    public SchedulerConfig {
        requireAtLeast("accountConcurrency", accountConcurrency, 1);
        requireAtLeast("keepAliveNs", keepAliveNs, 0);
        requireAtLeast("initLimitNs", initLimitNs, 1);
        requireAtLeast("freezeDelayNs", freezeDelayNs, 0);
        requireAtLeast("capacityWaitNs", capacityWaitNs, 0);
        requireAtLeast("maxEnvironments", maxEnvironments, 1);
    }

    public static SchedulerConfig defaults() {
        return new SchedulerConfig(
                DEFAULT_ACCOUNT_CONCURRENCY,
                DEFAULT_KEEP_ALIVE_NS,
                DEFAULT_INIT_LIMIT_NS,
                DEFAULT_FREEZE_DELAY_NS,
                DEFAULT_CAPACITY_WAIT_NS,
                DEFAULT_MAX_ENVIRONMENTS);
    }

    private static void requireAtLeast(String key, long value, long bound) {
        if (value < bound) {
            throw new IllegalArgumentException(key + " is " + value + ", must be " + bound + " or more");
        }
    }
}
