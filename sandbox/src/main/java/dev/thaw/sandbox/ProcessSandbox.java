package dev.thaw.sandbox;

import java.io.IOException;
import java.util.List;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A sandbox of the process backend.
 *
 * <p>Threading: its own lock guards every field; nothing slow and no listener is called under it.
 */
final class ProcessSandbox implements Sandbox {
    private enum State {
        /** Waits for {@link #start}. */
        CREATED,
        RUNNING,
        /** The runtime is gone, the sandbox is not. */
        EXITED,
        RESETTING,
        DESTROYING
    }

    private final ProcessBackend backend;
    private final SandboxSpec spec;
    private final SandboxEvents events;
    private final EntryPoint entry;
    private final ExternalExtensions extensions;
    private final StagingArea.Staged staged;
    private final ControlGroup group;
    private final long shareQuotaUs;
    private final long boostQuotaUs;

    private State state = State.CREATED;
    private SandboxRun run;
    private String address;
    private long oomKillsBefore;
    private boolean respawning;
    private boolean filesClosed;

    ProcessSandbox(
            ProcessBackend backend,
            SandboxSpec spec,
            SandboxEvents events,
            EntryPoint entry,
            ExternalExtensions extensions,
            StagingArea.Staged staged,
            ControlGroup group) {
        this.backend = backend;
        this.spec = spec;
        this.events = events;
        this.entry = entry;
        this.extensions = extensions;
        this.staged = staged;
        this.group = group;
        this.shareQuotaUs = CpuShare.quotaUs(spec.memoryMib(), backend.config().cpuPeriodUs());
        this.boostQuotaUs = Math.max(shareQuotaUs, 2L * backend.config().cpuPeriodUs());
        this.run = backend.launcher().launch(spec, staged, entry, extensions, group);
        this.address = backend.addressOf(run);
    }

    /** Tells the owner and begins to watch. On the spawning thread, once. */
    void announce() {
        events.onCreated(this);
        watch(current());
    }

    private synchronized SandboxRun current() {
        return run;
    }

    private void watch(SandboxRun watched) {
        backend.reaper().watch(watched.monitorFd(), () -> onMonitorEnded(watched));
        if (watched.initFd() >= 0) {
            backend.reaper().watch(watched.initFd(), () -> onPartEnded(watched));
        }
        InitControl control = watched.control();
        if (control != null) {
            backend.reaper().watch(control.fd(), () -> onReport(watched, control));
        }
    }

    /** Init says how a process ended, or has ended itself, and with it whatever it had not said. */
    private void onReport(SandboxRun watched, InitControl control) {
        int index = control.read();
        if (index == InitControl.END) {
            endUnreported(watched);
            onPartEnded(watched);
            return;
        }
        if (index != InitControl.NONE) {
            tellEnd(watched, index, control.exitCode(), control.signal());
        }
        backend.reaper().watch(control.fd(), () -> onReport(watched, control));
    }

    private void endUnreported(SandboxRun watched) {
        for (int index = 0; index <= extensions.names().size(); index++) {
            tellEnd(watched, index, -1, Kernel.SIGKILL);
        }
    }

    /** Tells of each process once, and of none that a reset or destroy ended. The runtime comes behind the extensions. */
    private void tellEnd(SandboxRun watched, int index, int code, int signal) {
        boolean ofRuntime = index == extensions.names().size();
        ExitStatus status;
        synchronized (this) {
            boolean asked = state == State.RESETTING || state == State.DESTROYING;
            if (asked || run != watched || !watched.reportEnd(index)) {
                return;
            }
            EntryPoint ended = ofRuntime ? entry : extensions.entries().get(index);
            boolean outOfMemory = signal == Kernel.SIGKILL && group.oomKills() > oomKillsBefore;
            status = new ExitStatus(code, signal, outOfMemory, !ended.runnable() && code == ExitStatus.NOT_STARTED);
        }
        if (ofRuntime) {
            events.onExited(this, status);
        } else {
            events.onExtensionExited(this, index, status);
        }
    }

    private void onMonitorEnded(SandboxRun ended) {
        int code = Kernel.reap(ended.monitorFd());
        ExitStatus status = null;
        synchronized (this) {
            ended.kill();
            if (ended.control() == null && (state == State.CREATED || state == State.RUNNING)) {
                status = status(code, state == State.RUNNING);
                state = State.EXITED;
            }
        }
        if (status != null) {
            events.onExited(this, status);
        }
        onPartEnded(ended);
    }

    /** Bubblewrap's monitor gives 128 + n for signal n, as shells do. */
    private ExitStatus status(int code, boolean started) {
        int signal = code > 256 ? code - 256 : code > 128 && code < 128 + 65 ? code - 128 : 0;
        boolean outOfMemory = signal == Kernel.SIGKILL && group.oomKills() > oomKillsBefore;
        boolean notStarted = started && !entry.runnable() && code == ExitStatus.NOT_STARTED;
        return new ExitStatus(signal == 0 ? code : -1, signal, outOfMemory, notStarted ? entry.fault() : null);
    }

    private void onPartEnded(SandboxRun ended) {
        synchronized (this) {
            if (!ended.partEnded()) {
                return;
            }
        }
        continueAfterEnd();
    }

    /** Nothing of the last run is left: goes on with what was asked for meanwhile. */
    private void continueAfterEnd() {
        boolean respawn;
        boolean sweep;
        synchronized (this) {
            boolean over = run.isOver() && !respawning;
            respawn = over && state == State.RESETTING;
            sweep = over && state == State.DESTROYING && !filesClosed;
            respawning |= respawn;
            if (sweep) {
                filesClosed = true;
                run.close();
                group.closeFiles();
            }
        }
        if (respawn) {
            backend.launcher().execute(this::respawn);
        } else if (sweep) {
            backend.sweep(this, () -> trySweep());
        }
    }

    private void respawn() {
        SandboxRun fresh = null;
        try {
            synchronized (this) {
                run.close();
                if (state == State.RESETTING) {
                    setQuota(boostQuotaUs);
                }
            }
            fresh = backend.launcher().launch(spec, staged, entry, extensions, group);
        } catch (RuntimeException failure) {
            // The sandbox cannot go on: adopt() ends it, and the owner learns that from onDestroyed.
        }
        boolean reset = adopt(fresh);
        if (reset) {
            events.onReset(this);
        }
        if (fresh != null) {
            watch(fresh);
        } else {
            continueAfterEnd();
        }
    }

    private synchronized boolean adopt(@Nullable SandboxRun fresh) {
        respawning = false;
        if (fresh == null) {
            state = State.DESTROYING;
            return false;
        }
        run = fresh;
        address = backend.addressOf(fresh);
        if (state != State.RESETTING) {
            fresh.kill();
            return false;
        }
        state = State.CREATED;
        return true;
    }

    /** True once its files and groups are gone. On the sweeping thread. */
    private boolean trySweep() {
        if (!group.tryRemove()) {
            group.killAll();
            return false;
        }
        try {
            backend.staging().unstage(staged);
        } catch (IOException busy) {
            return false;
        }
        backend.forget(this);
        events.onDestroyed(this);
        return true;
    }

    @Override
    public String name() {
        return spec.name();
    }

    @Override
    public synchronized int takeRuntimeApiFd() {
        return run.takeApiFd();
    }

    @Override
    public synchronized String runtimeApiAddress() {
        return address;
    }

    @Override
    public synchronized int takeOutputFd() {
        return run.takeOutputFd();
    }

    @Override
    public void connectInside(int port, IntConsumer connected) {
        backend.launcher().execute(() -> connected.accept(connect(port)));
    }

    private synchronized int connect(int port) {
        return filesClosed || run.isOver() ? -Kernel.ESRCH : backend.launcher().connectInside(run, port);
    }

    @Override
    public synchronized void start(boolean boosted) {
        if (state == State.CREATED) {
            state = State.RUNNING;
            oomKillsBefore = group.oomKills();
            setQuota(boosted ? boostQuotaUs : shareQuotaUs);
            run.release();
        }
    }

    @Override
    public List<String> extensions() {
        return extensions.names();
    }

    @Override
    public synchronized void startRuntime() {
        InitControl control = run.control();
        if (!filesClosed && state == State.RUNNING && control != null) {
            control.startRuntime();
        }
    }

    @Override
    public synchronized void terminateRuntime() {
        InitControl control = run.control();
        if (filesClosed || state != State.RUNNING) {
            return;
        }
        if (control == null) {
            run.terminate();
        } else {
            control.terminateRuntime();
        }
    }

    @Override
    public synchronized void killRuntime() {
        InitControl control = run.control();
        if (!filesClosed && state == State.RUNNING && control != null) {
            control.killRuntime();
        }
    }

    private void setQuota(long quotaUs) {
        if (!filesClosed) {
            group.setQuotaUs(quotaUs);
        }
    }

    @Override
    public synchronized void endBoost() {
        setQuota(shareQuotaUs);
    }

    @Override
    public synchronized void freeze() {
        if (!filesClosed && state == State.RUNNING) {
            group.freeze();
        }
    }

    @Override
    public synchronized void thaw() {
        if (!filesClosed) {
            group.thaw();
        }
    }

    /** An end of its processes would be told as such. Under the lock. */
    private boolean mayEnd() {
        return state == State.CREATED || state == State.RUNNING;
    }

    @Override
    public synchronized void kill() {
        if (mayEnd()) {
            run.kill();
        }
    }

    @Override
    public void exhaustMemory() {
        backend.launcher().execute(this::fillMemory);
    }

    /** Nothing slow under the lock: the run counts the filler in before it exists, so its group stays until then. */
    private void fillMemory() {
        SandboxRun target;
        synchronized (this) {
            if (!mayEnd() || run.hasFiller()) {
                return;
            }
            target = run;
            target.addPart();
        }
        try {
            int fillerFd = MemoryFiller.start(group, spec.memoryMib());
            synchronized (this) {
                target.setFillerFd(fillerFd);
                if (target != run || !mayEnd()) {
                    target.kill(); // asked for meanwhile
                }
            }
            backend.reaper().watch(fillerFd, () -> onFillerEnded(target, fillerFd));
        } catch (RuntimeException failure) {
            onPartEnded(target);
            throw failure;
        }
    }

    private void onFillerEnded(SandboxRun target, int fillerFd) {
        int _ = Kernel.reap(fillerFd);
        synchronized (this) {
            target.setFillerFd(-1);
            Kernel.close(fillerFd);
        }
        onPartEnded(target);
    }

    @Override
    public void reset() {
        end(State.RESETTING);
    }

    @Override
    public void destroy() {
        end(State.DESTROYING);
    }

    private void end(State next) {
        synchronized (this) {
            if (state == State.DESTROYING || state == next) {
                return;
            }
            state = next;
            thawToDie();
            if (!run.isOver()) {
                run.kill();
            }
        }
        continueAfterEnd();
    }

    /** The kill comes whatever the freezer says: only a version 1 freezer keeps the dead waiting. */
    private void thawToDie() {
        try {
            group.thaw();
        } catch (KernelException stillFrozen) {
            System.err.println("sandbox " + spec.name() + ": cannot be thawed to die: " + stillFrozen.getMessage());
        }
    }

    @Override
    public synchronized void readStats(SandboxStats stats) {
        if (!filesClosed) {
            group.read(stats);
        }
    }

    @Override
    public boolean emulated() {
        return spec.architecture() != Architecture.host();
    }
}
