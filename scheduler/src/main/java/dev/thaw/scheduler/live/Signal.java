package dev.thaw.scheduler.live;

import dev.thaw.scheduler.core.HotPath;
import dev.thaw.scheduler.core.Outcome;
import dev.thaw.scheduler.core.Scheduler;

/**
 * One message of an environment on its way through the inbox. Pooled by {@link Inbox}.
 *
 * <p>Threading: handed over with the inbox's element.
 */
final class Signal {
    /** One for each {@code on..} of the scheduler that an environment may call. */
    enum Kind {
        SANDBOX_CREATED,
        EXTENSIONS_STARTING,
        EXTENSIONS_REGISTERED,
        RUNTIME_CONNECTED,
        READY,
        RESPONSE,
        INIT_FAILED,
        RUNTIME_EXIT,
        THAWED,
        RESET,
        DESTROYED
    }

    private Kind kind = Kind.READY;
    private long environmentId;
    private Outcome outcome = Outcome.RESPONSE;

    @HotPath
    void set(Kind newKind, long newEnvironmentId, Outcome newOutcome) {
        kind = newKind;
        environmentId = newEnvironmentId;
        outcome = newOutcome;
    }

    @HotPath
    void deliver(Scheduler scheduler, long nowNs) {
        switch (kind) {
            case SANDBOX_CREATED -> scheduler.onSandboxCreated(environmentId, nowNs);
            case EXTENSIONS_STARTING -> scheduler.onExtensionsStarting(environmentId, nowNs);
            case EXTENSIONS_REGISTERED -> scheduler.onExtensionsRegistered(environmentId, nowNs);
            case RUNTIME_CONNECTED -> scheduler.onRuntimeConnected(environmentId, nowNs);
            case READY -> scheduler.onReady(environmentId, nowNs);
            case RESPONSE -> scheduler.onResponse(environmentId, outcome, nowNs);
            case INIT_FAILED -> scheduler.onInitFailed(environmentId, nowNs);
            case RUNTIME_EXIT -> scheduler.onRuntimeExit(environmentId, nowNs);
            case THAWED -> scheduler.onThawed(environmentId, nowNs);
            case RESET -> scheduler.onReset(environmentId, nowNs);
            case DESTROYED -> scheduler.onDestroyed(environmentId, nowNs);
        }
    }
}
