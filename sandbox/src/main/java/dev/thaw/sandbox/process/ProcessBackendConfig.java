package dev.thaw.sandbox.process;

import dev.thaw.sandbox.Notch;
import dev.thaw.sandbox.kernel.GroupSettings;
import java.nio.file.Path;
import java.util.Set;

/**
 * Settings of {@link ProcessBackend}.
 *
 * @param cpuPeriodUs length of a CPU quota period, {@value #CPU_PERIOD_US_MIN} to {@value #CPU_PERIOD_US_MAX}: the
 *     kernel's shortest quota (1 ms) must stay below the share of 128 MB
 * @param pidsLimit processes and threads that one sandbox may have
 * @param scratchDirectory where a backend keeps its own folder, on a file system of this host
 * @param switchedOff pieces to do without
 */
public record ProcessBackendConfig(int cpuPeriodUs, int pidsLimit, Path scratchDirectory, Set<Notch> switchedOff) {
    /** 20 ms, as measured on the real service. */
    public static final int CPU_PERIOD_US_DEFAULT = 20_000;

    public static final int CPU_PERIOD_US_MIN = 14_000;
    public static final int CPU_PERIOD_US_MAX = 1_000_000;
    /** The service's bound on file descriptors and processes of an environment. */
    public static final int PIDS_LIMIT_DEFAULT = 1024;

    public ProcessBackendConfig {
        switchedOff = Set.copyOf(switchedOff);
        requireBetween("cpuPeriodUs", cpuPeriodUs, CPU_PERIOD_US_MIN, CPU_PERIOD_US_MAX);
        requireBetween("pidsLimit", pidsLimit, 8, 4_194_304);
    }

    /** 20 ms, 1024 processes, the JVM's temporary directory, everything that the host offers. */
    public static ProcessBackendConfig defaults() {
        return new ProcessBackendConfig(
                CPU_PERIOD_US_DEFAULT, PIDS_LIMIT_DEFAULT, Path.of(System.getProperty("java.io.tmpdir")), Set.of());
    }

    /** The same without some pieces. */
    public ProcessBackendConfig without(Notch... notches) {
        return new ProcessBackendConfig(cpuPeriodUs, pidsLimit, scratchDirectory, Set.of(notches));
    }

    public boolean has(Notch notch) {
        return !switchedOff.contains(notch);
    }

    GroupSettings groups() {
        return new GroupSettings(cpuPeriodUs, pidsLimit, switchedOff);
    }

    private static void requireBetween(String key, int value, int low, int high) {
        if (value < low || value > high) {
            throw new IllegalArgumentException(key + " is " + value + ", must be " + low + " to " + high);
        }
    }
}
