package dev.thaw.sandbox.microvm;

import dev.thaw.sandbox.kernel.BubblewrapCommand;
import dev.thaw.sandbox.kernel.ControlGroup;
import dev.thaw.sandbox.kernel.HostPrograms;
import dev.thaw.sandbox.kernel.Kernel;
import dev.thaw.sandbox.kernel.LocalSocket;
import dev.thaw.sandbox.kernel.ProcessSpawner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * One running VMM in its jail: two processes, bubblewrap's monitor and the VMM itself, which is the first of a process
 * namespace, so that nothing outlives it.
 *
 * <p>Threading: {@link #launch} on the spawning thread; the rest is its owner's to guard.
 */
final class VmProcess implements AutoCloseable {
    /** In place of both ends of a socket. */
    private static final long NO_PAIR = -1;

    private static final int PARTS = 2;

    private final int vmmPid;
    private final QemuControl control;
    private int monitorFd;
    private int vmmFd;
    private int channelFd;
    private int wordsFd;
    private int partsAlive;

    private VmProcess(int monitorPid, int vmmPid, int controlFd, int channelFd, int wordsFd) {
        this.vmmPid = vmmPid;
        control = new QemuControl(controlFd);
        this.channelFd = channelFd;
        this.wordsFd = wordsFd;
        monitorFd = (int) Kernel.check(Kernel.openProcess(monitorPid), "pidfd_open " + monitorPid);
        vmmFd = (int) Kernel.openProcess(vmmPid);
        partsAlive = vmmFd < 0 ? PARTS - 1 : PARTS;
    }

    /**
     * Starts the machine.
     *
     * @param files descriptors that stay the caller's: kernel, initramfs, disks
     */
    static VmProcess launch(String program, VmPlan plan, int[] files, ControlGroup group) {
        BubblewrapCommand jail = plan.vmm().jail(program, plan.accelerator() == Accelerator.KVM);
        List<String> words = new ArrayList<>(List.of(
                HostPrograms.require("bwrap"), "--args", Integer.toString(BubblewrapCommand.ARGUMENTS_FD), "--"));
        words.addAll(plan.vmm().command(program, plan));
        int nothing = (int) Kernel.check(Kernel.open("/dev/null", Kernel.O_RDWR), "open /dev/null");
        int arguments = Kernel.memoryFile("bwrap-args", jail.arguments());
        long info = Kernel.pipe();
        long says = Kernel.pipe();
        boolean wired = plan.vmm().isWired();
        long control = wired ? LocalSocket.pair() : NO_PAIR;
        long channel = wired ? LocalSocket.pair() : NO_PAIR;
        boolean done = false;
        try {
            int[] fds = new int[QemuCommand.KERNEL_FD + files.length];
            Arrays.fill(fds, nothing);
            fds[1] = high(says);
            fds[2] = high(says);
            fds[BubblewrapCommand.INFO_FD] = high(info);
            fds[BubblewrapCommand.ARGUMENTS_FD] = arguments;
            if (wired) {
                fds[QemuCommand.CONTROL_FD] = high(control);
                fds[QemuCommand.CHANNEL_FD] = high(channel);
            }
            System.arraycopy(files, 0, fds, QemuCommand.KERNEL_FD, files.length);
            int monitorPid;
            try {
                monitorPid = ProcessSpawner.spawn(words, fds, group);
            } finally {
                closeAll(high(says), high(info), high(control), high(channel));
            }
            int vmmPid = vmmPid((int) info, (int) says, monitorPid);
            Kernel.check(Kernel.setNonBlocking((int) says), "make the VMM's words non-blocking");
            VmProcess launched = new VmProcess(monitorPid, vmmPid, (int) control, (int) channel, (int) says);
            done = true;
            return launched;
        } finally {
            closeAll(nothing, arguments, (int) info);
            if (!done) {
                closeAll((int) says, (int) control, (int) channel);
            }
        }
    }

    private static int high(long pair) {
        return (int) (pair >> 32);
    }

    private static void closeAll(int... fds) {
        for (int fd : fds) {
            Kernel.close(fd);
        }
    }

    private static int vmmPid(int infoFd, int saysFd, int monitorPid) {
        int vmmPid = BubblewrapCommand.readChildPid(infoFd);
        if (vmmPid < 0) {
            String reason = Kernel.readText(saysFd).strip();
            int monitorFd = (int) Kernel.openProcess(monitorPid);
            Kernel.killProcess(monitorFd);
            Kernel.awaitAndReap(monitorFd);
            Kernel.close(monitorFd);
            throw new IllegalStateException(reason.isEmpty() ? "bwrap ended without a word" : reason);
        }
        return vmmPid;
    }

    int vmmPid() {
        return vmmPid;
    }

    int monitorFd() {
        return monitorFd;
    }

    int vmmFd() {
        return vmmFd;
    }

    /** The machine's end of the channel, for whoever serves it. */
    int takeChannelFd() {
        int fd = channelFd;
        channelFd = -1;
        return fd;
    }

    /** Where QEMU takes commands; of another VMM it has ended. */
    QemuControl control() {
        return control;
    }

    /** Moves the threads that run the guest's instructions under the CPU quota; how many there are. */
    int limitVcpus(Vmm vmm, ControlGroup group) throws IOException {
        List<Path> threads;
        try (Stream<Path> tasks = Files.list(Path.of("/proc", Integer.toString(vmmPid), "task"))) {
            threads = tasks.toList();
        } catch (UncheckedIOException ended) {
            throw ended.getCause();
        }
        int found = 0;
        for (Path thread : threads) {
            if (vmm.isVcpu(nameOf(thread))) {
                group.limitThread(Integer.parseInt(thread.getFileName().toString()));
                found++;
            }
        }
        return found;
    }

    /** Empty for one that has ended meanwhile, as those of QEMU that read its disks do. */
    private static String nameOf(Path thread) {
        try {
            return Files.readString(thread.resolve("comm"));
        } catch (IOException ended) {
            return "";
        }
    }

    /** What it has to say of its end, in one line; empty for nothing. */
    String lastWords() {
        try {
            return OneLine.of(Kernel.readText(wordsFd));
        } catch (RuntimeException nothing) {
            return "";
        }
    }

    void kill() {
        Kernel.killProcess(vmmFd);
        Kernel.killProcess(monitorFd);
    }

    /** Of a machine that nobody watches: kills both, and leaves nothing open. */
    void end() {
        kill();
        Kernel.awaitAndReap(monitorFd);
        close();
    }

    /** Counts one of the two processes out. True once both are gone. */
    boolean partEnded() {
        return --partsAlive == 0;
    }

    boolean isOver() {
        return partsAlive <= 0;
    }

    /** Closes what is left open; both processes are gone. */
    @Override
    public void close() {
        control.close();
        closeAll(monitorFd, vmmFd, channelFd, wordsFd);
        // Whoever still wants to kill it must not kill what has these numbers next.
        monitorFd = -1;
        vmmFd = -1;
        channelFd = -1;
        wordsFd = -1;
    }
}
