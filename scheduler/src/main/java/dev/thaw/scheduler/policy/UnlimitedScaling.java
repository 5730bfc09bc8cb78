package dev.thaw.scheduler.policy;

import dev.thaw.scheduler.core.ScalingPolicy;

/** As fast as hosts can. */
public final class UnlimitedScaling implements ScalingPolicy {
    @Override
    public boolean permits(int group, long nowNs) {
        return true;
    }

    @Override
    public void onCreate(int group, long nowNs) {}
}
