package dev.thaw.runtimebridge;

import dev.thaw.scheduler.core.DestroyReason;
import dev.thaw.scheduler.core.Environments;
import dev.thaw.scheduler.core.InitializationType;
import dev.thaw.scheduler.core.Invocation;
import dev.thaw.scheduler.core.Outcome;
import dev.thaw.scheduler.core.ResetReason;
import dev.thaw.scheduler.live.EnvironmentSignals;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * Passes commands and signals of environments on, and lets a test wait for what they say.
 *
 * <p>Threading: safe on any thread.
 */
final class Watch {
    private static final long BOUND_SEC = 30;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    /** Who has answered and not asked again. */
    private final Set<Long> overhanging = new HashSet<>();

    private final Set<Long> frozen = new HashSet<>();
    private int resets;

    EnvironmentSignals signals(EnvironmentSignals to) {
        return new WatchedSignals(to);
    }

    Environments environments(Environments to) {
        return new WatchedEnvironments(to);
    }

    /** Returns once no environment is at work any more: a runtime may ask late for its next event. */
    void awaitRest() {
        await("rest of every environment", overhanging::isEmpty);
    }

    /** Returns once environments have been reset so many times in all. */
    void awaitResets(int count) {
        await(count + " resets", () -> resets >= count);
    }

    /** Returns once some environment has been told to freeze, and not to thaw since. */
    void awaitFrozen() {
        await("a frozen environment", () -> !frozen.isEmpty());
    }

    private void await(String what, BooleanSupplier condition) {
        lock.lock();
        try {
            long leftNs = TimeUnit.SECONDS.toNanos(BOUND_SEC);
            while (!condition.getAsBoolean()) {
                if (leftNs <= 0) {
                    throw new IllegalStateException(what + ": not within " + BOUND_SEC + " s");
                }
                leftNs = changed.awaitNanos(leftNs);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stopped);
        } finally {
            lock.unlock();
        }
    }

    private void note(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void rests(long environmentId) {
        note(() -> overhanging.remove(environmentId));
    }

    private final class WatchedEnvironments implements Environments {
        private final Environments to;

        WatchedEnvironments(Environments to) {
            this.to = to;
        }

        @Override
        public void create(long environmentId, int functionId, int hostId, InitializationType type, long nowNs) {
            to.create(environmentId, functionId, hostId, type, nowNs);
        }

        @Override
        public void dispatch(long environmentId, Invocation invocation, long nowNs) {
            to.dispatch(environmentId, invocation, nowNs);
        }

        @Override
        public void initialize(long environmentId, Invocation invocation, long nowNs) {
            to.initialize(environmentId, invocation, nowNs);
        }

        @Override
        public void freeze(long environmentId, long nowNs) {
            to.freeze(environmentId, nowNs);
            note(() -> frozen.add(environmentId));
        }

        @Override
        public void thaw(long environmentId, long nowNs) {
            note(() -> frozen.remove(environmentId));
            to.thaw(environmentId, nowNs);
        }

        @Override
        public void reset(long environmentId, ResetReason reason, long nowNs) {
            note(() -> frozen.remove(environmentId));
            to.reset(environmentId, reason, nowNs);
        }

        @Override
        public void destroy(long environmentId, DestroyReason reason, long nowNs) {
            note(() -> frozen.remove(environmentId));
            to.destroy(environmentId, reason, nowNs);
        }
    }

    private final class WatchedSignals implements EnvironmentSignals {
        private final EnvironmentSignals to;

        WatchedSignals(EnvironmentSignals to) {
            this.to = to;
        }

        @Override
        public void sandboxCreated(long environmentId) {
            to.sandboxCreated(environmentId);
        }

        @Override
        public void extensionsStarting(long environmentId) {
            to.extensionsStarting(environmentId);
        }

        @Override
        public void extensionsRegistered(long environmentId) {
            to.extensionsRegistered(environmentId);
        }

        @Override
        public void runtimeConnected(long environmentId) {
            to.runtimeConnected(environmentId);
        }

        @Override
        public void ready(long environmentId) {
            to.ready(environmentId);
            rests(environmentId);
        }

        @Override
        public void response(long environmentId, Outcome outcome) {
            note(() -> overhanging.add(environmentId));
            to.response(environmentId, outcome);
        }

        @Override
        public void initFailed(long environmentId) {
            to.initFailed(environmentId);
        }

        @Override
        public void runtimeExit(long environmentId) {
            to.runtimeExit(environmentId);
            rests(environmentId);
        }

        @Override
        public void thawed(long environmentId) {
            to.thawed(environmentId);
        }

        @Override
        public void reset(long environmentId) {
            to.reset(environmentId);
            note(() -> {
                overhanging.remove(environmentId);
                resets++;
            });
        }

        @Override
        public void destroyed(long environmentId) {
            to.destroyed(environmentId);
            rests(environmentId);
        }
    }
}
