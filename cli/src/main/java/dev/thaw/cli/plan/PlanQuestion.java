package dev.thaw.cli.plan;

import dev.thaw.cli.virtual.Workload;
import dev.thaw.results.cost.PriceList;
import dev.thaw.scheduler.core.Policies;
import dev.thaw.scheduler.core.SchedulerConfig;
import dev.thaw.scheduler.virtual.VirtualHost;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a plan is asked for.
 *
 * @param host by its number
 * @param choices among which the settings are
 * @param hostUsdPerHour 0 where nobody gave one
 */
public record PlanQuestion(
        Workload workload,
        SchedulerConfig config,
        IntFunction<VirtualHost> host,
        List<Choice> choices,
        Objectives objectives,
        int maxHosts,
        long seed,
        PriceList prices,
        double hostUsdPerHour,
        SizingQuestion sizing) {
    public PlanQuestion {
        choices = List.copyOf(choices);
    }

    /**
     * Settings that may be chosen.
     *
     * @param names which policy for each decision
     * @param policies new ones for each run
     */
    public record Choice(Map<String, String> names, Supplier<Policies> policies, Provisioned provisioned) {
        /** Policies with so much provisioned concurrency; one line says what is wrong with its text. */
        public static Choice of(Map<String, String> names, Supplier<Policies> policies, String provisioned) {
            Map<String, String> all = new TreeMap<>(names);
            all.put("provisioned", provisioned);
            return new Choice(all, policies, Provisioned.parse(provisioned));
        }
    }

    /**
     * What memory by function is asked for.
     *
     * @param functions that cost most, as many; 0 for none
     * @param objective of each function's latency; null: the first one of the fleet, or no worse than it is
     * @param sizesMib to choose from
     * @param assumedPart how much of a duration is CPU where no model says, from 0 to 1; null: nobody knows
     * @param smaller sizes below what the trace has count as well
     */
    public record SizingQuestion(
            int functions,
            @Nullable Objective objective,
            List<Integer> sizesMib,
            @Nullable Double assumedPart,
            boolean smaller) {
        public SizingQuestion {
            sizesMib = sizesMib.stream().distinct().sorted().toList();
        }
    }
}
