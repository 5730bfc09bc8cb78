package dev.thaw.sandbox.microvm;

import dev.thaw.sandbox.Sandbox;
import dev.thaw.sandbox.SandboxEvents;
import dev.thaw.sandbox.SandboxStats;
import dev.thaw.sandbox.StartStages;
import dev.thaw.sandbox.kernel.CpuQuota;
import dev.thaw.sandbox.microvm.VmSnapshots.Outcome;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A sandbox of the microVM backend: a machine, and the function that it is for.
 *
 * <p>Threading: its own lock guards every field; nothing slow and no listener is called under it.
 */
final class MicroVmSandbox implements Sandbox, Machine.Listener {
    private static final String RUNTIME_API = "127.0.0.1:9001";

    private enum State {
        BOOTING,
        /** Waits for {@link #start}. */
        CREATED,
        RUNNING,
        /** The runtime is gone, the machine is not. */
        EXITED,
        /** The machine is gone. */
        ENDED,
        RESETTING,
        /** It stands still for ever. */
        SNAPSHOT,
        DESTROYING
    }

    private final MicroVmBackend backend;
    private final GuestPlan plan;
    private final GuestState memory;
    private final SandboxEvents events;
    private final VmStart start;
    private final Machine machine;
    private final CpuQuota quota;
    private final ProcessEnds ends;
    private State state = State.BOOTING;
    private String failure = "";
    private @Nullable SnapshotOrder ordered;
    private boolean frozen;

    MicroVmSandbox(MicroVmBackend backend, VmOrder order, GuestPlan plan, GuestState memory, MachineSource source) {
        this.backend = backend;
        this.plan = plan;
        this.memory = memory;
        events = order.events();
        start = order.start();
        ends = new ProcessEnds(this, plan, events);
        synchronized (this) { // its machine may end before it is whole
            machine = source.launch(this);
            quota = new CpuQuota(machine.group(), plan.spec().memoryMib());
        }
        if (isRestored()) {
            backend.snapshots()
                    .load(machine, memory.stateFdInside(), Outcome.of(this::onPrepared, this::onPrepareFailed));
        }
    }

    private boolean isRestored() {
        return plan.spec().snapshot() != null;
    }

    /** The state that follows {@link State#BOOTING}. */
    private void leaveBooting(State next) {
        state = next;
        start.end();
    }

    /** Launches the machine that a listener is for. */
    interface MachineSource {
        Machine launch(Machine.Listener listener);
    }

    @Override
    public void onReady(BootTimes times) {
        if (isRestored()) {
            // The time that it went on with is as old as QEMU took to let it go on.
            machine.channel().setClock(backend.epochNs());
            return;
        }
        start.onReady(times, backend.nanoTime());
        machine.channel().hello(backend.epochNs());
        machine.channel().prepare(plan.guest());
    }

    @Override
    public void onPrepared() {
        synchronized (this) {
            if (state != State.BOOTING) {
                return;
            }
            leaveBooting(State.CREATED);
        }
        // The kernel may take milliseconds to move a thread.
        backend.begin(() -> {
            machine.limitVcpus();
            start.onCreated(backend.nanoTime());
            events.onCreated(this);
        });
    }

    @Override
    public void onPrepareFailed(String reason) {
        fail("microVM " + name() + ": " + reason);
    }

    /** It never comes to be: told once nothing is left of it. */
    void fail(String reason) {
        synchronized (this) {
            if (state != State.BOOTING) {
                return;
            }
            failure = reason;
            leaveBooting(State.DESTROYING);
        }
        machine.destroy();
    }

    @Override
    public void onExited(int index, int waitStatus) {
        synchronized (this) {
            if (state != State.RUNNING && state != State.EXITED) {
                return;
            }
            if (index == plan.runtimeIndex()) {
                state = State.EXITED;
            }
        }
        ends.tell(index, waitStatus, machine.channel().oomKills());
    }

    /** All of its processes died with it; one that is being reset cannot be. */
    @Override
    public void onEnded(String reason) {
        State before;
        synchronized (this) {
            before = state;
            state = before == State.BOOTING || before == State.RESETTING ? before : State.ENDED;
        }
        switch (before) {
            case BOOTING -> fail(reason);
            case RESETTING -> {
                System.err.println(reason);
                machine.destroy();
            }
            case CREATED, RUNNING, EXITED -> {
                System.err.println(reason);
                ends.tellKilled(machine.wasOutOfMemory());
            }
            case SNAPSHOT -> failSnapshot(reason);
            case ENDED, DESTROYING -> {}
        }
    }

    @Override
    public void onReset() {
        synchronized (this) {
            if (state != State.RESETTING) {
                return;
            }
            state = State.CREATED;
            ends.begin(machine.channel().oomKills());
        }
        events.onReset(this);
    }

    @Override
    public void onRemoved() {
        String reason;
        synchronized (this) {
            reason = failure;
            memory.close();
        }
        backend.forget(name());
        if (reason.isEmpty()) {
            events.onDestroyed(this);
        } else {
            events.onCreateFailed(reason);
        }
    }

    @Override
    public String name() {
        return plan.spec().name();
    }

    @Override
    public int takeRuntimeApiFd() {
        return machine.channel().takeRuntimeApiFd();
    }

    @Override
    public String runtimeApiAddress() {
        return RUNTIME_API;
    }

    @Override
    public int takeOutputFd() {
        return machine.channel().takeOutputFd();
    }

    @Override
    public int takeExtensionOutputFd() {
        return plan.extensions().isEmpty() ? -1 : machine.channel().takeExtensionOutputFd();
    }

    @Override
    public void connectInside(int port, IntConsumer connected) {
        machine.channel().connectInside(port, connected);
    }

    @Override
    public List<String> extensions() {
        return plan.extensions();
    }

    @Override
    public synchronized void start(boolean boosted) {
        if (state != State.CREATED) {
            return;
        }
        state = State.RUNNING;
        ends.begin(machine.channel().oomKills());
        setQuota(boosted);
        if (isRestored()) {
            // What it hears first waits for it, so that little of it runs before it knows.
            machine.channel().restored(backend.epochNs(), plan.runtimeIndex() + 1);
            backend.snapshots().go(machine, Outcome.of(() -> {}, machine::refuse));
        } else {
            machine.channel().start();
        }
    }

    @Override
    public void snapshot(Path folder) {
        SnapshotOrder order = new SnapshotOrder(this, events, folder);
        synchronized (this) {
            if (state == State.RUNNING && memory.memoryFd() >= 0) {
                state = State.SNAPSHOT;
                ordered = order;
                thawToObey();
                setQuota(true);
                machine.channel().checkpoint();
                return;
            }
        }
        backend.begin(() -> order.fail("sandbox " + name() + " is none that a snapshot can be made of"));
    }

    @Override
    public synchronized void onCheckpointed() {
        SnapshotOrder order = ordered;
        if (order != null && state == State.SNAPSHOT) {
            order.carryOut(backend.snapshots(), machine, memory.copy());
        }
    }

    private void failSnapshot(String reason) {
        SnapshotOrder order;
        synchronized (this) {
            order = ordered;
        }
        if (order != null) {
            order.fail(reason);
        }
    }

    private void setQuota(boolean boosted) {
        machine.change(boosted ? quota::boost : quota::restrict);
    }

    private synchronized void whileRunning(Consumer<GuestChannel> order) {
        if (state == State.RUNNING) {
            order.accept(machine.channel());
        }
    }

    @Override
    public void startRuntime() {
        whileRunning(GuestChannel::startRuntime);
    }

    @Override
    public void terminateRuntime() {
        whileRunning(GuestChannel::terminateRuntime);
    }

    @Override
    public void killRuntime() {
        whileRunning(GuestChannel::killRuntime);
    }

    @Override
    public synchronized void endBoost() {
        setQuota(false);
    }

    @Override
    public synchronized void freeze() {
        if (state == State.RUNNING) {
            frozen = true;
            machine.freeze();
        }
    }

    /** The guest's clock went on: QEMU reads the host's. */
    @Override
    public synchronized void thaw() {
        frozen = false;
        machine.thaw();
    }

    @Override
    public void kill() {
        endBy(GuestChannel::kill, false);
    }

    /** Where nothing runs yet there is nothing to kill, and nothing would be heard of it. */
    private void endBy(Consumer<GuestChannel> order, boolean forMemory) {
        synchronized (this) {
            if (state == State.RUNNING) {
                thawToObey();
                order.accept(machine.channel());
            }
            if (state != State.CREATED) {
                return;
            }
            state = State.EXITED;
        }
        machine.channel().endOutputs();
        backend.spawner().execute(() -> ends.tellKilled(forMemory));
    }

    /** A frozen machine hears nothing. */
    private void thawToObey() {
        if (frozen) {
            thaw();
        }
    }

    @Override
    public void exhaustMemory() {
        endBy(GuestChannel::exhaustMemory, true);
    }

    @Override
    public void reset() {
        synchronized (this) {
            if (state == State.RESETTING || state == State.DESTROYING) {
                return;
            }
            if (state != State.ENDED) {
                state = State.RESETTING;
                thawToObey();
                setQuota(true);
                machine.channel().reset();
                return;
            }
        }
        machine.destroy();
    }

    @Override
    public void destroy() {
        synchronized (this) {
            if (state == State.DESTROYING) {
                return;
            }
            leaveBooting(State.DESTROYING);
        }
        machine.destroy();
    }

    @Override
    public void readStats(SandboxStats stats) {
        machine.read(stats);
    }

    @Override
    public StartStages startStages() {
        return start.stages();
    }

    @Override
    public boolean emulated() {
        return plan.accelerator() == Accelerator.TCG;
    }
}
