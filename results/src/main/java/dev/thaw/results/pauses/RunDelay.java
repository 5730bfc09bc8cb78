package dev.thaw.results.pauses;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * How long a thread has stood ready and had no processor, as Linux counts it since the thread's start: the second number
 * of {@code /proc/PID/task/TID/schedstat}. One system call a reading; allocates nothing once open.
 *
 * <p>Threading: one reader.
 */
public final class RunDelay implements AutoCloseable {
    /** It cannot be read: another system, or the thread has ended. */
    public static final long UNKNOWN = -1;

    private static final Path OF_THIS_THREAD = Path.of("/proc/thread-self/schedstat");
    private static final int MAX_BYTES = 80;

    private final FileChannel file;
    private final ByteBuffer text = ByteBuffer.allocateDirect(MAX_BYTES);

    private RunDelay(FileChannel file) {
        this.file = file;
    }

    /** Of the calling thread; null where this system does not tell. */
    public static @Nullable RunDelay ofThisThread() {
        return open(OF_THIS_THREAD);
    }

    /** Null where there is no such file, or its kernel does not count: all is zero then, also how long the thread ran. */
    static @Nullable RunDelay open(Path schedstat) {
        try {
            RunDelay delay = new RunDelay(FileChannel.open(schedstat, StandardOpenOption.READ));
            if (delay.totalNs() != UNKNOWN && delay.text.get(0) != '0') {
                return delay;
            }
            delay.close();
        } catch (IOException e) {
            // This system does not tell.
        }
        return null;
    }

    /** In ns, or {@link #UNKNOWN}. */
    public long totalNs() {
        try {
            text.clear();
            return file.read(text, 0) <= 0 ? UNKNOWN : secondNumber(text.flip());
        } catch (IOException e) {
            return UNKNOWN;
        }
    }

    private static long secondNumber(ByteBuffer text) {
        while (text.hasRemaining() && text.get() != ' ') {
            // The time that it ran is the first.
        }
        long number = UNKNOWN;
        while (text.hasRemaining()) {
            int digit = text.get() - '0';
            if (digit < 0 || digit > 9) {
                break;
            }
            number = Math.max(0, number) * 10 + digit;
        }
        return number;
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            // It was read only.
        }
    }
}
