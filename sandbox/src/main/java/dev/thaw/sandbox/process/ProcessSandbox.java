package dev.thaw.sandbox.process;

import dev.thaw.sandbox.Architecture;
import dev.thaw.sandbox.ExitStatus;
import dev.thaw.sandbox.Sandbox;
import dev.thaw.sandbox.SandboxEvents;
import dev.thaw.sandbox.SandboxSpec;
import dev.thaw.sandbox.SandboxStats;
import dev.thaw.sandbox.code.EntryPoint;
import dev.thaw.sandbox.code.ExternalExtensions;
import dev.thaw.sandbox.kernel.ControlGroup;
import dev.thaw.sandbox.kernel.CpuQuota;
import dev.thaw.sandbox.kernel.Kernel;
import dev.thaw.sandbox.kernel.KernelException;
import java.io.IOException;
import java.util.List;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A sandbox of the process backend.
 *
 * <p>Threading: its own lock guards every field; nothing slow and no listener is called under it.
 */
final class ProcessSandbox implements Sandbox, RunWatch.Listener, MemoryFiller.Listener {
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
    private final CpuQuota quota;
    private final EndReading ends;
    private final RunWatch watch;
    private final MemoryFiller filler;

    private State state = State.CREATED;
    private SandboxRun run;
    private String address;
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
        this.quota = new CpuQuota(group, spec.memoryMib());
        this.ends = new EndReading(group, entry, extensions);
        this.watch = new RunWatch(backend.reaper(), ends.runtimeIndex(), this);
        this.filler = new MemoryFiller(group, spec.memoryMib(), backend.reaper(), this);
        this.run = backend.launcher().launch(spec, staged, entry, extensions, group);
        this.address = backend.addressOf(run);
    }

    /** Tells the owner and begins to watch. On the spawning thread, once. */
    void announce() {
        events.onCreated(this);
        watch.begin(current());
    }

    private synchronized SandboxRun current() {
        return run;
    }

    /** Tells of each process once, and of none that a reset or destroy ended. The runtime comes behind the extensions. */
    @Override
    public void onProcessEnded(SandboxRun watched, int index, int code, int signal) {
        ExitStatus status;
        synchronized (this) {
            boolean asked = state == State.RESETTING || state == State.DESTROYING;
            if (asked || run != watched || !watched.reportEnd(index)) {
                return;
            }
            status = ends.ofReported(index, code, signal);
        }
        if (ends.isRuntime(index)) {
            events.onExited(this, status);
        } else {
            events.onExtensionExited(this, index, status);
        }
    }

    @Override
    public void onMonitorEnded(SandboxRun ended, int code) {
        ExitStatus status = null;
        synchronized (this) {
            ended.kill();
            if (ended.control() == null && (state == State.CREATED || state == State.RUNNING)) {
                status = ends.ofMonitor(code, state == State.RUNNING);
                state = State.EXITED;
            }
        }
        if (status != null) {
            events.onExited(this, status);
        }
        onPartEnded(ended);
    }

    @Override
    public void onPartEnded(SandboxRun ended) {
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
                    setQuota(true);
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
            watch.begin(fresh);
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
    public synchronized int takeExtensionOutputFd() {
        return run.takeExtensionOutputFd();
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
            ends.begin();
            setQuota(boosted);
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

    private void setQuota(boolean boosted) {
        if (filesClosed) {
            return;
        }
        if (boosted) {
            quota.boost();
        } else {
            quota.restrict();
        }
    }

    @Override
    public synchronized void endBoost() {
        setQuota(false);
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
        backend.launcher().execute(filler::fill);
    }

    /** The run that is to be filled, with the filler counted in, so that its group stays until that is gone. */
    @Override
    public synchronized @Nullable SandboxRun onFillerStarting() {
        return mayEnd() && run.addFiller() ? run : null;
    }

    @Override
    public synchronized void onFillerStarted(SandboxRun target, int fd) {
        target.setFillerFd(fd);
        if (target != run || !mayEnd()) {
            target.kill(); // asked for meanwhile
        }
    }

    @Override
    public void onFillerEnded(SandboxRun target) {
        synchronized (this) {
            target.closeFiller();
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
