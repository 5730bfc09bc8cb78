package dev.thaw.scheduler.virtual;

import dev.thaw.scheduler.core.Invocation;
import org.jspecify.annotations.Nullable;

/** An invocation in virtual time, used again once it has ended. */
final class Job {
    final Invocation invocation = new Invocation();
    /** What its handler needs where nothing disturbs it. */
    long workNs;
    /** The same with what handing it over takes; known once an environment has it. */
    long handedNs;

    @Nullable
    Job nextFree;

    static Job of(Invocation invocation) {
        if (invocation.exchange() instanceof Job job) {
            return job;
        }
        throw new IllegalStateException("invocation " + invocation.invocationId() + " is not of this simulation");
    }
}
