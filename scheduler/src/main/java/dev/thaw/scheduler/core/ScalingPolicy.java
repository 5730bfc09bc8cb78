package dev.thaw.scheduler.core;

/**
 * How fast new environments may come, for invocations that wait or are expected; those of provisioned concurrency are not asked about.
 * Every policy passes the same contract suite.
 *
 * <p>Threading: the scheduler's; time is an argument and never goes backwards.
 */
public interface ScalingPolicy {
    /**
     * One more environment may be created for the function now. Changes nothing that {@link #onCreate} does not.
     *
     * @param group of the function's name: all its versions have the same one; dense
     */
    boolean permits(int group, long nowNs);

    /** An environment is being created, which was permitted just before. */
    void onCreate(int group, long nowNs);
}
