package dev.thaw.scheduler.policy;

import dev.thaw.scheduler.core.FleetView;
import dev.thaw.scheduler.core.HotPath;
import dev.thaw.scheduler.core.PlacementPolicy;

/**
 * Fills few hosts, so that others may be switched off (best fit): uses an idle environment on, or puts a new one on, the host
 * that has the least memory to spare for it. Evicts only where no host has room, on the host where the least may be evicted.
 */
public final class BinPackingPlacement implements PlacementPolicy {
    @Override
    @HotPath
    public int chooseEnvironment(int functionId, FleetView fleet, long nowNs) {
        return HostChoice.idleWithLeast(BinPackingPlacement::spareMib, functionId, fleet);
    }

    @Override
    public int chooseHost(int functionId, int memoryMib, int milliVcpus, FleetView fleet, long nowNs) {
        int best = NONE;
        int bestEvicting = NONE;
        for (int host = 0; host < fleet.hostCount(); host++) {
            if (HostChoice.hasRoom(host, memoryMib, milliVcpus, fleet)) {
                boolean less = best == NONE || fleet.freeMemoryMib(host) < fleet.freeMemoryMib(best);
                best = less ? host : best;
            } else if (best == NONE && HostChoice.couldHaveRoom(host, memoryMib, milliVcpus, fleet)) {
                boolean less = bestEvicting == NONE || spareMib(host, fleet) < spareMib(bestEvicting, fleet);
                bestEvicting = less ? host : bestEvicting;
            }
        }
        return best != NONE ? best : bestEvicting;
    }

    /** Memory that nobody works in. */
    @HotPath
    private static int spareMib(int host, FleetView fleet) {
        return fleet.freeMemoryMib(host) + fleet.evictableMemoryMib(host);
    }
}
