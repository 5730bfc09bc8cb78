package dev.thaw.sandbox.microvm;

import dev.thaw.sandbox.Architecture;
import dev.thaw.sandbox.Isolation;
import dev.thaw.sandbox.LoopWork;
import dev.thaw.sandbox.SandboxBackend;
import dev.thaw.sandbox.SandboxEvents;
import dev.thaw.sandbox.SandboxSpec;
import dev.thaw.sandbox.kernel.BackendThreads;
import dev.thaw.sandbox.kernel.ControlGroups;
import dev.thaw.sandbox.kernel.DeathWatch;
import dev.thaw.sandbox.kernel.ReapAgent;
import dev.thaw.sandbox.kernel.ScratchFolders;
import dev.thaw.sandbox.microvm.images.GuestFiles;
import dev.thaw.sandbox.microvm.images.GuestImages;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Functions in microVMs: a kernel of their own each, with KVM where a guest boots with it, in Firecracker where that is
 * there; with QEMU's translation of either architecture elsewhere.
 *
 * <p>Threading: safe on any thread. Its threads: {@code vm-prepare} readies images, {@code vm-spawn} starts machines,
 * {@code guest-channel} speaks with all guests unless an event loop does, {@code sandbox-reap} sees machines end, {@code vm-sweep} clears up behind
 * them and watches deadlines, {@code vm-boot} tells one Firecracker what to boot,
 * {@code vm-snapshot} one QEMU what it is to save or to go on from.
 */
public final class MicroVmBackend implements SandboxBackend {
    private static final AtomicInteger BACKENDS = new AtomicInteger();
    /** For a machine to boot beside many others that do. */
    private static final int BOOT_BOUND_SEC = 55;

    private static final int SWEEP_RETRY_MS = 1;
    private static final int SLOW_SWEEP_MS = 5_000;
    private static final int CLOSE_BOUND_MS = 10_000;
    private static final int CLOSE_POLL_MS = 10;

    private final MicroVmConfig config;
    private final GuestFiles files;
    private final InstantSource clock;
    private final LongSupplier nanoClock;
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
    private final PreBootedPool pool;
    private final VmmChoice choice;
    private boolean closed;

    /**
     * Opens one.
     *
     * @param clock what guests' clocks are set by
     * @param nanoClock what durations are measured by: nobody sets it
     */
    public MicroVmBackend(MicroVmConfig config, GuestImages images, InstantSource clock, LongSupplier nanoClock) {
        this(config, (GuestFiles) images, clock, nanoClock);
    }

    MicroVmBackend(MicroVmConfig config, GuestFiles files, InstantSource clock, LongSupplier nanoClock) {
        this(config, files, clock, nanoClock, MicroVmBackend::choice);
    }

    MicroVmBackend(
            MicroVmConfig config,
            GuestFiles files,
            InstantSource clock,
            LongSupplier nanoClock,
            Function<MicroVmBackend, VmmChoice> choices) {
        this.config = config;
        this.files = files;
        this.clock = clock;
        this.nanoClock = nanoClock;
        ScratchFolders.removeStale(config.scratchDirectory());
        scratch = ScratchFolders.next(config.scratchDirectory(), BACKENDS);
        groups = ControlGroups.open(config.groups());
        deathWatch = DeathWatch.over(
                groups.branches().stream().map(ControlGroups.Branch::tree).toList());
        reaper = new ReapAgent();
        channels = new GuestChannels(scratch);
        choice = choices.apply(this);
        pool = new PreBootedPool(this, config.preBooted());
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

    /** For durations. */
    long nanoTime() {
        return nanoClock.getAsLong();
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
    public int overheadMib(Architecture architecture, int memoryMib) {
        return choice.overheadMib(architecture, memoryMib);
    }

    @Override
    public LoopWork loopWork() {
        return channels;
    }

    @Override
    public void create(SandboxSpec spec, SandboxEvents events) {
        synchronized (this) {
            if (!closed) {
                VmOrder order = new VmOrder(spec, events, new VmStart(nanoTime()));
                preparing.execute(BackendThreads.guard(() -> prepare(order)));
                return;
            }
        }
        events.onCreateFailed("sandbox " + spec.name() + ": the backend is closed");
    }

    /** Boots machines ahead for it. */
    @Override
    public synchronized void expect(SandboxSpec spec) {
        if (!closed && config.preBooted() > 0) {
            preparing.execute(BackendThreads.guard(() -> {
                try {
                    VmParts parts = parts(spec);
                    if (parts.kind() != null) {
                        pool.expect(parts.kind());
                    }
                } catch (IOException | RuntimeException cannot) {
                    // Whoever creates it is told.
                    return;
                }
            }));
        }
    }

    private VmParts parts(SandboxSpec spec) throws IOException {
        return VmParts.of(spec, choice, files, config.preBooted() > 0);
    }

    private void prepare(VmOrder order) {
        SandboxSpec spec = order.spec();
        if (live.putIfAbsent(spec.name(), spec) != null) {
            order.events().onCreateFailed("sandbox " + spec.name() + ": the name is in use");
            return;
        }
        try {
            VmParts parts = parts(spec);
            GuestPlan plan = GuestPlan.of(
                    spec, parts.machine().accelerator(), parts.disks().mounts());
            PreBooted ahead = claim(parts);
            if (ahead != null) {
                order.start().bootedAhead();
                spawner.execute(() -> adopt(order, plan, ahead));
                return;
            }
            GuestState.Given given =
                    GuestState.of(spec.snapshot(), parts.machine(), parts.boot(), parts.disks(), snapshots);
            spawner.execute(() -> launch(order, plan, parts.machine(), given));
        } catch (IOException | RuntimeException failure) {
            refuse(order, failure);
        }
    }

    private @Nullable PreBooted claim(VmParts parts) throws IOException {
        PreBootedPool.Kind kind = parts.kind();
        if (kind == null) {
            return null;
        }
        PreBooted ahead = pool.claim(kind, parts.disks().images().getLast());
        if (ahead == null) {
            pool.expect(kind);
        }
        return ahead;
    }

    private void refuse(VmOrder order, Exception failure) {
        live.remove(order.spec().name());
        order.events().onCreateFailed("sandbox " + order.spec().name() + ": " + failure.getMessage());
    }

    private void adopt(VmOrder order, GuestPlan plan, PreBooted ahead) {
        try {
            MicroVmSandbox sandbox = new MicroVmSandbox(this, order, plan, GuestState.NONE, ahead::handTo);
            live.replace(order.spec().name(), sandbox);
            live.remove(ahead.name());
            setBound(order, sandbox);
            ahead.begin();
        } catch (RuntimeException failure) {
            ahead.destroy();
            refuse(order, failure);
        }
    }

    private void launch(VmOrder order, GuestPlan plan, VmPlan machine, GuestState.Given given) {
        SandboxSpec spec = order.spec();
        try (VmFiles open = given.files()) {
            MicroVmSandbox sandbox = new MicroVmSandbox(
                    this,
                    order,
                    plan,
                    given.state(),
                    listener -> Machine.launch(this, spec.name(), spec.memoryMib(), machine, open.fds(), listener));
            live.replace(spec.name(), sandbox); // unless nothing is left of it already
            setBound(order, sandbox);
        } catch (RuntimeException failure) {
            given.state().close();
            refuse(order, failure);
        }
    }

    private void setBound(VmOrder order, MicroVmSandbox sandbox) {
        String late = "microVM " + sandbox.name() + ": not booted within " + BOOT_BOUND_SEC + " s";
        order.start()
                .setBound(sweeping.schedule(
                        BackendThreads.guard(() -> sandbox.fail(late)), BOOT_BOUND_SEC, TimeUnit.SECONDS));
    }

    PreBootedPool pool() {
        return pool;
    }

    /** It is to be ended with the backend. */
    void register(PreBooted ahead) {
        live.put(ahead.name(), ahead);
    }

    /** Runs a while later, unless the backend is closed; what is not cancelled by then is waited for. */
    Future<?> after(int delayMs, Runnable task) {
        return sweeping.isShutdown()
                ? CompletableFuture.completedFuture(null)
                : sweeping.schedule(BackendThreads.guard(task), delayMs, TimeUnit.MILLISECONDS);
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
        var _ = after(SLOW_SWEEP_MS, task);
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
        pool.close();
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
