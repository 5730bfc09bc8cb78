package dev.thaw.sandbox.process;

import dev.thaw.sandbox.Architecture;
import dev.thaw.sandbox.Isolation;
import dev.thaw.sandbox.Notch;
import dev.thaw.sandbox.SandboxBackend;
import dev.thaw.sandbox.SandboxEvents;
import dev.thaw.sandbox.SandboxSpec;
import dev.thaw.sandbox.code.EntryPoint;
import dev.thaw.sandbox.code.ExternalExtensions;
import dev.thaw.sandbox.kernel.BackendThreads;
import dev.thaw.sandbox.kernel.ControlGroup;
import dev.thaw.sandbox.kernel.ControlGroups;
import dev.thaw.sandbox.kernel.DeathWatch;
import dev.thaw.sandbox.kernel.HostPrograms;
import dev.thaw.sandbox.kernel.ReapAgent;
import dev.thaw.sandbox.kernel.ScratchFolders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Functions as processes, held by bubblewrap's namespaces and by control groups; with less where the host offers less,
 * as {@link #isolation} says.
 *
 * <p>Threading: safe on any thread. Its threads: {@code sandbox-spawn} starts processes, {@code sandbox-reap} sees them
 * end, {@code sandbox-sweep} clears up behind them (a large {@code /tmp} takes the kernel milliseconds to free).
 */
public final class ProcessBackend implements SandboxBackend {
    private static final AtomicInteger BACKENDS = new AtomicInteger();
    private static final int SWEEP_RETRY_MS = 1;
    /** How long {@link #close} waits for the next sandbox to be gone. */
    private static final int CLOSE_BOUND_MS = 10_000;

    private static final int CLOSE_POLL_MS = 10;

    private final ProcessBackendConfig config;
    private final int closeBoundMs;
    private final ControlGroups groups;
    private final HostProbe.Finding finding;
    private final ReapAgent reaper;
    private final DeathWatch deathWatch;
    private final ScheduledThreadPoolExecutor sweeping = BackendThreads.start("sandbox-sweep");
    private final Map<String, Object> live = new ConcurrentHashMap<>();
    private boolean closed;

    /** Everything that the host offers. */
    public ProcessBackend() {
        this(ProcessBackendConfig.defaults());
    }

    /** Sets itself up and tries out what this host can do: tens of milliseconds. */
    public ProcessBackend(ProcessBackendConfig config) {
        this(config, CLOSE_BOUND_MS);
    }

    public ProcessBackend(ProcessBackendConfig config, int closeBoundMs) {
        this.config = config;
        this.closeBoundMs = closeBoundMs;
        ScratchFolders.removeStale(config.scratchDirectory());
        Path scratch = ScratchFolders.next(config.scratchDirectory(), BACKENDS);
        this.groups = ControlGroups.open(config.groups());
        this.finding = HostProbe.find(config, groups, scratch);
        this.deathWatch = DeathWatch.over(
                groups.branches().stream().map(ControlGroups.Branch::tree).toList());
        this.reaper = new ReapAgent();
        sweeping.execute(BackendThreads.guard(staging()::join));
    }

    public ProcessBackendConfig config() {
        return config;
    }

    RunLauncher launcher() {
        return finding.launcher();
    }

    StagingArea staging() {
        return finding.staging();
    }

    ReapAgent reaper() {
        return reaper;
    }

    @Override
    public Isolation isolation() {
        return finding.isolation();
    }

    @Override
    public void create(SandboxSpec spec, SandboxEvents events) {
        synchronized (this) {
            if (!closed) {
                launcher().execute(() -> build(spec, events));
                return;
            }
        }
        events.onCreateFailed("sandbox " + spec.name() + ": the backend is closed");
    }

    private void build(SandboxSpec spec, SandboxEvents events) {
        if (live.putIfAbsent(spec.name(), spec) != null) {
            events.onCreateFailed("sandbox " + spec.name() + ": the name is in use");
            return;
        }
        ProcessSandbox sandbox = tryBuild(spec, events);
        if (sandbox != null) {
            live.put(spec.name(), sandbox);
            sandbox.announce();
        }
    }

    private @Nullable ProcessSandbox tryBuild(SandboxSpec spec, SandboxEvents events) {
        StagingArea.Staged staged = null;
        ControlGroup group = null;
        try {
            EntryPoint entry = EntryPoint.resolve(spec);
            ExternalExtensions extensions = ExternalExtensions.resolve(spec, entry);
            requireEmulator(spec, entry.foreign() || extensions.anyForeign());
            requireInit(extensions);
            staged = staging().stage(spec);
            group = groups.create(spec.name(), spec.memoryMib());
            return new ProcessSandbox(this, spec, events, entry, extensions, staged, group);
        } catch (IOException | RuntimeException failure) {
            undo(spec, staged, group);
            events.onCreateFailed("sandbox " + spec.name() + ": " + failure.getMessage());
            return null;
        }
    }

    private void requireEmulator(SandboxSpec spec, boolean foreign) {
        String emulator = HostPrograms.emulator(spec.architecture());
        boolean usable =
                config.has(Notch.EMULATION) && HostPrograms.find(emulator).isPresent();
        if (foreign && !usable) {
            throw new IllegalStateException(spec.architecture().key() + " code needs " + emulator + " on this "
                    + Architecture.host().key() + " host (Debian: apt install qemu-user)");
        }
    }

    private void requireInit(ExternalExtensions extensions) {
        if (!extensions.isEmpty()
                && !(launcher().has(Notch.BUBBLEWRAP)
                        && Files.isRegularFile(staging().root().resolve("var/init")))) {
            throw new IllegalStateException("external extensions " + String.join(", ", extensions.names())
                    + " cannot run here: " + HostProbe.EXTENSIONS_NEED);
        }
    }

    private void undo(SandboxSpec spec, StagingArea.@Nullable Staged staged, @Nullable ControlGroup group) {
        if (group != null) {
            group.closeFiles();
        }
        sweep(spec.name(), () -> {
            boolean removed = group == null || group.tryRemove();
            if (removed) {
                live.remove(spec.name(), spec);
            }
            return removed && unstaged(staged);
        });
    }

    private boolean unstaged(StagingArea.@Nullable Staged staged) {
        try {
            if (staged != null) {
                staging().unstage(staged);
            }
            return true;
        } catch (IOException busy) {
            return false;
        }
    }

    /** What {@code AWS_LAMBDA_RUNTIME_API} says in a run whose socket nobody has taken yet. */
    String addressOf(SandboxRun run) {
        return "127.0.0.1:" + run.apiPort();
    }

    /** Tries until it is done, a little later each time. */
    void sweep(Object what, BooleanSupplier attempt) {
        sweepAfter(0, attempt);
    }

    private void sweepAfter(int delayMs, BooleanSupplier attempt) {
        Runnable task = () -> {
            if (!attempt.getAsBoolean() && !sweeping.isShutdown()) {
                sweepAfter(Math.min(100, delayMs * 2 + SWEEP_RETRY_MS), attempt);
            }
        };
        var _ = sweeping.schedule(BackendThreads.guard(task), delayMs, TimeUnit.MILLISECONDS);
    }

    void forget(ProcessSandbox sandbox) {
        live.remove(sandbox.name(), sandbox);
    }

    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        launcher().execute(() -> live.values().forEach(ProcessBackend::destroyIfSandbox));
        boolean empty = awaitEmpty();
        BackendThreads.stop(sweeping);
        launcher().close();
        reaper.close();
        groups.close();
        if (empty) {
            deathWatch.close();
        } else {
            System.err.println("sandboxes " + String.join(", ", live.keySet()) + ": not gone " + closeBoundMs
                    + " ms after they were destroyed; their groups are killed");
            deathWatch.act();
        }
        try {
            staging().close();
            Files.deleteIfExists(staging().directory());
        } catch (IOException busy) {
            // A later backend removes it: its name says that we are gone.
        }
    }

    private static void destroyIfSandbox(Object entry) {
        if (entry instanceof ProcessSandbox sandbox) {
            sandbox.destroy();
        }
    }

    /** False where the bound passed in which no sandbox went. */
    private boolean awaitEmpty() {
        boolean interrupted = false;
        int left = live.size();
        for (int waitedMs = 0; left > 0 && waitedMs < closeBoundMs; waitedMs += CLOSE_POLL_MS) {
            try {
                Thread.sleep(CLOSE_POLL_MS);
            } catch (InterruptedException stop) {
                interrupted = true;
            }
            if (live.size() < left) {
                waitedMs = 0;
            }
            left = live.size();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return left == 0;
    }
}
