package dev.thaw.sandbox.process;

import dev.thaw.sandbox.kernel.BubblewrapCommand;
import dev.thaw.sandbox.kernel.ControlGroup;
import dev.thaw.sandbox.kernel.HostPrograms;
import dev.thaw.sandbox.kernel.Kernel;
import dev.thaw.sandbox.kernel.ProcessSpawner;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The processes of one start of a sandbox: the one we started (bubblewrap's monitor, or the function itself) and, with
 * a process namespace, that namespace's first process, whose death ends all others.
 *
 * <p>Threading: not safe; the sandbox guards it.
 */
final class SandboxRun implements AutoCloseable {
    private static final String BUBBLEWRAP = "bwrap";
    /** Files that a function may have open (contract.md section 18). */
    private static final int DESCRIPTORS_MAX = 1024;

    private final int pid;
    private final int initPid;
    private int monitorFd;
    private int initFd;
    private int blockFd;
    private int outputFd;
    /** -1 where there are no extensions. */
    private int extensionOutputFd;

    private int apiFd = -1;
    /** Where an init of ours runs extensions beside the runtime, or null. */
    private final @Nullable InitControl control;

    private int fillerFd = -1;

    private int partsAlive;
    /** A bit for each process of init's command line; init takes 64 at most. */
    private long endsReported;

    private SandboxRun(int pid, int initPid, int blockFd, int outputFd, int extensionOutputFd, int controlFd) {
        this.pid = pid;
        this.initPid = initPid;
        this.blockFd = blockFd;
        this.outputFd = outputFd;
        this.extensionOutputFd = extensionOutputFd;
        this.monitorFd = (int) Kernel.check(Kernel.openProcess(pid), "pidfd_open " + pid);
        this.initFd = initPid < 0 ? -1 : (int) Kernel.openProcess(initPid);
        this.control = controlFd < 0 ? null : new InitControl(controlFd);
        this.partsAlive = 1 + (initFd < 0 ? 0 : 1) + (control == null ? 0 : 1);
    }

    /**
     * Starts bubblewrap and waits until its namespaces exist; its command waits for {@link #release}.
     *
     * @param group where it is born, or null
     * @param seccompFd a file with the filter, or -1
     * @param controlled the command is an init of ours: it gets the other end of {@link #control}, and a pipe for what
     *     extensions write
     */
    static SandboxRun launch(
            BubblewrapCommand sandbox,
            List<String> command,
            @Nullable ControlGroup group,
            int seccompFd,
            boolean controlled) {
        int arguments = Kernel.memoryFile("bwrap-args", sandbox.arguments());
        List<String> words = new ArrayList<>();
        words.add(HostPrograms.require(BUBBLEWRAP));
        words.addAll(List.of("--args", Integer.toString(BubblewrapCommand.ARGUMENTS_FD), "--"));
        words.addAll(command);
        try {
            return launch(words, group, true, arguments, seccompFd, controlled);
        } finally {
            Kernel.close(arguments);
        }
    }

    /** Starts a shell that waits for {@link #release} and then becomes the command, in a folder. */
    static SandboxRun launchPlain(List<String> command, @Nullable ControlGroup group) {
        return launch(command, group, false, -1, -1, false);
    }

    private static SandboxRun launch(
            List<String> words,
            @Nullable ControlGroup group,
            boolean hasInit,
            int argumentsFd,
            int seccompFd,
            boolean controlled) {
        int nothing = (int) Kernel.check(Kernel.open("/dev/null", Kernel.O_RDWR), "open /dev/null");
        long info = Kernel.pipe();
        long block = Kernel.pipe();
        long output = Kernel.pipe();
        long controls = controlled ? Kernel.socketPair() : -1;
        long extensionOutput = controlled ? Kernel.pipe() : -1;
        int[] fds = new int[controlled ? 9 : seccompFd >= 0 ? 7 : argumentsFd >= 0 ? 6 : 5];
        Arrays.fill(fds, nothing);
        fds[1] = writeEnd(output);
        fds[2] = writeEnd(output);
        fds[BubblewrapCommand.INFO_FD] = writeEnd(info);
        fds[BubblewrapCommand.BLOCK_FD] = readEnd(block);
        if (argumentsFd >= 0) {
            fds[BubblewrapCommand.ARGUMENTS_FD] = argumentsFd;
        }
        if (seccompFd >= 0) {
            fds[BubblewrapCommand.SECCOMP_FD] = seccompFd;
        }
        if (controlled) {
            fds[BubblewrapCommand.CONTROL_FD] = writeEnd(controls);
            fds[BubblewrapCommand.EXTENSION_OUTPUT_FD] = writeEnd(extensionOutput);
        }
        boolean done = false;
        try {
            int pid;
            try {
                pid = ProcessSpawner.spawn(words, fds, group);
            } finally {
                Kernel.close(writeEnd(info));
                Kernel.close(writeEnd(output));
                Kernel.close(writeEnd(controls));
                Kernel.close(writeEnd(extensionOutput));
            }
            int initPid = hasInit ? initPid(readEnd(info), readEnd(output), pid) : -1;
            // Before the command is released. Refused only where bubblewrap is installed as another user's program.
            long _ = Kernel.limitDescriptors(hasInit ? initPid : pid, DESCRIPTORS_MAX);
            done = true;
            return new SandboxRun(
                    pid, initPid, writeEnd(block), readEnd(output), readEnd(extensionOutput), readEnd(controls));
        } finally {
            Kernel.close(nothing);
            Kernel.close(readEnd(info));
            Kernel.close(readEnd(block));
            if (!done) {
                Kernel.close(writeEnd(block));
                Kernel.close(readEnd(output));
                Kernel.close(readEnd(controls));
                Kernel.close(readEnd(extensionOutput));
            }
        }
    }

    private static int initPid(int infoFd, int outputFd, int pid) {
        int initPid = BubblewrapCommand.readChildPid(infoFd);
        if (initPid < 0) {
            String reason = Kernel.readText(outputFd).strip();
            int monitor = (int) Kernel.openProcess(pid);
            Kernel.killProcess(monitor);
            Kernel.awaitAndReap(monitor);
            Kernel.close(monitor);
            throw new IllegalStateException(reason.isEmpty() ? "bwrap ended without a word" : reason);
        }
        return initPid;
    }

    private static int readEnd(long pipe) {
        return (int) pipe;
    }

    private static int writeEnd(long pipe) {
        return (int) (pipe >> 32);
    }

    int initPid() {
        return initPid;
    }

    /** Whether {@link #initPid} is still its own. */
    boolean hasInit() {
        return Kernel.isProcess(initFd);
    }

    int monitorFd() {
        return monitorFd;
    }

    int initFd() {
        return initFd;
    }

    void setApiFd(int fd) {
        apiFd = fd;
    }

    /** Port of the Runtime API, as long as its socket is not taken. */
    int apiPort() {
        return Kernel.localPort(apiFd);
    }

    int takeApiFd() {
        int fd = apiFd;
        apiFd = -1;
        return fd;
    }

    int takeOutputFd() {
        int fd = outputFd;
        outputFd = -1;
        return fd;
    }

    int takeExtensionOutputFd() {
        int fd = extensionOutputFd;
        extensionOutputFd = -1;
        return fd;
    }

    void makeOutputNonBlocking() {
        Kernel.check(Kernel.setNonBlocking(outputFd), "make output non-blocking");
        if (extensionOutputFd >= 0) {
            Kernel.check(Kernel.setNonBlocking(extensionOutputFd), "make output of extensions non-blocking");
        }
    }

    /** Lets the command start. */
    void release() {
        Kernel.write(blockFd, new byte[] {'\n'});
        Kernel.close(blockFd);
        blockFd = -1;
    }

    /** SIGTERM to the command: the only child of the namespace's first process, or the very process that we started. */
    void terminate() {
        if (initPid < 0) {
            Kernel.terminate(pid);
            return;
        }
        int children = (int) Kernel.open("/proc/" + initPid + "/task/" + initPid + "/children", 0);
        if (children < 0) {
            return; // it is gone
        }
        for (String child : Kernel.readText(children).split(" ", -1)) {
            if (!child.isBlank()) {
                Kernel.terminate(Integer.parseInt(child.strip()));
            }
        }
        Kernel.close(children);
    }

    void kill() {
        Kernel.killProcess(initFd);
        Kernel.killProcess(monitorFd);
        Kernel.killProcess(fillerFd);
        if (initPid < 0) {
            Kernel.killGroup(pid);
        }
    }

    /** The way to the init that runs extensions beside the runtime, or null where the command is the runtime. */
    @Nullable
    InitControl control() {
        return control;
    }

    /** Whether the end of this process of init's command line is news. */
    boolean reportEnd(int index) {
        long bit = 1L << index;
        boolean news = (endsReported & bit) == 0;
        endsReported |= bit;
        return news;
    }

    /** Counts a process in that is about to fill the memory: this run is not over before it has ended. False for a second one. */
    boolean addFiller() {
        boolean first = fillerFd < 0;
        partsAlive += first ? 1 : 0;
        return first;
    }

    /** What fills the memory; dies with the rest. */
    void setFillerFd(int fd) {
        fillerFd = fd;
    }

    void closeFiller() {
        Kernel.close(fillerFd);
        fillerFd = -1;
    }

    /** Counts one of the processes, or the control socket, out. True once all are gone: nothing of this run is left. */
    boolean partEnded() {
        return --partsAlive == 0;
    }

    boolean isOver() {
        return partsAlive <= 0;
    }

    /** Lets the command run to its end and returns what it printed. For commands that print little and end at once. */
    String finish() {
        release();
        StringBuilder printed = new StringBuilder();
        for (String text = Kernel.readText(outputFd); !text.isEmpty(); text = Kernel.readText(outputFd)) {
            printed.append(text);
        }
        kill();
        Kernel.awaitAndReap(monitorFd);
        return printed.toString();
    }

    /** Closes what nobody took. */
    @Override
    public void close() {
        for (int fd : new int[] {monitorFd, initFd, blockFd, outputFd, extensionOutputFd, apiFd, fillerFd}) {
            Kernel.close(fd);
        }
        if (control != null) {
            control.close();
        }
        monitorFd = -1;
        initFd = -1;
        blockFd = -1;
        outputFd = -1;
        extensionOutputFd = -1;
        apiFd = -1;
        fillerFd = -1;
    }
}
