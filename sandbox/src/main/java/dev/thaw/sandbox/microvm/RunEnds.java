package dev.thaw.sandbox.microvm;

import dev.thaw.sandbox.kernel.Kernel;
import dev.thaw.sandbox.kernel.LocalSocket;

/**
 * This side's ends of one run of a guest: the listening socket that its connections go to, and the pipes of its outputs,
 * to be taken by whoever serves the run.
 *
 * <p>Threading: its guest's lock.
 */
final class RunEnds implements AutoCloseable {
    private final String path;
    private int apiFd = -1;
    private int outputFd = -1;
    private int extensionOutputFd = -1;
    private int outputWriteFd = -1;
    private int extensionOutputWriteFd = -1;

    private RunEnds(String path) {
        this.path = path;
    }

    /** {@code path} is where the socket is to be. Whatever fails, nothing is left. */
    static RunEnds open(String path) {
        RunEnds ends = new RunEnds(path);
        try {
            ends.open();
            return ends;
        } catch (RuntimeException failure) {
            ends.close();
            throw failure;
        }
    }

    private void open() {
        apiFd = LocalSocket.listen(path);
        long output = Kernel.pipe();
        outputFd = (int) output;
        outputWriteFd = (int) (output >> 32);
        long extensionOutput = Kernel.pipe();
        extensionOutputFd = (int) extensionOutput;
        extensionOutputWriteFd = (int) (extensionOutput >> 32);
        for (int fd : new int[] {outputFd, outputWriteFd, extensionOutputFd, extensionOutputWriteFd}) {
            Kernel.check(Kernel.setNonBlocking(fd), "make a pipe non-blocking");
        }
    }

    /** A connection to whoever serves, or a negated errno. */
    long connect() {
        return LocalSocket.connect(path);
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

    int takeOutputWriteFd() {
        int fd = outputWriteFd;
        outputWriteFd = -1;
        return fd;
    }

    int takeExtensionOutputWriteFd() {
        int fd = extensionOutputWriteFd;
        extensionOutputWriteFd = -1;
        return fd;
    }

    /** Closes what nobody took; nobody can connect any more. */
    @Override
    public void close() {
        Kernel.removeFile(path);
        for (int fd : new int[] {apiFd, outputFd, extensionOutputFd, outputWriteFd, extensionOutputWriteFd}) {
            Kernel.close(fd);
        }
        apiFd = -1;
        outputFd = -1;
        extensionOutputFd = -1;
        outputWriteFd = -1;
        extensionOutputWriteFd = -1;
    }
}
