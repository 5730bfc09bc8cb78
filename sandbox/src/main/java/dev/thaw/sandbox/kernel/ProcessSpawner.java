package dev.thaw.sandbox.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Starts programs with {@code posix_spawn}: as fast as vfork, and the program gets exactly the descriptors it is given,
 * numbered from 0, whatever else this JVM holds open. ({@code ProcessBuilder} passes none and costs milliseconds.)
 */
public final class ProcessSpawner {
    /** Where the loader knows it (glibc 2.39), a child can be born inside a version 2 control group. */
    static final boolean CAN_BE_BORN_IN_GROUP =
            symbol("posix_spawnattr_setcgroup_np").isPresent();

    private static final int FIRST_SAFE_FD = 64;
    private static final short NEW_GROUP_MASK_AND_DEFAULTS = 0x02 | 0x04 | 0x08;
    private static final short IN_CONTROL_GROUP = 0x100;
    /** More than any libc's {@code posix_spawnattr_t} (336 bytes in glibc) or signal set needs. */
    private static final int OPAQUE_BYTES = 512;

    private static final MethodHandle SPAWN = withPointers("posix_spawn", 6);
    private static final MethodHandle ACTIONS_INIT = withPointers("posix_spawn_file_actions_init", 1);
    private static final MethodHandle ACTIONS_DESTROY = withPointers("posix_spawn_file_actions_destroy", 1);
    private static final MethodHandle ADD_DUP2 = withNumbers("posix_spawn_file_actions_adddup2", 2);
    private static final MethodHandle ADD_CLOSE_FROM = withNumbers("posix_spawn_file_actions_addclosefrom_np", 1);
    private static final MethodHandle ATTRIBUTES_INIT = withPointers("posix_spawnattr_init", 1);
    private static final MethodHandle SET_FLAGS = withNumbers("posix_spawnattr_setflags", 1);
    private static final MethodHandle SET_DEFAULTS = withPointers("posix_spawnattr_setsigdefault", 2);
    private static final MethodHandle FILL_SIGNALS = withPointers("sigfillset", 1);

    private ProcessSpawner() {}

    private static Optional<MemorySegment> symbol(String name) {
        return Linker.nativeLinker().defaultLookup().find(name);
    }

    private static MemorySegment required(String name) {
        return symbol(name)
                .orElseThrow(() -> new IllegalStateException(
                        "libc has no " + name + ": the process backend needs glibc 2.34 or newer"));
    }

    @SuppressWarnings("restricted") // A wrong signature crashes the JVM; these are POSIX's.
    private static MethodHandle withPointers(String name, int pointers) {
        ValueLayout[] arguments = new ValueLayout[pointers];
        Arrays.fill(arguments, ValueLayout.ADDRESS);
        return Linker.nativeLinker()
                .downcallHandle(required(name), FunctionDescriptor.of(ValueLayout.JAVA_INT, arguments));
    }

    @SuppressWarnings("restricted") // A wrong signature crashes the JVM; these are POSIX's.
    private static MethodHandle withNumbers(String name, int numbers) {
        ValueLayout[] arguments = new ValueLayout[1 + numbers];
        Arrays.fill(arguments, ValueLayout.JAVA_INT);
        arguments[0] = ValueLayout.ADDRESS;
        return Linker.nativeLinker()
                .downcallHandle(required(name), FunctionDescriptor.of(ValueLayout.JAVA_INT, arguments));
    }

    /**
     * Starts {@code command} (its first word is a path) with an empty environment, in a process group of its own.
     * {@code fds[i]} becomes its descriptor {@code i}; it gets no other.
     *
     * @param controlGroupFd directory of a version 2 control group to be born in, or -1
     * @return process id
     */
    public static int spawn(List<String> command, int[] fds, int controlGroupFd) {
        int[] safe = outOfTheWay(fds);
        try (Arena arena = Arena.ofConfined()) {
            return spawn(arena, command, safe, controlGroupFd);
        } catch (RuntimeException | Error failure) {
            throw failure;
        } catch (Throwable failure) {
            throw new IllegalStateException("posix_spawn", failure);
        } finally {
            closeCopies(fds, safe);
        }
    }

    /** The same inside {@code group}, where there is one. On the thread that may step into it. */
    public static int spawn(List<String> command, int[] fds, @Nullable ControlGroup group) {
        if (group == null) {
            return spawn(command, fds, -1);
        }
        try {
            group.enter();
            int pid = spawn(command, fds, group.birthFd());
            group.add(pid);
            return pid;
        } finally {
            group.leave();
        }
    }

    private static int spawn(Arena arena, List<String> command, int[] fds, int controlGroupFd) throws Throwable {
        MemorySegment actions = arena.allocate(OPAQUE_BYTES, 8);
        verify((int) ACTIONS_INIT.invokeExact(actions), "posix_spawn_file_actions_init");
        try {
            for (int target = 0; target < fds.length; target++) {
                verify((int) ADD_DUP2.invokeExact(actions, fds[target], target), "adddup2");
            }
            verify((int) ADD_CLOSE_FROM.invokeExact(actions, fds.length), "addclosefrom");
            MemorySegment pid = arena.allocate(ValueLayout.JAVA_INT);
            MemorySegment path = arena.allocateFrom(command.getFirst());
            MemorySegment noEnvironment = arena.allocate(ValueLayout.ADDRESS);
            MemorySegment attributes = attributes(arena, controlGroupFd);
            int error = (int) SPAWN.invokeExact(pid, path, actions, attributes, strings(arena, command), noEnvironment);
            verify(error, "start " + command.getFirst());
            return pid.get(ValueLayout.JAVA_INT, 0);
        } finally {
            verify((int) ACTIONS_DESTROY.invokeExact(actions), "posix_spawn_file_actions_destroy");
        }
    }

    /** A JVM blocks and ignores signals that a function must get as any program does. */
    private static MemorySegment attributes(Arena arena, int controlGroupFd) throws Throwable {
        MemorySegment attributes = arena.allocate(OPAQUE_BYTES, 8);
        MemorySegment signals = arena.allocate(OPAQUE_BYTES, 8);
        verify((int) ATTRIBUTES_INIT.invokeExact(attributes), "posix_spawnattr_init");
        verify((int) FILL_SIGNALS.invokeExact(signals), "sigfillset");
        verify((int) SET_DEFAULTS.invokeExact(attributes, signals), "posix_spawnattr_setsigdefault");
        int flags = NEW_GROUP_MASK_AND_DEFAULTS;
        if (controlGroupFd >= 0) {
            flags |= IN_CONTROL_GROUP;
            MethodHandle setGroup = withNumbers("posix_spawnattr_setcgroup_np", 1);
            verify((int) setGroup.invokeExact(attributes, controlGroupFd), "posix_spawnattr_setcgroup_np");
        }
        verify((int) SET_FLAGS.invokeExact(attributes, flags), "posix_spawnattr_setflags");
        return attributes;
    }

    private static MemorySegment strings(Arena arena, List<String> words) {
        MemorySegment array = arena.allocate(ValueLayout.ADDRESS, words.size() + 1L);
        for (int i = 0; i < words.size(); i++) {
            array.setAtIndex(ValueLayout.ADDRESS, i, arena.allocateFrom(words.get(i)));
        }
        return array;
    }

    /** Copies of those descriptors whose number another one's target would overwrite. */
    private static int[] outOfTheWay(int[] fds) {
        int[] safe = fds.clone();
        for (int i = 0; i < fds.length; i++) {
            if (fds[i] < fds.length) {
                safe[i] = (int) Kernel.check(Kernel.duplicate(fds[i], FIRST_SAFE_FD), "fcntl F_DUPFD_CLOEXEC");
            }
        }
        return safe;
    }

    private static void closeCopies(int[] fds, int[] safe) {
        for (int i = 0; i < fds.length; i++) {
            if (safe[i] != fds[i]) {
                Kernel.close(safe[i]);
            }
        }
    }

    private static void verify(int error, String what) {
        if (error != 0) {
            throw new KernelException(what, error);
        }
    }
}
