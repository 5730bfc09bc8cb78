package dev.thaw.results;

/**
 * Environments of a server at one instant, and its counters since it started. Served as JSON by
 * {@code GET /_thaw/fleet}, sampled once a second during a run.
 *
 * @param atNs when, on the clock of whoever keeps the sample
 * @param starting environments being created or in init
 * @param busy environments at work
 * @param idle environments ready and not frozen
 * @param frozen environments frozen
 * @param resetting environments whose runtime was stopped and has not started again
 * @param waiting invocations waiting for an environment
 * @param created environments created so far
 * @param expired environments destroyed by keep-alive so far
 * @param evicted environments destroyed for room so far
 * @param failed environments lost so far
 * @param refused invocations refused so far
 */
public record FleetSample(
        long atNs,
        int starting,
        int busy,
        int idle,
        int frozen,
        int resetting,
        int waiting,
        long created,
        long expired,
        long evicted,
        long failed,
        long refused) {}
