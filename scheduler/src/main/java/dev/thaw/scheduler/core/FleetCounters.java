package dev.thaw.scheduler.core;

import dev.thaw.results.FleetSample;

/**
 * Live counts of a scheduler: what its environments do now, and totals since it started. Kept up to date with every
 * decision, so reading is O(1).
 *
 * <p>Threading: read and written on the scheduler's thread only.
 */
public final class FleetCounters {
    private final EnvironmentTable table;

    int waiting;
    long created;
    long expired;
    long evicted;
    long prewarmed;
    long failed;
    long refused;
    long stale;

    FleetCounters(EnvironmentTable table) {
        this.table = table;
    }

    /** Environments being created, restored or in init. */
    public int starting() {
        return table.count(EnvironmentState.CREATING)
                + table.count(EnvironmentState.INIT_EXTENSION)
                + table.count(EnvironmentState.INIT_RUNTIME)
                + table.count(EnvironmentState.INIT_FUNCTION)
                + table.count(EnvironmentState.RESTORING);
    }

    /** Environments with an invocation, or still at work after they answered it. */
    public int busy() {
        return table.count(EnvironmentState.THAWING)
                + table.count(EnvironmentState.SUPPRESSED_INIT)
                + table.count(EnvironmentState.BUSY)
                + table.count(EnvironmentState.OVERHANG);
    }

    /** Environments ready and not frozen. */
    public int idle() {
        return table.count(EnvironmentState.IDLE);
    }

    public int frozen() {
        return table.count(EnvironmentState.FROZEN);
    }

    /** Environments whose runtime was stopped and has not started again. */
    public int resetting() {
        return table.count(EnvironmentState.RESETTING) + table.count(EnvironmentState.STOPPED);
    }

    /** Environments told to go that are not gone yet. */
    public int destroying() {
        return table.count(EnvironmentState.DESTROYING);
    }

    /** Invocations waiting for an environment. */
    public int waiting() {
        return waiting;
    }

    /** Environments that create was sent for. */
    public long created() {
        return created;
    }

    /** Environments destroyed by keep-alive. */
    public long expired() {
        return expired;
    }

    /** Environments destroyed for room. */
    public long evicted() {
        return evicted;
    }

    /** Environments that create was sent for ahead of invocations, because keep-alive expected one. */
    public long prewarmed() {
        return prewarmed;
    }

    /** Environments that went without being told to. */
    public long failed() {
        return failed;
    }

    public long refused() {
        return refused;
    }

    /** Events ignored because their environment is gone or in another state. */
    public long stale() {
        return stale;
    }

    /** A copy of all counts. */
    public FleetSample sample(long atNs) {
        return new FleetSample(
                atNs,
                starting(),
                busy(),
                idle(),
                frozen(),
                resetting(),
                waiting,
                created,
                expired,
                evicted,
                failed,
                refused);
    }
}
