package dev.thaw.sandbox.process;

import dev.thaw.sandbox.kernel.ControlGroup;
import dev.thaw.sandbox.kernel.HostPrograms;
import dev.thaw.sandbox.kernel.Kernel;
import dev.thaw.sandbox.kernel.ProcessSpawner;
import dev.thaw.sandbox.kernel.ReapAgent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Fills a sandbox's memory from inside its control group, until the kernel must kill the function to go on: a process
 * that writes zeros into a file in memory, and that the kernel itself may not choose to kill. Its pages cannot be
 * reclaimed; it ends when it has written as much as the limit, or is refused, and they are free again.
 *
 * <p>Threading: one for each sandbox; {@link #fill} on the spawning thread, its end on the reaper's.
 */
final class MemoryFiller {
    /** Without the right to refuse being killed, it is still the smaller process of the two. */
    private static final String SCRIPT =
            "echo -1000 2>/dev/null >/proc/self/oom_score_adj; exec \"$0\" -c \"$1\" /dev/zero 2>/dev/null";

    /** What becomes of it. */
    interface Listener {
        /** Whose memory is to be filled; null where that is done already, or nobody's any more. */
        @Nullable
        SandboxRun onFillerStarting();

        void onFillerStarted(SandboxRun run, int fd);

        /** It has ended and is reaped, or never came to be. */
        void onFillerEnded(SandboxRun run);
    }

    private final ControlGroup group;
    private final int memoryMib;
    private final ReapAgent reaper;
    private final Listener listener;

    MemoryFiller(ControlGroup group, int memoryMib, ReapAgent reaper, Listener listener) {
        this.group = group;
        this.memoryMib = memoryMib;
        this.reaper = reaper;
        this.listener = listener;
    }

    /** Starts one process. On the spawning thread. */
    void fill() {
        SandboxRun run = listener.onFillerStarting();
        if (run == null) {
            return;
        }
        try {
            int fd = start();
            listener.onFillerStarted(run, fd);
            reaper.watch(fd, () -> {
                int _ = Kernel.reap(fd);
                listener.onFillerEnded(run);
            });
        } catch (RuntimeException failure) {
            listener.onFillerEnded(run);
            throw failure;
        }
    }

    private int start() {
        long bytes = (long) memoryMib << 20;
        int nothing = (int) Kernel.check(Kernel.open("/dev/null", Kernel.O_RDWR), "open /dev/null");
        int file = -1;
        try {
            file = Kernel.memoryFile("filler", new byte[0]);
            List<String> words = List.of("/bin/sh", "-c", SCRIPT, HostPrograms.require("head"), Long.toString(bytes));
            int pid = ProcessSpawner.spawn(words, new int[] {nothing, file, nothing}, group);
            return (int) Kernel.check(Kernel.openProcess(pid), "pidfd_open " + pid);
        } finally {
            Kernel.close(nothing);
            Kernel.close(file);
        }
    }
}
