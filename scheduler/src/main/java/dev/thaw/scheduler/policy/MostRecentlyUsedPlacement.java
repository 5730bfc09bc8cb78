package dev.thaw.scheduler.policy;

import dev.thaw.scheduler.core.FleetView;
import dev.thaw.scheduler.core.HotPath;
import dev.thaw.scheduler.core.PlacementPolicy;

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
        return HostChoice.roomiest(memoryMib, milliVcpus, fleet);
    }
}
