package dev.thaw.sandbox.process;

import dev.thaw.sandbox.kernel.ControlGroup;
import dev.thaw.sandbox.kernel.HostPrograms;
import dev.thaw.sandbox.kernel.Kernel;
import dev.thaw.sandbox.kernel.ProcessSpawner;
import java.util.List;

/**
 * Fills a sandbox's memory from inside its control group, until the kernel must kill the function to go on: a process
 * that writes zeros into a file in memory, and that the kernel itself may not choose to kill. Its pages cannot be
 * reclaimed; it ends when it has written as much as the limit, or is refused, and they are free again.
 *
 * <p>Threading: stateless; on the spawning thread only.
 */
final class MemoryFiller {
    /** Without the right to refuse being killed, it is still the smaller process of the two. */
    private static final String SCRIPT =
            "echo -1000 2>/dev/null >/proc/self/oom_score_adj; exec \"$0\" -c \"$1\" /dev/zero 2>/dev/null";

    private MemoryFiller() {}

    /** Starts one in {@code group} and returns its process descriptor. */
    static int start(ControlGroup group, int memoryMib) {
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
