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
    private int apiFd;
    private int outputFd;
    private int extensionOutputFd;
    private int outputWriteFd;
    private int extensionOutputWriteFd;

    /** {@code path} is where the socket is to be. */
    RunEnds(String path) {
        this.path = path;
        apiFd = LocalSocket.listen(path);
        long output = Kernel.pipe();
        outputFd = nonBlocking((int) output);
        outputWriteFd = nonBlocking((int) (output >> 32));
        long extensionOutput = Kernel.pipe();
        extensionOutputFd = nonBlocking((int) extensionOutput);
        extensionOutputWriteFd = nonBlocking((int) (extensionOutput >> 32));
    }

    private static int nonBlocking(int fd) {
        Kernel.check(Kernel.setNonBlocking(fd), "make a pipe non-blocking");
        return fd;
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
