package dev.thaw.scheduler.virtual;

/**
 * What an invocation of a function does.
 *
 * @param handler how long the handler works where the arrival does not say, at the memory's full CPU share
 * @param overhang how long extensions, or the runtime, go on after the answer
 * @param milliVcpus CPU that all of it uses, in thousandths of a vCPU, {@link #MEMORY_SHARE} for all that the memory buys; 0
 *     for a handler that only waits and is never slowed down
 * @param overhead what handing over event and answer takes beside the handler, whose ever duration that is
 */
public record WorkModel(DurationModel handler, DurationModel overhang, int milliVcpus, DurationModel overhead) {
    /** {@link #milliVcpus} of a handler that is always at work. */
    public static final int MEMORY_SHARE = -1;

    public WorkModel {
        VirtualHost.requireMilliVcpus("milliVcpus", milliVcpus, MEMORY_SHARE);
    }

    /** Handed over in no time. */
    public WorkModel(DurationModel handler, DurationModel overhang, int milliVcpus) {
        this(handler, overhang, milliVcpus, DurationModel.NONE);
    }

    /** Works all the time, and ends with its answer. */
    public static WorkModel of(DurationModel handler) {
        return new WorkModel(handler, DurationModel.NONE, MEMORY_SHARE);
    }

    /** Only waits, and ends with its answer. */
    public static WorkModel waiting(DurationModel handler) {
        return new WorkModel(handler, DurationModel.NONE, 0);
    }
}
