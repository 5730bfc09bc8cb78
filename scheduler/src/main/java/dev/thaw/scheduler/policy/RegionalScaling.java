package dev.thaw.scheduler.policy;

import dev.thaw.scheduler.core.ScalingPolicy;

/**
 * All functions together: a burst at first, then 500 environments a minute (contract.md section 18, "Burst (2022 model)";
 * 19 C13). What is not used fills the burst up again.
 */
public final class RegionalScaling implements ScalingPolicy {
    /** The largest of the documented bursts: US West, US East and Europe (Ireland). The others are 1,000 and 500. */
    public static final int DEFAULT_BURST = 3_000;

    public static final long NS_PER_ENVIRONMENT = 120_000_000L;

    private final TokenBucket bucket;

    public RegionalScaling(int burst) {
        if (burst < 1) {
            throw new IllegalArgumentException("burst is " + burst + ", must be 1 or more");
        }
        bucket = new TokenBucket(burst, NS_PER_ENVIRONMENT);
    }

    @Override
    public boolean permits(int group, long nowNs) {
        return bucket.hasOne(nowNs);
    }

    @Override
    public void onCreate(int group, long nowNs) {
        bucket.take(nowNs);
    }
}
