package dev.thaw.loadgen;

import org.jspecify.annotations.Nullable;

/**
 * How a load is driven.
 *
 * @param target where requests go
 * @param recordWanted ask for the server's own record of each invocation
 * @param maxConnections open at once; an invocation beyond waits, and its wait counts
 * @param warmConnections opened before the run, so that the first invocations do not pay for them
 * @param requestTimeoutNs an answer later than this after the request is lost
 * @param drainTimeoutNs how long after the plan's end answers are awaited; the rest is lost
 * @param signing signs requests, or null
 * @param spinNs the last part of a wait is spent polling, as a sleeping thread wakes late
 */
public record DriverConfig(
        Target target,
        boolean recordWanted,
        @Nullable RequestSigning signing,
        int maxConnections,
        int warmConnections,
        long requestTimeoutNs,
        long drainTimeoutNs,
        long spinNs) {
    public static final int DEFAULT_MAX_CONNECTIONS = 2_000;
    public static final int DEFAULT_WARM_CONNECTIONS = 16;
    /** Lambda's longest timeout, 900 s (contract.md section 1), and room for a cold start before it. */
    public static final long DEFAULT_REQUEST_TIMEOUT_NS = 930_000_000_000L;

    public static final long DEFAULT_DRAIN_TIMEOUT_NS = DEFAULT_REQUEST_TIMEOUT_NS;
    /** The kernel's timer slack is 50 us. */
    public static final long DEFAULT_SPIN_NS = 60_000;

    public DriverConfig {
        require("connections", maxConnections, 1, 60_000);
        require("warm connections", warmConnections, 0, maxConnections);
        require("request timeout ns", requestTimeoutNs, 1, Long.MAX_VALUE / 4);
        require("drain timeout ns", drainTimeoutNs, 0, Long.MAX_VALUE / 4);
        require("spin ns", spinNs, 0, 1_000_000_000L);
    }

    public static DriverConfig of(Target target) {
        return new DriverConfig(
                target,
                true,
                null,
                DEFAULT_MAX_CONNECTIONS,
                DEFAULT_WARM_CONNECTIONS,
                DEFAULT_REQUEST_TIMEOUT_NS,
                DEFAULT_DRAIN_TIMEOUT_NS,
                DEFAULT_SPIN_NS);
    }

    public DriverConfig withRecordWanted(boolean wanted) {
        return new DriverConfig(
                target, wanted, signing, maxConnections, warmConnections, requestTimeoutNs, drainTimeoutNs, spinNs);
    }

    public DriverConfig withSigning(@Nullable RequestSigning by) {
        return new DriverConfig(
                target, recordWanted, by, maxConnections, warmConnections, requestTimeoutNs, drainTimeoutNs, spinNs);
    }

    public DriverConfig withConnections(int max, int warm) {
        return new DriverConfig(target, recordWanted, signing, max, warm, requestTimeoutNs, drainTimeoutNs, spinNs);
    }

    public DriverConfig withTimeouts(long requestNs, long drainNs) {
        return new DriverConfig(
                target, recordWanted, signing, maxConnections, warmConnections, requestNs, drainNs, spinNs);
    }

    public DriverConfig withSpinNs(long ns) {
        return new DriverConfig(
                target, recordWanted, signing, maxConnections, warmConnections, requestTimeoutNs, drainTimeoutNs, ns);
    }

    private static void require(String name, long value, long min, long max) {
        if (value < min || value > max) {
            throw new LoadException(name + ": '" + value + "', must be " + min + ".." + max);
        }
    }
}
