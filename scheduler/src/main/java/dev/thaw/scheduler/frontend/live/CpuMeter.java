package dev.thaw.scheduler.frontend.live;

import com.sun.management.OperatingSystemMXBean;
import dev.thaw.results.live.MachineUse;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Reads how busy the machine and this process are.
 *
 * <p>Threading: one thread.
 */
final class CpuMeter {
    private static final int UNKNOWN = -1;

    private final OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private final Path procStat;
    private long lastNs;
    private long lastCpuNs;
    private @Nullable ProcStat last;

    CpuMeter() {
        this(ProcStat.FILE);
    }

    CpuMeter(Path procStat) {
        this.procStat = procStat;
    }

    /** Since the call before; the first one measures nothing. */
    MachineUse read(long nowNs) {
        long cpuNs = system.getProcessCpuTime();
        double server = lastNs == 0 ? 0 : (cpuNs - lastCpuNs) / (double) Math.max(1, nowNs - lastNs);
        lastNs = nowNs;
        lastCpuNs = cpuNs;
        ProcStat now = ProcStat.read(procStat);
        double busy = busyCpus(last, now);
        last = now;
        return new MachineUse(now == null ? UNKNOWN : now.cpus(), busy, rounded(server));
    }

    private static double busyCpus(@Nullable ProcStat before, @Nullable ProcStat now) {
        if (before == null || now == null || now.allTicks() <= before.allTicks()) {
            return UNKNOWN;
        }
        double share = (now.busyTicks() - before.busyTicks()) / (double) (now.allTicks() - before.allTicks());
        return rounded(Math.max(0, share) * now.cpus());
    }

    private static double rounded(double cpus) {
        return Math.round(cpus * 1e3) / 1e3;
    }
}
