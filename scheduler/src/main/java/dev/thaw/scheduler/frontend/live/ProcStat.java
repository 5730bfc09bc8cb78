package dev.thaw.scheduler.frontend.live;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The machine's CPU time since it booted, as {@code /proc/stat} tells it: over all CPUs, whichever of them a process may
 * use.
 *
 * @param cpus online
 * @param busyTicks at work; what a hypervisor took away (steal) is not
 * @param allTicks of all kinds together
 */
record ProcStat(int cpus, long busyTicks, long allTicks) {
    static final Path FILE = Path.of("/proc/stat");

    private static final String ALL = "cpu";
    /** user, nice, system, idle, iowait, irq, softirq, steal; guests, which follow, are in the first two already. */
    private static final int KINDS = 8;

    private static final int IDLE = 3;
    private static final int IOWAIT = 4;
    private static final int STEAL = 7;

    /** Null where it cannot be read, or is of another form. */
    static @Nullable ProcStat read(Path file) {
        try {
            return parse(Files.readAllLines(file));
        } catch (IOException | NumberFormatException e) {
            return null;
        }
    }

    private static @Nullable ProcStat parse(List<String> lines) {
        int cpus = 0;
        ProcStat sum = null;
        for (String line : lines) {
            String[] words = line.split(" +", -1);
            if (words[0].equals(ALL) && words.length > KINDS) {
                sum = sum(words);
            } else if (words[0].startsWith(ALL)) {
                cpus++;
            }
        }
        return sum == null || cpus == 0 ? null : new ProcStat(cpus, sum.busyTicks, sum.allTicks);
    }

    private static ProcStat sum(String[] words) {
        long busyTicks = 0;
        long allTicks = 0;
        for (int kind = 0; kind < KINDS; kind++) {
            long ticks = Long.parseLong(words[kind + 1]);
            allTicks += ticks;
            busyTicks += kind == IDLE || kind == IOWAIT || kind == STEAL ? 0 : ticks;
        }
        return new ProcStat(0, busyTicks, allTicks);
    }
}
