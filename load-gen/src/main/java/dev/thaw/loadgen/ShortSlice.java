package dev.thaw.loadgen;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Asks Linux for short slices of CPU time, at no greater share: a thread that sleeps often and has little to do then runs
 * as soon as it wakes, where another (the JIT's, above all) would first use up its slice of some milliseconds.
 * {@code sched_setattr(2)}; Linux 6.12 and newer heed it, older kernels ignore it. Needs no privilege.
 *
 * <p>Threading: acts on the calling thread.
 */
final class ShortSlice {
    /** The shortest that the kernel grants. */
    private static final long SLICE_NS = 100_000;

    private static final int ATTRIBUTE_BYTES = 56;
    private static final int RUNTIME_OFFSET = 24;

    private ShortSlice() {}

    /** Returns whether the kernel took it. */
    static boolean request() {
        long number = systemCall(System.getProperty("os.name"), System.getProperty("os.arch"));
        return number >= 0 && setAttributes(number) == 0;
    }

    private static long systemCall(String system, String architecture) {
        if (!system.equals("Linux")) {
            return -1;
        }
        return switch (architecture) {
            case "amd64" -> 314;
            case "aarch64" -> 274;
            default -> -1;
        };
    }

    /** Restricted because a wrong signature crashes the JVM; this one is libc's own. */
    @SuppressWarnings("restricted")
    private static long setAttributes(long number) {
        Linker linker = Linker.nativeLinker();
        MethodHandle call = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("syscall"),
                FunctionDescriptor.of(
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.ADDRESS,
                        ValueLayout.JAVA_LONG),
                Linker.Option.firstVariadicArg(1));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attributes = arena.allocate(ATTRIBUTE_BYTES, 8);
            attributes.set(ValueLayout.JAVA_INT, 0, ATTRIBUTE_BYTES);
            attributes.set(ValueLayout.JAVA_LONG, RUNTIME_OFFSET, SLICE_NS);
            long callingThread = 0;
            long noFlags = 0;
            return (long) call.invokeExact(number, callingThread, attributes, noFlags);
        } catch (Throwable failure) {
            throw new IllegalStateException("sched_setattr", failure);
        }
    }
}
