package dev.thaw.scheduler.virtual;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The host's CPU in {@link PlainFleet}, and how far its environments get with it. */
final class PlainCpu {
    private final PlainWorld world;
    private final List<PlainEnvironment> environments;

    PlainCpu(PlainWorld world, List<PlainEnvironment> environments) {
        this.world = world;
        this.environments = environments;
    }

    double pace(PlainEnvironment environment) {
        if (!environment.onCpu) {
            return 1;
        }
        double wanted = 0;
        for (PlainEnvironment other : environments) {
            wanted += other.onCpu ? quota(other) : 0;
        }
        return Math.min(1, world.cpu() / wanted);
    }

    private int quota(PlainEnvironment environment) {
        PlainWorld.Function function = world.functions().get(environment.function);
        return switch (environment.doing) {
            case INIT_RUNTIME, INIT_FUNCTION -> function.initQuota();
            case INIT_AGAIN -> Math.min(function.initQuota(), function.quota());
            default -> function.quota();
        };
    }

    /** Of those that are at work. */
    @Nullable
    PlainEnvironment firstToEnd() {
        PlainEnvironment first = null;
        for (PlainEnvironment environment : environments) {
            if (!environment.isIdle() && (first == null || endsBefore(environment, first))) {
                first = environment;
            }
        }
        return first;
    }

    /** Of two that end at the same instant it is the one that began first. */
    private boolean endsBefore(PlainEnvironment one, PlainEnvironment other) {
        int order = Double.compare(one.left / pace(one), other.left / pace(other));
        return order < 0 || (order == 0 && one.doingOrder < other.doingOrder);
    }

    void pass(long ns) {
        Map<PlainEnvironment, Double> done = new HashMap<>();
        for (PlainEnvironment environment : environments) {
            done.put(environment, ns * pace(environment));
        }
        done.forEach((environment, amount) -> environment.left -= amount);
    }
}
