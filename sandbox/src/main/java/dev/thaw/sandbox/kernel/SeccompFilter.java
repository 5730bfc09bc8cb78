package dev.thaw.sandbox.kernel;

import dev.thaw.sandbox.Architecture;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The seccomp program of a sandbox, as classic BPF: answers EPERM to system calls that manage the machine, other
 * processes' memory or namespaces, knows no sockets but local ones, those of the internet and of routing (those of a
 * hypervisor, for one, are in no network namespace), and lets everything else through (so shells, JVMs, Python, qemu's
 * user emulation and static programs run unchanged). Foreign call conventions (32-bit, x32) kill the process, because
 * their numbers differ.
 */
public final class SeccompFilter {
    /** {@code struct seccomp_data}: the call's number, the convention, and the low word of its first argument. */
    private static final int NUMBER_OFFSET = 0;

    private static final int CONVENTION_OFFSET = 4;
    private static final int FIRST_ARGUMENT_OFFSET = 16;

    private static final int LOAD_WORD = 0x20;
    private static final int JUMP_EQUAL = 0x15;
    private static final int JUMP_AT_LEAST = 0x35;
    private static final int JUMP_ANY_BIT = 0x45;
    private static final int RETURN = 0x06;

    private static final int ALLOW = 0x7fff0000;
    private static final int REFUSE_EPERM = 0x00050000 | 1;
    private static final int REFUSE_ENOSYS = 0x00050000 | 38;
    private static final int REFUSE_EAFNOSUPPORT = 0x00050000 | 97;
    private static final int KILL = 0x80000000;

    private static final int AUDIT_X86_64 = 0xc000003e;
    private static final int AUDIT_ARM64 = 0xc00000b7;
    private static final int X32_BIT = 0x40000000;
    private static final int CLONE_NEW_ANY = 0x7e020000;

    /** clone's namespace flags lie in its first argument; clone3 hides them in memory, so callers must fall back. */
    private static final int CLONE3 = 435;

    /** Unix, internet of either version, netlink: languages list interfaces by it. */
    private static final int[] SOCKET_FAMILIES = {1, 2, 10, 16};

    // mount umount2 pivot_root setns unshare | ptrace process_vm_readv process_vm_writev kcmp | kexec_load
    // kexec_file_load | bpf perf_event_open | add_key request_key keyctl | init_module finit_module delete_module |
    // reboot swapon swapoff | name_to_handle_at open_by_handle_at | userfaultfd | open_tree move_mount fsopen fsconfig
    // fsmount fspick mount_setattr | io_uring_setup io_uring_enter io_uring_register | acct quotactl syslog
    // settimeofday clock_settime clock_adjtime adjtimex | sethostname setdomainname | chroot | pidfd_getfd | iopl
    // ioperm
    private static final int[] X86_64_REFUSED = {
        165, 166, 155, 308, 272, 101, 310, 311, 312, 246, 320, 321, 298, 248, 249, 250, 175, 313, 176, 169, 167, 168,
        303, 304, 323, 428, 429, 430, 431, 432, 433, 442, 425, 426, 427, 163, 179, 103, 164, 227, 305, 159, 170, 171,
        161, 438, 172, 173
    };
    private static final int[] ARM64_REFUSED = {
        40, 39, 41, 268, 97, 117, 270, 271, 272, 104, 294, 280, 241, 217, 218, 219, 105, 273, 106, 142, 224, 225, 264,
        265, 282, 428, 429, 430, 431, 432, 433, 442, 425, 426, 427, 89, 60, 116, 170, 112, 266, 171, 161, 162, 51, 438
    };

    private SeccompFilter() {}

    /** The program for a machine: eight bytes an instruction, in the host's byte order. */
    public static byte[] program(Architecture machine) {
        boolean x86 = machine == Architecture.X86_64;
        int[] refused = x86 ? X86_64_REFUSED : ARM64_REFUSED;
        int cloneNumber = x86 ? 56 : 220;
        int socketNumber = x86 ? 41 : 198;
        int instructions = 4 + (x86 ? 2 : 0) + 6 + 4 + SOCKET_FAMILIES.length + 2 * refused.length + 1;
        ByteBuffer code = ByteBuffer.allocate(instructions * 8).order(ByteOrder.nativeOrder());
        put(code, LOAD_WORD, 0, 0, CONVENTION_OFFSET);
        put(code, JUMP_EQUAL, 1, 0, x86 ? AUDIT_X86_64 : AUDIT_ARM64);
        put(code, RETURN, 0, 0, KILL);
        put(code, LOAD_WORD, 0, 0, NUMBER_OFFSET);
        if (x86) {
            put(code, JUMP_AT_LEAST, 0, 1, X32_BIT);
            put(code, RETURN, 0, 0, KILL);
        }
        for (int number : refused) {
            put(code, JUMP_EQUAL, 0, 1, number);
            put(code, RETURN, 0, 0, REFUSE_EPERM);
        }
        put(code, JUMP_EQUAL, 0, 1, CLONE3);
        put(code, RETURN, 0, 0, REFUSE_ENOSYS);
        putSockets(code, socketNumber);
        put(code, JUMP_EQUAL, 0, 3, cloneNumber);
        put(code, LOAD_WORD, 0, 0, FIRST_ARGUMENT_OFFSET);
        put(code, JUMP_ANY_BIT, 0, 1, CLONE_NEW_ANY);
        put(code, RETURN, 0, 0, REFUSE_EPERM);
        put(code, RETURN, 0, 0, ALLOW);
        return code.array();
    }

    private static void putSockets(ByteBuffer code, int number) {
        int families = SOCKET_FAMILIES.length;
        put(code, JUMP_EQUAL, 0, families + 3, number);
        put(code, LOAD_WORD, 0, 0, FIRST_ARGUMENT_OFFSET);
        for (int nth = 0; nth < families; nth++) {
            put(code, JUMP_EQUAL, families - nth, 0, SOCKET_FAMILIES[nth]);
        }
        put(code, RETURN, 0, 0, REFUSE_EAFNOSUPPORT);
        put(code, RETURN, 0, 0, ALLOW);
    }

    private static void put(ByteBuffer code, int operation, int whenTrue, int whenFalse, int value) {
        code.putShort((short) operation)
                .put((byte) whenTrue)
                .put((byte) whenFalse)
                .putInt(value);
    }
}
