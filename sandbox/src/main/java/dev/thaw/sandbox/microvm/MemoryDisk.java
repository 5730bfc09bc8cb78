package dev.thaw.sandbox.microvm;

import dev.thaw.sandbox.kernel.Kernel;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The disk of a machine that boots ahead: a file in memory, empty until a function's image is put on it.
 *
 * <p>Threading: its own lock: once it is closed, the descriptor's number may be another file's.
 */
final class MemoryDisk implements AutoCloseable {
    private final int fd;
    private boolean closed;

    private MemoryDisk(int fd) {
        this.fd = fd;
    }

    static MemoryDisk empty(long bytes) throws IOException {
        MemoryDisk disk = new MemoryDisk(Kernel.memoryFile("function", new byte[0]));
        try (RandomAccessFile file = new RandomAccessFile(disk.path().toFile(), "rw")) {
            file.setLength(bytes);
            return disk;
        } catch (IOException | RuntimeException failure) {
            disk.close();
            throw failure;
        }
    }

    /** What it can be opened by, as long as it is open. */
    Path path() {
        return Path.of("/proc/self/fd/" + fd);
    }

    /** @throws IOException where it is closed as well */
    synchronized void write(Path image) throws IOException {
        if (closed) {
            throw new IOException("the machine that booted ahead for " + image + " has ended");
        }
        try (FileChannel from = FileChannel.open(image);
                FileChannel to = FileChannel.open(path(), StandardOpenOption.WRITE)) {
            long size = from.size();
            for (long at = 0; at < size; ) {
                at += from.transferTo(at, size - at, to);
            }
        }
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            Kernel.close(fd);
        }
    }
}
