package dev.thaw.scheduler.live;

import dev.thaw.scheduler.core.SchedulerConfig;

/**
 * Threads and bounds of an {@link Engine}.
 *
 * @param layout which threads there are
 * @param eventLoops I/O threads of the dedicated layout; the fused one has one thread for everything
 * @param idleStrategy of the dedicated scheduler thread: {@code busy-spin}, {@code yielding}, {@code backoff} or
 *     {@code sleeping}
 * @param inboxInvocations invocations are refused while so many messages wait for the scheduler
 * @param drainLimit most messages of one duty cycle
 * @param maxEnvironments as {@link SchedulerConfig#maxEnvironments()}: sizes the inbox
 */
public record EngineConfig(
        ThreadLayout layout,
        int eventLoops,
        String idleStrategy,
        int inboxInvocations,
        int drainLimit,
        int maxEnvironments) {
    public static final String DEFAULT_IDLE_STRATEGY = "backoff";
    public static final int DEFAULT_INBOX_INVOCATIONS = 8_192;
    public static final int DEFAULT_DRAIN_LIMIT = 64;

    public EngineConfig {
        requireAtLeast("eventLoops", eventLoops, 1);
        requireAtLeast("inboxInvocations", inboxInvocations, 1);
        requireAtLeast("drainLimit", drainLimit, 1);
        requireAtLeast("maxEnvironments", maxEnvironments, 1);
        if (!IdleStrategies.NAMES.contains(idleStrategy)) {
            throw new IllegalArgumentException(
                    "idleStrategy: " + idleStrategy + ", must be one of " + IdleStrategies.NAMES);
        }
    }

    /** The given layout with one event loop and every other default. */
    public static EngineConfig of(ThreadLayout layout) {
        return new EngineConfig(
                layout,
                1,
                DEFAULT_IDLE_STRATEGY,
                DEFAULT_INBOX_INVOCATIONS,
                DEFAULT_DRAIN_LIMIT,
                SchedulerConfig.DEFAULT_MAX_ENVIRONMENTS);
    }

    private static void requireAtLeast(String key, int value, int bound) {
        if (value < bound) {
            throw new IllegalArgumentException(key + ": " + value + ", must be " + bound + " or more");
        }
    }
}
