package dev.thaw.scheduler.policy;

import dev.thaw.scheduler.core.FleetView;
import dev.thaw.scheduler.core.HotPath;
import dev.thaw.scheduler.core.PlacementPolicy;

/**
 * Each function has a home among the hosts, by a hash, and the next ones round the ring from there where load forbids it
 * (consistent hashing with bounded loads; Mirrokni, Thorup and Zadimoghaddam, SODA 2018; CH-RLU of Fuerst and Sharma, HPDC
 * 2022, places functions so). A host is overloaded where what is at work there has more than {@code bound} times the
 * mean CPU share; a new environment counts with it. An idle environment is preferred to a start even where all of them are on
 * overloaded hosts. Where the whole ring is overloaded or full, load gives way first, then idle environments of others do.
 *
 * <p>CH-RLU adds noise to loads because its balancer only knows old ones; here they are known exactly, so there is none.
 */
public final class BoundedHashPlacement implements PlacementPolicy {
    private static final int MIX = 0x9E3779B9;

    private final double bound;

    /**
     * @param bound 1 or more: how much above the mean a host's load may be
     */
    public BoundedHashPlacement(double bound) {
        if (!(bound >= 1)) {
            throw new IllegalArgumentException("bound is " + bound + ", must be 1 or more");
        }
        this.bound = bound;
    }

    @Override
    @HotPath
    public int chooseEnvironment(int functionId, FleetView fleet, long nowNs) {
        int best = NONE;
        int bestDistance = Integer.MAX_VALUE;
        int hosts = fleet.hostCount();
        int slot = fleet.firstIdle(functionId);
        if (hosts == 1 || slot == NONE || fleet.nextIdle(slot) == NONE) {
            return slot;
        }
        int home = home(functionId, hosts);
        double most = mostMilli(0, fleet);
        for (int seen = 0; slot != NONE && seen < HostChoice.MOST_IDLE; seen++) {
            int host = fleet.hostOf(slot);
            int rounds = (fleet.needsInit(slot) ? 2 : 0) + (fleet.busyMilliVcpus(host) > most ? 1 : 0);
            int distance = rounds * hosts + (host >= home ? host - home : host - home + hosts);
            if (distance < bestDistance) {
                best = slot;
                bestDistance = distance;
            }
            slot = fleet.nextIdle(slot);
        }
        return best;
    }

    @Override
    public int chooseHost(int functionId, int memoryMib, int milliVcpus, FleetView fleet, long nowNs) {
        int hosts = fleet.hostCount();
        int home = hosts == 0 ? 0 : home(functionId, hosts);
        double most = mostMilli(milliVcpus, fleet);
        int loaded = NONE;
        int evicting = NONE;
        for (int step = 0; step < hosts; step++) {
            int host = (home + step) % hosts;
            if (HostChoice.hasRoom(host, memoryMib, milliVcpus, fleet)) {
                if (fleet.busyMilliVcpus(host) + milliVcpus <= most) {
                    return host;
                }
                loaded = loaded == NONE ? host : loaded;
            } else if (evicting == NONE && HostChoice.couldHaveRoom(host, memoryMib, milliVcpus, fleet)) {
                evicting = host;
            }
        }
        return loaded != NONE ? loaded : evicting;
    }

    /** Most that a host may have at work; one more is always allowed on an empty one. */
    @HotPath
    private double mostMilli(int moreMilli, FleetView fleet) {
        return Math.max(moreMilli, bound * (fleet.busyMilliVcpus() + moreMilli) / fleet.hostCount());
    }

    @HotPath
    private static int home(int functionId, int hosts) {
        int hash = (functionId + 1) * MIX;
        return (int) ((Integer.toUnsignedLong(hash ^ (hash >>> 15)) * hosts) >>> 32);
    }
}
