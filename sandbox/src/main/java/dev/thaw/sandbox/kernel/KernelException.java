package dev.thaw.sandbox.kernel;

/** A system call that failed: one line that says what was tried and which errno came back. */
public final class KernelException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public final int errno;

    public KernelException(String what, int errno) {
        super(what + ": " + name(errno));
        this.errno = errno;
    }

    /** The errno's name where it is one that sandboxes meet. */
    public static String name(int errno) {
        return switch (errno) {
            case 1 -> "EPERM (operation not permitted)";
            case 2 -> "ENOENT (no such file or directory)";
            case 11 -> "EAGAIN (resource temporarily unavailable)";
            case 12 -> "ENOMEM (out of memory)";
            case 13 -> "EACCES (permission denied)";
            case 16 -> "EBUSY (device or resource busy)";
            case 17 -> "EEXIST (file exists)";
            case 20 -> "ENOTDIR (not a directory)";
            case 22 -> "EINVAL (invalid argument)";
            case 24 -> "EMFILE (too many open files)";
            case 28 -> "ENOSPC (no space left on device)";
            case 30 -> "EROFS (read-only file system)";
            case 38 -> "ENOSYS (kernel too old)";
            case 95 -> "EOPNOTSUPP (not supported)";
            case 98 -> "EADDRINUSE (address in use)";
            default -> "errno " + errno;
        };
    }
}
