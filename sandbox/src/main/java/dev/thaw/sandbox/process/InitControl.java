package dev.thaw.sandbox.process;

import dev.thaw.sandbox.kernel.Kernel;

/**
 * The host's end of the control socket of a sandbox's init ({@code src/main/c/init.c}): commands go in, how processes
 * ended comes out.
 *
 * <p>Threading: not safe; the sandbox guards it.
 */
final class InitControl implements AutoCloseable {
    /** No report is there yet. */
    static final int NONE = -1;
    /** Init has ended: nothing follows. */
    static final int END = -2;

    private int fd;
    private int waitStatus;

    InitControl(int fd) {
        this.fd = fd;
        Kernel.check(Kernel.setNonBlocking(fd), "make control socket non-blocking");
    }

    int fd() {
        return fd;
    }

    void startRuntime() {
        Kernel.write(fd, new byte[] {'S'});
    }

    void terminateRuntime() {
        Kernel.write(fd, new byte[] {'T'});
    }

    void killRuntime() {
        Kernel.write(fd, new byte[] {'K'});
    }

    /** The index of a process that ended, as in init's command line, or {@link #NONE} or {@link #END}. */
    int read() {
        long bytes = Kernel.receivePair(fd);
        if (bytes == 2 * Integer.BYTES) {
            waitStatus = Kernel.receivedInt(1);
            return Kernel.receivedInt(0);
        }
        return bytes == -Kernel.EAGAIN ? NONE : END;
    }

    /** Exit code of the process that was read last, or -1 where a signal ended it. */
    int exitCode() {
        return signal() == 0 ? waitStatus >> 8 & 0xff : -1;
    }

    /** The signal that ended it, or 0. */
    int signal() {
        return waitStatus & 0x7f;
    }

    @Override
    public void close() {
        Kernel.close(fd);
        fd = -1;
    }
}
