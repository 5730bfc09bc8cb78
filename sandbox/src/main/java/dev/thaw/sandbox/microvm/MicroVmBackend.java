package dev.thaw.sandbox.microvm;

import dev.thaw.sandbox.CpuShare;
import dev.thaw.sandbox.Isolation;
import dev.thaw.sandbox.SandboxBackend;
import dev.thaw.sandbox.SandboxEvents;
import dev.thaw.sandbox.SandboxSpec;
import dev.thaw.sandbox.kernel.BackendThreads;
import dev.thaw.sandbox.kernel.ControlGroup;
import dev.thaw.sandbox.kernel.ControlGroups;
import dev.thaw.sandbox.kernel.DeathWatch;
import dev.thaw.sandbox.kernel.ReapAgent;
import dev.thaw.sandbox.kernel.ScratchFolders;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * Functions in microVMs: a kernel of their own each, with KVM where a guest boots with it, in Firecracker where that is
 * there; with QEMU's translation of either architecture elsewhere.
 *
 * <p>Threading: safe on any thread. Its threads: {@code vm-prepare} readies images, {@code vm-spawn} starts machines,
 * {@code guest-channel} speaks with all guests, {@code sandbox-reap} sees machines end, {@code vm-sweep} clears up behind
 * them and watches deadlines, {@code vm-boot} tells one Firecracker what to boot,
 * {@code vm-snapshot} one QEMU what it is to save or to go on from.
 */
public final class MicroVmBackend implements SandboxBackend {
    private static final AtomicInteger BACKENDS = new AtomicInteger();
    /** For a machine to boot beside many others that do. */
    private static final int BOOT_BOUND_SEC = 55;

    private static final int SWEEP_RETRY_MS = 1;
    private static final int SLOW_SWEEP_SEC = 5;
    private static final int CLOSE_BOUND_MS = 10_000;
    private static final int CLOSE_POLL_MS = 10;

    private final MicroVmConfig config;
    private final GuestFiles files;
    private final Clock clock;
    private final Path scratch;
    private final ControlGroups groups;
    private final ReapAgent reaper;
    private final DeathWatch deathWatch;
    private final VmSpawner spawner = new VmSpawner();
    private final GuestChannels channels;
    private final ScheduledThreadPoolExecutor preparing = BackendThreads.start("vm-prepare");
    private final ScheduledThreadPoolExecutor sweeping = BackendThreads.start("vm-sweep");
    private final Map<String, Object> live = new ConcurrentHashMap<>();
    private final VmSnapshots snapshots = new VmSnapshots(this);
    private final VmmChoice choice;
    private boolean closed;

    /** {@code clock} is what guests' clocks are set by. */
    public MicroVmBackend(MicroVmConfig config, GuestImages images, Clock clock) {
        this(config, (GuestFiles) images, clock);
    }

    MicroVmBackend(MicroVmConfig config, GuestFiles files, Clock clock) {
        this(config, files, clock, MicroVmBackend::choice);
    }

    MicroVmBackend(MicroVmConfig config, GuestFiles files, Clock clock, Function<MicroVmBackend, VmmChoice> choices) {
        this.config = config;
        this.files = files;
        this.clock = clock;
        ScratchFolders.removeStale(config.scratchDirectory());
        scratch = ScratchFolders.next(config.scratchDirectory(), BACKENDS);
        groups = ControlGroups.open(config.groups());
        deathWatch = DeathWatch.over(
                groups.branches().stream().map(ControlGroups.Branch::tree).toList());
        reaper = new ReapAgent();
        channels = new GuestChannels(scratch);
        choice = choices.apply(this);
    }

    private static VmmChoice choice(MicroVmBackend backend) {
        Firecracker firecracker = Firecracker.find();
        return new VmmChoice(
                backend.config,
                new KvmProbe(backend, new Qemu()),
                firecracker,
                firecracker == null ? () -> "" : new KvmProbe(backend, firecracker));
    }

    MicroVmConfig config() {
        return config;
    }

    GuestFiles files() {
        return files;
    }

    GuestChannels channels() {
        return channels;
    }

    ReapAgent reaper() {
        return reaper;
    }

    VmSnapshots snapshots() {
        return snapshots;
    }

    VmSpawner spawner() {
        return spawner;
    }

    ControlGroups groups() {
        return groups;
    }

    /** Wall clock, for guests. */
    long epochNs() {
        Instant now = clock.instant();
        return TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
    }

    @Override
    public Isolation isolation() {
        return VmIsolation.of(this, choice);
    }

    @Override
    public boolean takesSnapshots() {
        return choice.takesSnapshots();
    }

    @Override
    public void create(SandboxSpec spec, SandboxEvents events) {
        synchronized (this) {
            if (!closed) {
                preparing.execute(BackendThreads.guard(() -> prepare(spec, events)));
                return;
            }
        }
        events.onCreateFailed("sandbox " + spec.name() + ": the backend is closed");
    }

    private void prepare(SandboxSpec spec, SandboxEvents events) {
        if (live.putIfAbsent(spec.name(), spec) != null) {
            events.onCreateFailed("sandbox " + spec.name() + ": the name is in use");
            return;
        }
        try {
            Vmm vmm = choice.vmm(spec.architecture());
            Accelerator accelerator = choice.accelerator(spec.architecture());
            GuestFiles.Boot boot = files.boot(spec.architecture());
            GuestFiles.Disks disks = files.disks(spec);
            GuestPlan plan = GuestPlan.of(spec, accelerator, disks.mounts());
            VmPlan machine = new VmPlan(
                    vmm,
                    spec.architecture(),
                    accelerator,
                    CpuShare.vcpus(spec.memoryMib()),
                    GuestMemory.machineMib(spec.memoryMib()),
                    boot.commandLine(),
                    disks.images().size(),
                    spec.snapshot() != null);
            GuestState.Given given = GuestState.of(spec.snapshot(), machine, boot, disks, snapshots);
            spawner.execute(() -> launch(plan, machine, given.state(), given.files(), events));
        } catch (IOException | RuntimeException failure) {
            refuse(spec, failure, events);
        }
    }

    private void refuse(SandboxSpec spec, Exception failure, SandboxEvents events) {
        live.remove(spec.name());
        events.onCreateFailed("sandbox " + spec.name() + ": " + failure.getMessage());
    }

    private void launch(GuestPlan plan, VmPlan machine, GuestState state, VmFiles open, SandboxEvents events) {
        SandboxSpec spec = plan.spec();
        ControlGroup made = null;
        try (open) {
            int limitMib = GuestMemory.limitMib(spec.memoryMib(), machine.vmm(), machine.accelerator());
            ControlGroup group = groups.createForThreads(spec.name(), limitMib);
            made = group;
            MicroVmSandbox sandbox = new MicroVmSandbox(
                    this,
                    plan,
                    state,
                    events,
                    listener -> Machine.launch(this, spec.name(), machine, open.fds(), group, listener));
            live.put(spec.name(), sandbox);
            String late = "microVM " + spec.name() + ": not booted within " + BOOT_BOUND_SEC + " s";
            sandbox.setBootBound(sweeping.schedule(
                    BackendThreads.guard(() -> sandbox.fail(late)), BOOT_BOUND_SEC, TimeUnit.SECONDS));
        } catch (RuntimeException failure) {
            state.close();
            if (made != null) {
                made.closeFiles();
                sweep(made::tryRemove);
            }
            refuse(spec, failure, events);
        }
    }

    /** Runs at once, but not on a thread of the spawning user: what it starts is the backend's. */
    void begin(Runnable task) {
        sweeping.execute(BackendThreads.guard(task));
    }

    /** Runs on a thread of its own, as one that waits for answers of a VMM has to. */
    void converse(String threadName, Runnable conversation) {
        Runnable guarded = BackendThreads.guard(conversation);
        begin(() -> Thread.ofPlatform().name(threadName).daemon().start(guarded));
    }

    /** Tries until it is done, every few seconds. */
    void sweepSlowly(BooleanSupplier attempt) {
        Runnable task = () -> {
            if (!attempt.getAsBoolean()) {
                sweepSlowly(attempt);
            }
        };
        if (!sweeping.isShutdown()) {
            var _ = sweeping.schedule(BackendThreads.guard(task), SLOW_SWEEP_SEC, TimeUnit.SECONDS);
        }
    }

    /** Tries until it is done, a little later each time. */
    void sweep(BooleanSupplier attempt) {
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

    void forget(String name) {
        live.remove(name);
    }

    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        BackendThreads.stop(preparing);
        spawner.execute(() -> live.values().forEach(MicroVmBackend::destroyIfSandbox));
        boolean empty = awaitEmpty();
        BackendThreads.stop(sweeping);
        spawner.close();
        snapshots.close();
        channels.close();
        reaper.close();
        groups.close();
        if (empty) {
            deathWatch.close();
        } else {
            System.err.println("microVMs " + String.join(", ", live.keySet()) + ": not gone " + CLOSE_BOUND_MS
                    + " ms after they were destroyed; their groups are killed");
            deathWatch.act();
        }
        try {
            ScratchFolders.deleteTree(scratch);
        } catch (IOException busy) {
            // A later backend removes it: its name says that we are gone.
            return;
        }
    }

    private static void destroyIfSandbox(Object entry) {
        if (entry instanceof MicroVmSandbox sandbox) {
            sandbox.destroy();
        }
    }

    /** False where the bound passed in which no sandbox went. */
    private boolean awaitEmpty() {
        boolean interrupted = false;
        int left = live.size();
        for (int waitedMs = 0; left > 0 && waitedMs < CLOSE_BOUND_MS; waitedMs += CLOSE_POLL_MS) {
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
