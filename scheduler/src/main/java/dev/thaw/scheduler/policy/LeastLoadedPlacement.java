package dev.thaw.scheduler.policy;

import dev.thaw.scheduler.core.FleetView;
import dev.thaw.scheduler.core.HotPath;
import dev.thaw.scheduler.core.PlacementPolicy;

/**
 * Uses an idle environment on, or puts a new one on, the host with the smallest part of its CPU share in use; of equals the
 * most recently used environment, or the host with the most free memory. Evicts only where no host has room.
 */
public final class LeastLoadedPlacement implements PlacementPolicy {
    @Override
    @HotPath
    public int chooseEnvironment(int functionId, FleetView fleet, long nowNs) {
        return HostChoice.idleWithLeast(LeastLoadedPlacement::load, functionId, fleet);
    }

    @Override
    public int chooseHost(int functionId, int memoryMib, int milliVcpus, FleetView fleet, long nowNs) {
        int best = NONE;
        boolean bestHasRoom = false;
        for (int host = 0; host < fleet.hostCount(); host++) {
            boolean hasRoom = HostChoice.hasRoom(host, memoryMib, milliVcpus, fleet);
            boolean qualifies =
                    hasRoom || (!bestHasRoom && HostChoice.couldHaveRoom(host, memoryMib, milliVcpus, fleet));
            if (qualifies && (best == NONE || hasRoom != bestHasRoom || isLess(host, best, fleet))) {
                best = host;
                bestHasRoom = hasRoom;
            }
        }
        return best;
    }

    private static boolean isLess(int host, int other, FleetView fleet) {
        double load = load(host, fleet);
        double otherLoad = load(other, fleet);
        return load < otherLoad || (load == otherLoad && fleet.freeMemoryMib(host) > fleet.freeMemoryMib(other));
    }

    @HotPath
    private static double load(int host, FleetView fleet) {
        return (double) fleet.busyMilliVcpus(host) / fleet.hostMilliVcpus(host);
    }
}
