package dev.thaw.sandbox.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The calling thread's namespaces and what is mounted in them. Every method returns what the kernel returned, or the
 * negated errno.
 *
 * <p>Threading: safe on any thread; each call changes its own thread's view.
 */
public final class Namespaces {
    public static final long MS_RDONLY = 1;
    public static final long MS_NOSUID = 2;
    public static final long MS_NODEV = 4;
    public static final long MS_REMOUNT = 32;
    public static final long MS_BIND = 4096;
    public static final long MS_REC = 0x4000;
    public static final long MS_PRIVATE = 1 << 18;
    private static final int MNT_DETACH = 2;

    public static final int CLONE_FS = 0x200;
    public static final int CLONE_NEWNS = 0x20000;
    public static final int CLONE_NEWNET = 0x40000000;

    private Namespaces() {}

    public static long unshare(int flags) {
        return Kernel.call(Syscall.UNSHARE, flags, 0, 0, 0, 0);
    }

    public static long setns(int fd, int type) {
        return Kernel.call(Syscall.SETNS, fd, type, 0, 0, 0);
    }

    public static long mount(String source, String target, String type, long flags, String options) {
        try (Arena arena = Arena.ofConfined()) {
            return Kernel.call(
                    Syscall.MOUNT,
                    Kernel.text(arena, source),
                    Kernel.text(arena, target),
                    Kernel.text(arena, type),
                    flags,
                    options.isEmpty() ? 0 : Kernel.text(arena, options));
        }
    }

    public static long unmount(String target) {
        try (Arena arena = Arena.ofConfined()) {
            return Kernel.call(Syscall.UMOUNT2, Kernel.text(arena, target), MNT_DETACH, 0, 0, 0);
        }
    }

    /** A detached copy of the mount at {@code path}, with all below it. */
    public static long openTree(String path) {
        try (Arena arena = Arena.ofConfined()) {
            int clone = 1;
            return Kernel.call(
                    Syscall.OPEN_TREE, Kernel.AT_FDCWD, Kernel.text(arena, path), clone | Kernel.O_CLOEXEC, 0, 0);
        }
    }

    /** Makes a detached mount read-only and shows its files' owners as {@code userNamespaceFd} maps them. */
    public static long mapOwners(int treeFd, int userNamespaceFd) {
        try (Arena arena = Arena.ofConfined()) {
            int emptyPath = 0x1000;
            long readOnly = 1;
            long idMap = 0x100000;
            MemorySegment attributes =
                    arena.allocateFrom(ValueLayout.JAVA_LONG, readOnly | idMap, 0L, 0L, (long) userNamespaceFd);
            return Kernel.call(
                    Syscall.MOUNT_SETATTR,
                    treeFd,
                    Kernel.text(arena, ""),
                    emptyPath,
                    attributes.address(),
                    attributes.byteSize());
        }
    }

    public static long moveMount(int treeFd, String target) {
        try (Arena arena = Arena.ofConfined()) {
            int fromEmptyPath = 4;
            return Kernel.call(
                    Syscall.MOVE_MOUNT,
                    treeFd,
                    Kernel.text(arena, ""),
                    Kernel.AT_FDCWD,
                    Kernel.text(arena, target),
                    fromEmptyPath);
        }
    }
}
