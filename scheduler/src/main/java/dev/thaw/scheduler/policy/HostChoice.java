package dev.thaw.scheduler.policy;

import dev.thaw.scheduler.core.FleetView;
import dev.thaw.scheduler.core.PlacementPolicy;

/** What placements have in common: whether a host has room, or would have it, and the two plain choices of one. */
final class HostChoice {
    /** So many idle environments of a function are looked at, the last used first. */
    static final int MOST_IDLE = 32;

    private HostChoice() {}

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
