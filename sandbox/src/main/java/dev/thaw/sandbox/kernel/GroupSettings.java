package dev.thaw.sandbox.kernel;

import dev.thaw.sandbox.Notch;
import java.util.Set;

/**
 * What a backend wants of control groups.
 *
 * @param cpuPeriodUs length of a CPU quota period
 * @param pidsLimit processes and threads that one sandbox may have
 * @param switchedOff duties to do without
 */
public record GroupSettings(int cpuPeriodUs, int pidsLimit, Set<Notch> switchedOff) {
    public GroupSettings {
        switchedOff = Set.copyOf(switchedOff);
    }

    GroupSettings withCpuPeriod(int periodUs) {
        return new GroupSettings(periodUs, pidsLimit, switchedOff);
    }

    boolean has(Notch notch) {
        return !switchedOff.contains(notch);
    }
}
