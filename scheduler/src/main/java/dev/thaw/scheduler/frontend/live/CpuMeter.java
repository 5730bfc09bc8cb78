package dev.thaw.scheduler.frontend.live;

import com.sun.management.OperatingSystemMXBean;
import dev.thaw.results.live.MachineUse;
import java.lang.management.ManagementFactory;

/**
 * Reads how busy the machine and this process are.
 *
 * <p>Threading: one thread.
 */
final class CpuMeter {
    private final OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private long lastNs;
    private long lastCpuNs;

    /** Since the call before; the first one measures nothing. */
    MachineUse read(long nowNs) {
        long cpuNs = system.getProcessCpuTime();
        double server = lastNs == 0 ? 0 : (cpuNs - lastCpuNs) / (double) Math.max(1, nowNs - lastNs);
        lastNs = nowNs;
        lastCpuNs = cpuNs;
        int cpus = Runtime.getRuntime().availableProcessors();
        double load = system.getCpuLoad();
        return new MachineUse(cpus, load < 0 ? load : rounded(load * cpus), rounded(server));
    }

    private static double rounded(double cpus) {
        return Math.round(cpus * 1e3) / 1e3;
    }
}
