package dev.thaw.sandbox.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Who the calling thread is to the kernel, and what it may do.
 *
 * <p>Threading: safe on any thread; each call changes its own thread.
 */
public final class Credentials {
    private static final int PR_SET_DUMPABLE = 4;
    private static final int PR_SET_KEEPCAPS = 8;
    private static final int CAPABILITY_VERSION_3 = 0x20080522;

    private Credentials() {}

    /** Sets what new files of this thread lack: a user's own choice must not hide what sandboxes need to read. */
    public static void setFileModeMask(int mask) {
        Kernel.call(Syscall.UMASK, mask, 0, 0, 0, 0);
    }

    public static int effectiveUserId() {
        return (int) Kernel.call(Syscall.GETEUID, 0, 0, 0, 0, 0);
    }

    /** Changes this thread's user and groups and keeps its capabilities; programs that it starts have none. */
    public static void becomeUser(int userId, int groupId) {
        becomeUser(userId, groupId, new int[0]);
    }

    /** The same, in one more group. */
    public static void becomeUser(int userId, int groupId, int furtherGroupId) {
        becomeUser(userId, groupId, new int[] {furtherGroupId});
    }

    private static void becomeUser(int userId, int groupId, int[] furtherGroupIds) {
        Kernel.check(Kernel.call(Syscall.PRCTL, PR_SET_KEEPCAPS, 1, 0, 0, 0), "prctl PR_SET_KEEPCAPS");
        try (Arena arena = Arena.ofConfined()) {
            long groups =
                    arena.allocateFrom(ValueLayout.JAVA_INT, furtherGroupIds).address();
            Kernel.check(Kernel.call(Syscall.SETGROUPS, furtherGroupIds.length, groups, 0, 0, 0), "setgroups");
        }
        Kernel.check(Kernel.call(Syscall.SETRESGID, groupId, groupId, groupId, 0, 0), "setresgid " + groupId);
        Kernel.check(Kernel.call(Syscall.SETRESUID, userId, userId, userId, 0, 0), "setresuid " + userId);
        raiseCapabilities();
        // A change of user marks the whole process undumpable, which hides its own /proc entries from itself.
        Kernel.call(Syscall.PRCTL, PR_SET_DUMPABLE, 1, 0, 0, 0);
    }

    private static void raiseCapabilities() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment header = arena.allocateFrom(ValueLayout.JAVA_INT, CAPABILITY_VERSION_3, 0);
            MemorySegment sets = arena.allocate(24, 4);
            Kernel.check(Kernel.call(Syscall.CAPGET, header.address(), sets.address(), 0, 0, 0), "capget");
            for (int word = 0; word < 24; word += 12) {
                sets.set(ValueLayout.JAVA_INT, word, sets.get(ValueLayout.JAVA_INT, word + 4));
            }
            Kernel.check(Kernel.call(Syscall.CAPSET, header.address(), sets.address(), 0, 0, 0), "capset");
        }
    }
}
