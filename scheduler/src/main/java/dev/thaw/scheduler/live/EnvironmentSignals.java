package dev.thaw.scheduler.live;

import dev.thaw.scheduler.core.Outcome;

/**
 * What a real environment tells the scheduler: the way back of {@link dev.thaw.scheduler.core.Environments}. One
 * method for each {@code on..} of the scheduler; each posts to the inbox and returns. Never refused, never lost: the
 * inbox keeps room for them that invocations cannot take.
 *
 * <p>Threading: safe on any thread.
 */
public interface EnvironmentSignals {
    void sandboxCreated(long environmentId);

    void extensionsStarting(long environmentId);

    void extensionsRegistered(long environmentId);

    void runtimeConnected(long environmentId);

    void ready(long environmentId);

    void response(long environmentId, Outcome outcome);

    void initFailed(long environmentId);

    void runtimeExit(long environmentId);

    void thawed(long environmentId);

    void reset(long environmentId);

    void destroyed(long environmentId);

    /** Extensions of a version went on working for so long after the runtime had answered; counted, nothing else. */
    default void extensionsWorked(String functionName, String version, long durationNs) {}
}
