package dev.thaw.scheduler.virtual;

import dev.thaw.scheduler.core.Invocation;
import dev.thaw.scheduler.core.Outcome;
import dev.thaw.scheduler.core.Refusal;

/** Sees every ending, and every environment come and go; what it is given is only valid during the call. */
public interface SimulationListener {
    /** Sees nothing. */
    SimulationListener NONE = new SimulationListener() {};

    /** {@link Invocation#invocationId} is its ordinal among the function's arrivals. */
    default void ended(Invocation invocation, Outcome outcome, long nowNs) {}

    default void refused(Invocation invocation, Refusal refusal, long nowNs) {}

    default void created(long environmentId, int functionId, int hostId, long nowNs) {}

    /** Its destruction begins. */
    default void destroyed(long environmentId, long nowNs) {}
}
