package dev.thaw.sandbox;

import java.util.ArrayList;
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

    private final int pid;
    private final int initPid;
    private int monitorFd;
    private int initFd;
    private int blockFd;
    private int outputFd;
    private int apiFd = -1;
    private int partsAlive;

    private SandboxRun(int pid, int initPid, int blockFd, int outputFd) {
        this.pid = pid;
        this.initPid = initPid;
        this.blockFd = blockFd;
        this.outputFd = outputFd;
        this.monitorFd = (int) Kernel.check(Kernel.openProcess(pid), "pidfd_open " + pid);
        this.initFd = initPid < 0 ? -1 : (int) Kernel.openProcess(initPid);
        this.partsAlive = initFd < 0 ? 1 : 2;
    }

    /**
     * Starts bubblewrap and waits until its namespaces exist; its command waits for {@link #release}.
     *
     * @param group where it is born, or null
     * @param seccompFd a file with the filter, or -1
     */
    static SandboxRun launch(
            BubblewrapCommand sandbox, List<String> command, @Nullable ControlGroup group, int seccompFd) {
        int arguments = Kernel.memoryFile("bwrap-args", sandbox.arguments());
        List<String> words = new ArrayList<>();
        words.add(HostPrograms.require(BUBBLEWRAP));
        words.addAll(List.of("--args", Integer.toString(BubblewrapCommand.ARGUMENTS_FD), "--"));
        words.addAll(command);
        try {
            return launch(words, group, true, arguments, seccompFd);
        } finally {
            Kernel.close(arguments);
        }
    }

    /** Starts a shell that waits for {@link #release} and then becomes the command, in a folder. */
    static SandboxRun launchPlain(List<String> command, @Nullable ControlGroup group) {
        return launch(command, group, false, -1, -1);
    }

    private static SandboxRun launch(
            List<String> words, @Nullable ControlGroup group, boolean hasInit, int argumentsFd, int seccompFd) {
        int nothing = (int) Kernel.check(Kernel.open("/dev/null", Kernel.O_RDWR), "open /dev/null");
        long info = Kernel.pipe();
        long block = Kernel.pipe();
        long output = Kernel.pipe();
        int[] fds = seccompFd >= 0 ? new int[7] : argumentsFd >= 0 ? new int[6] : new int[5];
        fds[0] = nothing;
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
        boolean done = false;
        try {
            int pid;
            try {
                pid = spawn(words, fds, group);
            } finally {
                Kernel.close(writeEnd(info));
                Kernel.close(writeEnd(output));
            }
            int initPid = hasInit ? initPid(readEnd(info), readEnd(output), pid) : -1;
            done = true;
            return new SandboxRun(pid, initPid, writeEnd(block), readEnd(output));
        } finally {
            Kernel.close(nothing);
            Kernel.close(readEnd(info));
            Kernel.close(readEnd(block));
            if (!done) {
                Kernel.close(writeEnd(block));
                Kernel.close(readEnd(output));
            }
        }
    }

    private static int spawn(List<String> words, int[] fds, @Nullable ControlGroup group) {
        if (group == null) {
            return ProcessSpawner.spawn(words, fds, -1);
        }
        try {
            group.enter();
            int pid = ProcessSpawner.spawn(words, fds, group.birthFd());
            group.add(pid);
            return pid;
        } finally {
            group.leave();
        }
    }

    private static int initPid(int infoFd, int outputFd, int pid) {
        int initPid = BubblewrapCommand.childPid(readInfo(infoFd));
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

    /** To the closing brace: bubblewrap writes in pieces, and dies of a pipe that nobody reads. */
    private static String readInfo(int infoFd) {
        StringBuilder info = new StringBuilder();
        String text;
        do {
            text = Kernel.readText(infoFd);
            info.append(text);
        } while (!text.isEmpty() && !text.contains("}"));
        return info.toString();
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

    void makeOutputNonBlocking() {
        Kernel.check(Kernel.setNonBlocking(outputFd), "make output non-blocking");
    }

    /** Lets the command start. */
    void release() {
        Kernel.write(blockFd, new byte[] {'\n'});
        Kernel.close(blockFd);
        blockFd = -1;
    }

    void kill() {
        Kernel.killProcess(initFd);
        Kernel.killProcess(monitorFd);
        if (initPid < 0) {
            Kernel.killGroup(pid);
        }
    }

    /** Counts one of the two processes out. True once both are gone: nothing of this run is left. */
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
        for (int fd : new int[] {monitorFd, initFd, blockFd, outputFd, apiFd}) {
            Kernel.close(fd);
        }
        monitorFd = -1;
        initFd = -1;
        blockFd = -1;
        outputFd = -1;
        apiFd = -1;
    }
}
