package dev.thaw.sandbox.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.sandbox.Architecture;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

/** Runs the program on made-up system calls, as the kernel's interpreter would. */
final class SeccompFilterTest {
    private static final int X86_64 = 0xc000003e;
    private static final int ARM64 = 0xc00000b7;
    private static final int ALLOW = 0x7fff0000;
    private static final int EPERM = 0x00050001;
    private static final int EAFNOSUPPORT = 0x00050000 | 97;
    private static final int ENOSYS = 0x00050026;
    private static final int KILL = 0x80000000;

    private static int run(Architecture machine, int convention, int number, int firstArgument) {
        ByteBuffer code = ByteBuffer.wrap(SeccompFilter.program(machine)).order(ByteOrder.nativeOrder());
        int accumulator = 0;
        for (int at = 0; ; at++) {
            int operation = code.getShort(at * 8);
            int whenTrue = code.get(at * 8 + 2);
            int whenFalse = code.get(at * 8 + 3);
            int value = code.getInt(at * 8 + 4);
            boolean condition = false;
            switch (operation) {
                case 0x20 -> accumulator = value == 0 ? number : value == 4 ? convention : firstArgument;
                case 0x15 -> condition = accumulator == value;
                case 0x35 -> condition = Integer.compareUnsigned(accumulator, value) >= 0;
                case 0x45 -> condition = (accumulator & value) != 0;
                case 0x06 -> {
                    return value;
                }
                default -> throw new AssertionError("operation " + operation + " at " + at);
            }
            at += operation == 0x20 ? 0 : condition ? whenTrue : whenFalse;
        }
    }

    @Test
    void shouldRefuseWhatManagesTheMachineAndAllowTheRest() {
        int unshare = 272;
        int ptrace = 101;
        int read = 0;
        assertThat(run(Architecture.X86_64, X86_64, unshare, 0)).isEqualTo(EPERM);
        assertThat(run(Architecture.X86_64, X86_64, ptrace, 0)).isEqualTo(EPERM);
        assertThat(run(Architecture.X86_64, X86_64, read, 0)).isEqualTo(ALLOW);
        assertThat(run(Architecture.ARM64, ARM64, 97, 0)).isEqualTo(EPERM);
        assertThat(run(Architecture.ARM64, ARM64, 63, 0)).isEqualTo(ALLOW);
    }

    @Test
    void shouldAllowThreadsAndProcessesButNoNamespaces() {
        int cloneThread = 0x3d0f00;
        int newUser = 0x10000000;
        assertThat(run(Architecture.X86_64, X86_64, 56, cloneThread)).isEqualTo(ALLOW);
        assertThat(run(Architecture.X86_64, X86_64, 56, newUser | 17)).isEqualTo(EPERM);
        assertThat(run(Architecture.ARM64, ARM64, 220, newUser)).isEqualTo(EPERM);
        assertThat(run(Architecture.X86_64, X86_64, 435, 0)).isEqualTo(ENOSYS);
    }

    @Test
    void shouldKnowNoSocketsButThoseOfNetworksAndTheirRoutes() {
        for (int family : new int[] {1, 2, 10, 16}) {
            assertThat(run(Architecture.X86_64, X86_64, 41, family)).isEqualTo(ALLOW);
            assertThat(run(Architecture.ARM64, ARM64, 198, family)).isEqualTo(ALLOW);
        }
        int packets = 17;
        int ciphers = 38;
        int hypervisor = 40;
        for (int family : new int[] {0, packets, ciphers, hypervisor, -1}) {
            assertThat(run(Architecture.X86_64, X86_64, 41, family)).isEqualTo(EAFNOSUPPORT);
            assertThat(run(Architecture.ARM64, ARM64, 198, family)).isEqualTo(EAFNOSUPPORT);
        }
    }

    @Test
    void shouldEndProgramsOfForeignConventions() {
        int i386 = 0x40000003;
        assertThat(run(Architecture.X86_64, i386, 0, 0)).isEqualTo(KILL);
        assertThat(run(Architecture.X86_64, X86_64, 0x40000000, 0)).isEqualTo(KILL);
        assertThat(run(Architecture.ARM64, X86_64, 0, 0)).isEqualTo(KILL);
    }
}
