package dev.thaw.scheduler.core;

/**
 * Uses the most recently used idle environment, so that the others grow old and leave. Puts a new one on the host with
 * the most free memory that has room, or else on the one where evicting frees the most memory; ties go to the lower id.
 */
public final class MostRecentlyUsedPlacement implements PlacementPolicy {
    @Override
    @HotPath
    public int chooseEnvironment(int functionId, FleetView fleet, long nowNs) {
        return fleet.firstIdle(functionId);
    }

    @Override
    public int chooseHost(int functionId, int memoryMib, int milliVcpus, FleetView fleet, long nowNs) {
        int host = mostFree(memoryMib, milliVcpus, fleet);
        return host != NONE ? host : mostEvictable(memoryMib, milliVcpus, fleet);
    }

    private static int mostFree(int memoryMib, int milliVcpus, FleetView fleet) {
        int best = NONE;
        for (int host = 0; host < fleet.hostCount(); host++) {
            boolean hasRoom = fleet.freeMemoryMib(host) >= memoryMib && fleet.freeMilliVcpus(host) >= milliVcpus;
            if (hasRoom && (best == NONE || fleet.freeMemoryMib(host) > fleet.freeMemoryMib(best))) {
                best = host;
            }
        }
        return best;
    }

    private static int mostEvictable(int memoryMib, int milliVcpus, FleetView fleet) {
        int best = NONE;
        for (int host = 0; host < fleet.hostCount(); host++) {
            boolean couldHaveRoom = fleet.freeMemoryMib(host) + fleet.evictableMemoryMib(host) >= memoryMib
                    && fleet.freeMilliVcpus(host) + fleet.evictableMilliVcpus(host) >= milliVcpus;
            if (couldHaveRoom && (best == NONE || fleet.evictableMemoryMib(host) > fleet.evictableMemoryMib(best))) {
                best = host;
            }
        }
        return best;
    }
}
