package dev.thaw.sandbox.microvm.snapshot;

import dev.thaw.sandbox.kernel.Kernel;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A snapshot of a machine: its memory, the state of its devices, and a line that says what machine can go on from it.
 * Opened, its memory is one file that all machines restored from it map, each writing to copies of its own.
 *
 * <p>Threading: its store's lock.
 */
final class MachineSnapshot implements AutoCloseable {
    /** Devices of a machine are told in well under a megabyte. */
    static final long STATE_BYTES_MAX = 64L << 20;

    private static final String MEMORY = "memory";
    private static final String STATE = "state";
    private static final String MACHINE = "machine";

    private final String machine;
    private final int memoryFd;
    private final byte[] state;

    private MachineSnapshot(String machine, int memoryFd, byte[] state) {
        this.machine = machine;
        this.memoryFd = memoryFd;
        this.state = state;
    }

    /** Writes one of a stopped machine, which its VMM may still write to: it is believed no more than its lengths. */
    static void write(Path folder, byte[] key, String machine, int memoryFd, long memoryBytes, int stateFd)
            throws IOException {
        try (FileChannel memory = channel(memoryFd);
                FileChannel devices = channel(stateFd)) {
            long stateBytes = devices.size();
            if (stateBytes == 0 || stateBytes > STATE_BYTES_MAX) {
                throw new IOException(
                        "the VMM tells " + stateBytes + " bytes of its devices, must be 1 to " + STATE_BYTES_MAX);
            }
            memory(folder, key).write(memory, memoryBytes);
            state(folder, key).write(devices, stateBytes);
        }
        Files.writeString(folder.resolve(MACHINE), machine);
    }

    static MachineSnapshot open(Path folder, byte[] key) throws IOException {
        String machine = Files.readString(folder.resolve(MACHINE));
        int memoryFd = Kernel.sealableMemoryFile("snapshot");
        int stateFd = -1;
        try (FileChannel memory = channel(memoryFd)) {
            memory(folder, key).read(memory);
            stateFd = Kernel.memoryFile("state", new byte[0]);
            try (FileChannel devices = channel(stateFd)) {
                state(folder, key).read(devices);
            }
            byte[] state = Files.readAllBytes(path(stateFd));
            Kernel.sealMemoryFile(memoryFd);
            return new MachineSnapshot(machine, memoryFd, state);
        } catch (IOException | RuntimeException failure) {
            Kernel.close(memoryFd);
            throw failure;
        } finally {
            Kernel.close(stateFd);
        }
    }

    private static SealedFile memory(Path folder, byte[] key) {
        return new SealedFile(folder.resolve(MEMORY), 0, key);
    }

    private static SealedFile state(Path folder, byte[] key) {
        return new SealedFile(folder.resolve(STATE), 1, key);
    }

    private static FileChannel channel(int fd) throws IOException {
        return FileChannel.open(path(fd), StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    private static Path path(int fd) {
        return Path.of("/proc/self/fd/" + fd);
    }

    /** Only machines of exactly its own kind go on from it. */
    void requireMachine(String asked) throws IOException {
        if (!asked.equals(machine)) {
            throw new IOException("the snapshot is of another machine: " + machine + "; this one is: " + asked);
        }
    }

    /** A copy of the descriptor of its memory: the caller's. */
    int memoryFd() {
        return (int) Kernel.check(Kernel.duplicate(memoryFd, 0), "duplicate a descriptor");
    }

    /** A file with the devices' state, at its start: the caller's. */
    int stateFd() {
        return Kernel.memoryFile("state", state);
    }

    @Override
    public void close() {
        Kernel.close(memoryFd);
    }
}
