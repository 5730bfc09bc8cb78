package dev.thaw.scheduler.policy;

import dev.thaw.scheduler.core.FleetView;
import dev.thaw.scheduler.core.HotPath;
import dev.thaw.scheduler.core.PlacementPolicy;
import java.util.Arrays;

/**
 * Puts a new environment where one of the function was created lately, because that host has its snapshot, image or code
 * already: the latest such host that has room, or else the one with the most free memory; where only evicting makes room, in
 * the same order. Uses the most recently used idle environment.
 */
public final class SnapshotLocalityPlacement implements PlacementPolicy {
    private static final int FIRST_CAPACITY = 64;

    private final int remembered;
    /** Of each function the hosts of its last creations, the latest first, as many as are remembered. */
    private int[] lastHosts = new int[0];

    /**
     * @param remembered hosts of each function, 1 or more: where it is taken to have left its snapshot
     */
    public SnapshotLocalityPlacement(int remembered) {
        if (remembered < 1) {
            throw new IllegalArgumentException("remembered is " + remembered + ", must be 1 or more");
        }
        this.remembered = remembered;
    }

    @Override
    @HotPath
    public int chooseEnvironment(int functionId, FleetView fleet, long nowNs) {
        return fleet.firstIdle(functionId);
    }

    @Override
    public int chooseHost(int functionId, int memoryMib, int milliVcpus, FleetView fleet, long nowNs) {
        int evicting = NONE;
        int from = functionId * remembered;
        for (int at = from; at < from + remembered && at < lastHosts.length && lastHosts[at] != NONE; at++) {
            int host = lastHosts[at];
            if (HostChoice.hasRoom(host, memoryMib, milliVcpus, fleet)) {
                return host;
            }
            boolean couldHaveRoom = HostChoice.couldHaveRoom(host, memoryMib, milliVcpus, fleet);
            evicting = evicting == NONE && couldHaveRoom ? host : evicting;
        }
        int free = HostChoice.mostFree(memoryMib, milliVcpus, fleet);
        if (free != NONE || evicting != NONE) {
            return free != NONE ? free : evicting;
        }
        return HostChoice.mostEvictable(memoryMib, milliVcpus, fleet);
    }

    @Override
    public void onCreate(int functionId, int hostId) {
        int from = functionId * remembered;
        ensure(from + remembered);
        int at = from;
        while (at < from + remembered - 1 && lastHosts[at] != hostId) {
            at++;
        }
        System.arraycopy(lastHosts, from, lastHosts, from + 1, at - from);
        lastHosts[from] = hostId;
    }

    private void ensure(int length) {
        int before = lastHosts.length;
        if (length > before) {
            lastHosts = Arrays.copyOf(lastHosts, Math.max(FIRST_CAPACITY * remembered, length * 2));
            Arrays.fill(lastHosts, before, lastHosts.length, NONE);
        }
    }
}
