package dev.thaw.scheduler.virtual;

import dev.thaw.scheduler.core.FixedTtlKeepAlive;
import dev.thaw.scheduler.core.KeepAlivePolicy;
import dev.thaw.scheduler.core.MostRecentlyUsedPlacement;
import dev.thaw.scheduler.core.PlacementPolicy;
import dev.thaw.scheduler.core.ScalingPolicy;
import dev.thaw.scheduler.core.UnlimitedScaling;

/** What a simulation compares: objects of one simulation each, for they may keep state. */
public record Policies(PlacementPolicy placement, KeepAlivePolicy keepAlive, ScalingPolicy scaling) {
    /** Most recently used first, a fixed time, no limit of the rate. */
    public static Policies fixedTtl(long keepAliveNs) {
        return new Policies(
                new MostRecentlyUsedPlacement(), new FixedTtlKeepAlive(keepAliveNs), new UnlimitedScaling());
    }
}
