package dev.thaw.scheduler.policy;

import dev.thaw.scheduler.core.FleetView;
import dev.thaw.scheduler.core.HotPath;
import dev.thaw.scheduler.core.PlacementPolicy;

/**
 * What placements have in common: whether a host has room, or would have it, the two plain choices of one, and that of an
 * idle environment by its host.
 */
final class HostChoice {
    /** So many idle environments of a function are looked at, the last used first. */
    static final int MOST_IDLE = 32;

    private HostChoice() {}

    /** What hosts are compared by. */
    interface Measure {
        double of(int host, FleetView fleet);
    }

    /**
     * The idle environment on the host of the smallest measure, of equals the last used; none that needs an init where the
     * last used does not. Or none.
     */
    @HotPath
    static int idleWithLeast(Measure measure, int functionId, FleetView fleet) {
        int best = fleet.firstIdle(functionId);
        int slot = best == PlacementPolicy.NONE ? PlacementPolicy.NONE : fleet.nextIdle(best);
        for (int seen = 1; slot != PlacementPolicy.NONE && seen < MOST_IDLE; seen++) {
            boolean same = fleet.needsInit(slot) == fleet.needsInit(best);
            if (same && measure.of(fleet.hostOf(slot), fleet) < measure.of(fleet.hostOf(best), fleet)) {
                best = slot;
            }
            slot = fleet.nextIdle(slot);
        }
        return best;
    }

    static boolean hasRoom(int host, int memoryMib, int milliVcpus, FleetView fleet) {
        return fleet.freeMemoryMib(host) >= memoryMib && fleet.freeMilliVcpus(host) >= milliVcpus;
    }

    /** It has room once everything goes that may be evicted. */
    static boolean couldHaveRoom(int host, int memoryMib, int milliVcpus, FleetView fleet) {
        return fleet.freeMemoryMib(host) + fleet.evictableMemoryMib(host) >= memoryMib
                && fleet.freeMilliVcpus(host) + fleet.evictableMilliVcpus(host) >= milliVcpus;
    }

    /** The host with room that has the most free memory, or none. */
    static int mostFree(int memoryMib, int milliVcpus, FleetView fleet) {
        int best = PlacementPolicy.NONE;
        int mostMib = memoryMib - 1;
        for (int host = 0; host < fleet.hostCount(); host++) {
            int freeMib = fleet.freeMemoryMib(host);
            if (freeMib > mostMib && fleet.freeMilliVcpus(host) >= milliVcpus) {
                best = host;
                mostMib = freeMib;
            }
        }
        return best;
    }

    /** The host where evicting makes room that has the most to evict, or none. */
    static int mostEvictable(int memoryMib, int milliVcpus, FleetView fleet) {
        int best = PlacementPolicy.NONE;
        int mostMib = -1;
        for (int host = 0; host < fleet.hostCount(); host++) {
            int evictableMib = fleet.evictableMemoryMib(host);
            if (evictableMib > mostMib && couldHaveRoom(host, memoryMib, milliVcpus, fleet)) {
                best = host;
                mostMib = evictableMib;
            }
        }
        return best;
    }

    /** The host with the most free memory, or else the one where evicting frees the most. */
    static int roomiest(int memoryMib, int milliVcpus, FleetView fleet) {
        int host = mostFree(memoryMib, milliVcpus, fleet);
        return host != PlacementPolicy.NONE ? host : mostEvictable(memoryMib, milliVcpus, fleet);
    }
}
