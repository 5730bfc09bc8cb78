package dev.thaw.sandbox.microvm;

import dev.thaw.sandbox.SandboxStats;
import dev.thaw.sandbox.kernel.ControlGroup;
import dev.thaw.sandbox.kernel.Kernel;
import dev.thaw.sandbox.kernel.KernelException;
import java.io.IOException;

/**
 * One microVM from its launch until nothing is left of it: its VMM, its control groups and the channel to its init. Whose
 * function it runs, if any yet, it does not know.
 *
 * <p>Threading: its own lock guards every field; no listener is called under it.
 */
final class Machine implements GuestEvents {
    /** What becomes of a machine. On the channels' thread or the reaper's. */
    interface Listener {
        void onReady(BootTimes times);

        void onPrepared();

        void onPrepareFailed(String reason);

        void onExited(int index, int waitStatus);

        void onReset();

        void onCheckpointed();

        /** Its processes are gone; {@link #destroy} frees what is left. Told once, and not where that was asked for. */
        void onEnded(String reason);

        /** Nothing is left of it. */
        void onRemoved();
    }

    private final MicroVmBackend backend;
    private final String name;
    private final ControlGroup group;
    private final Vmm vmm;
    private final VmProcess process;
    private final GuestChannel channel;
    private final Listener listener;

    private String lossReason;
    private String refusal = "";
    private boolean destroying;
    private boolean filesClosed;

    private Machine(
            MicroVmBackend backend, String name, ControlGroup group, Vmm vmm, VmProcess process, Listener listener) {
        this.backend = backend;
        this.name = name;
        this.group = group;
        this.vmm = vmm;
        this.process = process;
        this.listener = listener;
        lossReason = vmm.label() + " was killed";
        channel = vmm.open(backend.channels(), process, this);
    }

    /** Starts one for a function of this memory. On the spawning thread. Whatever fails, nothing is left. */
    static Machine launch(
            MicroVmBackend backend, String name, int memoryMib, VmPlan plan, int[] files, Listener listener) {
        int limitMib = GuestMemory.limitMib(memoryMib, plan.vmm(), plan.accelerator());
        ControlGroup group = backend.groups()
                .createForThreads(name, limitMib, backend.config().cpuPeriodUs(plan.accelerator()));
        Machine machine;
        try {
            machine = launch(backend, name, group, plan, files, listener);
        } catch (RuntimeException failure) {
            group.closeFiles();
            backend.sweep(group::tryRemove);
            throw failure;
        }
        plan.vmm().boot(backend, machine, plan);
        return machine;
    }

    private static Machine launch(
            MicroVmBackend backend, String name, ControlGroup group, VmPlan plan, int[] files, Listener listener) {
        String program = plan.vmm().program(plan.architecture());
        VmProcess process = VmProcess.launch(program, plan, files, group);
        try {
            Machine machine = new Machine(backend, name, group, plan.vmm(), process, listener);
            backend.reaper().watch(process.monitorFd(), () -> machine.onPartEnded(process.monitorFd()));
            if (process.vmmFd() >= 0) {
                backend.reaper().watch(process.vmmFd(), () -> machine.onPartEnded(-1));
            }
            return machine;
        } catch (RuntimeException nobodyToWatchIt) {
            process.end();
            throw nobodyToWatchIt;
        }
    }

    String name() {
        return name;
    }

    QemuControl control() {
        return process.control();
    }

    GuestChannel channel() {
        return channel;
    }

    ControlGroup group() {
        return group;
    }

    /** From now on the guest gets the CPU that its quota says. */
    synchronized void limitVcpus() {
        if (filesClosed) {
            return;
        }
        try {
            if (process.limitVcpus(vmm, group) == 0) {
                System.err.println("microVM " + name + ": no thread of " + vmm.label()
                        + " has the name of one that runs its processors: no CPU quota holds it");
            }
        } catch (IOException gone) {
            // Its end is about to be told.
            return;
        }
    }

    /** The VMM is the monitor's child: only the monitor is ours to reap. */
    private void onPartEnded(int monitorFd) {
        if (monitorFd >= 0) {
            int _ = Kernel.reap(monitorFd);
        }
        boolean over;
        synchronized (this) {
            process.kill();
            over = process.partEnded();
        }
        if (over) {
            tellEnd();
            removeIfDone();
        }
    }

    private void tellEnd() {
        String reason;
        synchronized (this) {
            if (destroying) {
                return;
            }
            String words = process.lastWords();
            reason = !refusal.isEmpty() ? refusal : words.isEmpty() ? lossReason : words;
        }
        listener.onEnded("microVM " + name + ": " + reason);
    }

    @Override
    public void onReady(BootTimes times) {
        listener.onReady(times);
    }

    @Override
    public void onPrepared() {
        listener.onPrepared();
    }

    @Override
    public void onPrepareFailed(String reason) {
        listener.onPrepareFailed(reason);
    }

    @Override
    public void onExited(int index, int waitStatus) {
        listener.onExited(index, waitStatus);
    }

    @Override
    public void onReset() {
        listener.onReset();
    }

    @Override
    public void onCheckpointed() {
        listener.onCheckpointed();
    }

    @Override
    public void onFault(String text) {
        System.err.println("microVM " + name + ": " + text);
    }

    /** The VMM does not do what it was asked for: it is killed, and this is what is told of it. */
    synchronized void refuse(String reason) {
        if (refusal.isEmpty()) {
            refusal = reason;
        }
        process.kill();
    }

    /** Whether both of its processes are gone. */
    synchronized boolean isOver() {
        return process.isOver();
    }

    /** Where this host finds a path of the jail; before the jail is made it is the host's own. */
    String inJail(String path) {
        return "/proc/" + process.vmmPid() + "/root" + path;
    }

    /** It is killed; the VMM's last words may tell more than this. */
    @Override
    public synchronized void onLost(String reason) {
        lossReason = reason;
        process.kill();
    }

    synchronized void freeze() {
        if (!filesClosed) {
            group.freeze();
        }
    }

    synchronized void thaw() {
        if (!filesClosed) {
            group.thaw();
        }
    }

    synchronized void read(SandboxStats stats) {
        if (!filesClosed) {
            group.read(stats);
            stats.peakMemoryBytes = channel.peakMemoryBytes();
            stats.oomKills = channel.oomKills();
        }
    }

    /** The host killed it for exceeding what it gives all of it. */
    synchronized boolean wasOutOfMemory() {
        return !filesClosed && group.oomKills() > 0;
    }

    /** Changes its groups, unless they are there no more. */
    synchronized void change(Runnable write) {
        if (!filesClosed) {
            write.run();
        }
    }

    void destroy() {
        synchronized (this) {
            if (destroying) {
                return;
            }
            destroying = true;
            try {
                group.thaw();
            } catch (KernelException stillFrozen) {
                System.err.println("microVM " + name + ": cannot be thawed to die: " + stillFrozen.getMessage());
            }
            process.kill();
        }
        removeIfDone();
    }

    private void removeIfDone() {
        synchronized (this) {
            if (!destroying || !process.isOver() || filesClosed) {
                return;
            }
            filesClosed = true;
            process.close();
            group.closeFiles();
        }
        channel.close();
        backend.sweep(this::tryRemove);
    }

    private boolean tryRemove() {
        if (!group.tryRemove()) {
            group.killAll();
            return false;
        }
        listener.onRemoved();
        return true;
    }
}
