package dev.thaw.scheduler.virtual;

import org.jspecify.annotations.Nullable;

/**
 * How long an environment of a function takes for what is no handler's work. Inits share the host's CPU, everything else
 * is wall-clock time.
 *
 * @param create until the sandbox exists
 * @param initRuntime from there to the runtime's first connection, with the boost that a first init has
 * @param initFunction from there to ready
 * @param initMilliVcpus CPU that an init uses with its boost, in thousandths of a vCPU: 1000 is one thread. Repeated inside
 *     an invocation it has the memory's share instead and takes longer in proportion. 0: an init only waits, shares nothing
 *     and is never slowed down
 * @param thaw of a frozen one
 * @param reset until the runtime is gone
 * @param destroy until the room is free again
 * @param restore from create to ready where the function goes on from a snapshot, in place of init; it shares the CPU as an
 *     init does
 * @param local the same of any function, where its host has initialised one before and so has a snapshot of it; null where
 *     hosts keep none
 */
public record EnvironmentModel(
        DurationModel create,
        DurationModel initRuntime,
        DurationModel initFunction,
        int initMilliVcpus,
        DurationModel thaw,
        DurationModel reset,
        DurationModel destroy,
        DurationModel restore,
        @Nullable DurationModel local) {
    /** One thread. */
    public static final int DEFAULT_INIT_MILLI_VCPUS = 1_000;
    /** Takes no time for anything. */
    public static final EnvironmentModel NONE = of(
            DurationModel.NONE,
            DurationModel.NONE,
            DurationModel.NONE,
            0,
            DurationModel.NONE,
            DurationModel.NONE,
            DurationModel.NONE);

    public EnvironmentModel {
        VirtualHost.requireMilliVcpus("initMilliVcpus", initMilliVcpus, 0);
    }

    /** Of a function without snapshots, on hosts that keep none. */
    public static EnvironmentModel of(
            DurationModel create,
            DurationModel initRuntime,
            DurationModel initFunction,
            int initMilliVcpus,
            DurationModel thaw,
            DurationModel reset,
            DurationModel destroy) {
        return new EnvironmentModel(
                create, initRuntime, initFunction, initMilliVcpus, thaw, reset, destroy, DurationModel.NONE, null);
    }

    /** The same of a function that goes on from a snapshot, which takes so long. */
    public EnvironmentModel withRestore(DurationModel snapshot) {
        return new EnvironmentModel(
                create, initRuntime, initFunction, initMilliVcpus, thaw, reset, destroy, snapshot, local);
    }

    /** The same on hosts that keep a snapshot of what they have initialised, which starts in so long. */
    public EnvironmentModel withLocal(DurationModel snapshot) {
        return new EnvironmentModel(
                create, initRuntime, initFunction, initMilliVcpus, thaw, reset, destroy, restore, snapshot);
    }
}
