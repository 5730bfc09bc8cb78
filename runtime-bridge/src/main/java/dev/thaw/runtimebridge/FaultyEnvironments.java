package dev.thaw.runtimebridge;

import dev.thaw.scheduler.core.DestroyReason;
import dev.thaw.scheduler.core.Environments;
import dev.thaw.scheduler.core.InitializationType;
import dev.thaw.scheduler.core.Invocation;
import dev.thaw.scheduler.core.ResetReason;

/**
 * Environments whose events faults befall: draws, in the scheduler's order, what happens to each.
 *
 * <p>Threading: the scheduler's thread.
 */
final class FaultyEnvironments implements Environments {
    private final SandboxEnvironments real;

    FaultyEnvironments(SandboxEnvironments real) {
        this.real = real;
    }

    @Override
    public void dispatch(long environmentId, Invocation invocation, long nowNs) {
        if (real.of(environmentId).sandbox() instanceof FaultySandbox faulty) {
            faulty.beforeEvent();
        }
        real.dispatch(environmentId, invocation, nowNs);
    }

    @Override
    public void create(long environmentId, int functionId, int hostId, InitializationType type, long nowNs) {
        real.create(environmentId, functionId, hostId, type, nowNs);
    }

    @Override
    public void initialize(long environmentId, Invocation invocation, long nowNs) {
        real.initialize(environmentId, invocation, nowNs);
    }

    @Override
    public void freeze(long environmentId, long nowNs) {
        real.freeze(environmentId, nowNs);
    }

    @Override
    public void thaw(long environmentId, long nowNs) {
        real.thaw(environmentId, nowNs);
    }

    @Override
    public void reset(long environmentId, ResetReason reason, long nowNs) {
        real.reset(environmentId, reason, nowNs);
    }

    @Override
    public void destroy(long environmentId, DestroyReason reason, long nowNs) {
        real.destroy(environmentId, reason, nowNs);
    }
}
