package dev.thaw.runtimebridge;

import dev.thaw.sandbox.ExitStatus;
import dev.thaw.sandbox.Isolation;
import dev.thaw.sandbox.Sandbox;
import dev.thaw.sandbox.SandboxBackend;
import dev.thaw.sandbox.SandboxEvents;
import dev.thaw.sandbox.SandboxSpec;
import dev.thaw.scheduler.live.InvocationReports;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.jspecify.annotations.Nullable;

/**
 * Injects a plan's faults: wraps the parts of a bridge that they go through. A bridge without a plan has none of this.
 *
 * <ul>
 *   <li>sandboxes, for the faults of an init: {@link FaultySandbox};
 *   <li>the scheduler's commands, which draw what befalls an event: {@link FaultyEnvironments};
 *   <li>the runtimes' connections, on which an event is withheld and an answer read slowly: {@link FaultyConnection};
 *   <li>reports, which say what was injected.
 * </ul>
 *
 * <p>Threading: safe on any thread; owns the thread {@code thaw-faults}, for what comes later or may wait for the kernel.
 */
final class FaultInjection implements AutoCloseable {
    private final FaultPlan plan;
    private final ScheduledExecutorService later;
    private final Map<String, FunctionFaults> functions = new ConcurrentHashMap<>();
    /** From when a Runtime API socket is taken until it is served. */
    private final Map<Integer, FaultySandbox> byApiFd = new ConcurrentHashMap<>();

    FaultInjection(FaultPlan plan) {
        this.plan = plan;
        later = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().name("thaw-faults").daemon(true).factory());
    }

    SandboxBackend into(SandboxBackend backend) {
        return new FaultyBackend(backend);
    }

    /** What an invocation suffered, and the init that it is the first to follow. */
    InvocationReports into(InvocationReports reports, SandboxEnvironments environments) {
        return (exchange, outcome, nowNs) -> {
            SandboxEnvironment environment = environments.servedBy(exchange.invocation);
            if (environment != null && environment.sandbox() instanceof FaultySandbox faulty) {
                exchange.record.faults = faulty.takeInjected();
            }
            return reports.report(exchange, outcome, nowNs);
        };
    }

    /** Serves each Runtime API through connections that know their sandbox. */
    RuntimeApiOpener runtimeApi() {
        return (eventLoop, listenFd, session, extensions) -> {
            FaultySandbox faulty = byApiFd.remove(listenFd);
            return RuntimeApiServer.serve(eventLoop, listenFd, session, extensions, connection -> {
                if (faulty != null) {
                    connection.pipeline().addLast(new FaultyConnection(faulty));
                }
            });
        };
    }

    /** The socket that is about to be served belongs to this sandbox. */
    void onApiFdTaken(int fd, FaultySandbox sandbox) {
        byApiFd.put(fd, sandbox);
    }

    ScheduledExecutorService later() {
        return later;
    }

    @Override
    public void close() {
        var _ = later.shutdownNow();
    }

    private FunctionFaults of(SandboxSpec spec) {
        String function = spec.environment().getOrDefault("AWS_LAMBDA_FUNCTION_NAME", spec.name());
        return functions.computeIfAbsent(function, name -> new FunctionFaults(plan, name));
    }

    private final class FaultyBackend implements SandboxBackend {
        private final SandboxBackend real;

        FaultyBackend(SandboxBackend real) {
            this.real = real;
        }

        @Override
        public Isolation isolation() {
            return real.isolation();
        }

        @Override
        public void create(SandboxSpec spec, SandboxEvents events) {
            real.create(spec, new FaultyEvents(of(spec), events));
        }

        @Override
        public void expect(SandboxSpec spec) {
            real.expect(spec);
        }

        @Override
        public boolean takesSnapshots() {
            return real.takesSnapshots();
        }

        @Override
        public void close() {
            real.close();
        }
    }

    /** Has the owner see the sandbox that faults go into. Events of one sandbox come one after the other. */
    private final class FaultyEvents implements SandboxEvents {
        private final FunctionFaults faults;
        private final SandboxEvents to;
        private volatile @Nullable FaultySandbox faulty;

        FaultyEvents(FunctionFaults faults, SandboxEvents to) {
            this.faults = faults;
            this.to = to;
        }

        private Sandbox faulty(Sandbox real) {
            FaultySandbox known = faulty;
            return known == null ? real : known;
        }

        @Override
        public void onCreated(Sandbox real) {
            FaultySandbox created = new FaultySandbox(real, faults, FaultInjection.this);
            faulty = created;
            to.onCreated(created);
        }

        @Override
        public void onCreateFailed(String reason) {
            to.onCreateFailed(reason);
        }

        @Override
        public void onExited(Sandbox real, ExitStatus status) {
            FaultySandbox known = faulty;
            if (known != null) {
                known.onRuntimeExited();
            }
            to.onExited(faulty(real), status);
        }

        @Override
        public void onExtensionExited(Sandbox real, int index, ExitStatus status) {
            to.onExtensionExited(faulty(real), index, status);
        }

        @Override
        public void onReset(Sandbox real) {
            to.onReset(faulty(real));
        }

        @Override
        public void onSnapshotTaken(Sandbox real) {
            to.onSnapshotTaken(faulty(real));
        }

        @Override
        public void onSnapshotFailed(Sandbox real, String reason) {
            to.onSnapshotFailed(faulty(real), reason);
        }

        @Override
        public void onDestroyed(Sandbox real) {
            to.onDestroyed(faulty(real));
        }
    }
}
