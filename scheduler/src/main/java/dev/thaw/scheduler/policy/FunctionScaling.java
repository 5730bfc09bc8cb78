package dev.thaw.scheduler.policy;

import dev.thaw.scheduler.core.ScalingPolicy;
import java.util.ArrayList;
import java.util.List;

/**
 * Each function for itself: 1,000 environments every 10 s, refilled continuously, not accumulated (contract.md section
 * 18, "Scaling (late-2023 model)"; 19 C13).
 */
public final class FunctionScaling implements ScalingPolicy {
    static final int ENVIRONMENTS = 1_000;
    static final long NS_PER_ENVIRONMENT = 10_000_000L;

    private final List<TokenBucket> buckets = new ArrayList<>();

    @Override
    public boolean permits(int group, long nowNs) {
        return bucketOf(group).hasOne(nowNs);
    }

    @Override
    public void onCreate(int group, long nowNs) {
        bucketOf(group).take(nowNs);
    }

    private TokenBucket bucketOf(int group) {
        while (buckets.size() <= group) {
            buckets.add(new TokenBucket(ENVIRONMENTS, NS_PER_ENVIRONMENT));
        }
        return buckets.get(group);
    }
}
