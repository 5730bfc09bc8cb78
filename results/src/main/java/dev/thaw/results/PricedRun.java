package dev.thaw.results;

import dev.thaw.results.cost.ProvisionedUse;
import dev.thaw.results.cost.ProvisionedVersion;
import dev.thaw.results.cost.RunCost;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What of a run is priced, as numbers. */
final class PricedRun {
    private static final double NS_PER_S = 1e9;

    private PricedRun() {}

    /** Of a run that is over; {@code metrics} is what its server counted meanwhile, null where that did not tell. */
    static RunCost live(RunPlan plan, Headline headline, Figures figures, @Nullable ServerMetrics metrics) {
        ProvisionedUse use = ProvisionedUse.of(
                metrics == null
                        ? null
                        : metrics.versions().stream()
                                .map(PricedRun::provisioned)
                                .toList(),
                plan.functions().stream().map(RunPlan.RunFunction::name).toList(),
                figures.usage.provisionedInvocations,
                Math.max(0, figures.lastDoneNs) / NS_PER_S);
        return cost(
                plan, headline, figures, use, metrics == null ? null : (Long) metrics.countProvisionedInvocations());
    }

    /** Of a simulation. */
    static RunCost virtual(RunPlan plan, Headline headline, Figures figures, List<Double> provisionedGbS) {
        return cost(
                plan,
                headline,
                figures,
                new ProvisionedUse(provisionedGbS, null),
                provisionedGbS.isEmpty() ? null : (Long) figures.usage.provisionedInvocations);
    }

    private static RunCost cost(
            RunPlan plan, Headline headline, Figures figures, ProvisionedUse use, @Nullable Long counted) {
        return new RunCost(
                figures.functions.stream()
                        .map(each -> new RunCost.Function(each.function.architecture(), each.usage.billed()))
                        .toList(),
                figures.usage.billed(),
                headline.counts.completed() - refused(headline.counts),
                use,
                counted,
                Emulation.of(plan, headline.counts).isAny());
    }

    /** Answers that no function ran for, and that nobody pays for. */
    private static long refused(Counts counts) {
        return counts.of(SampleStatus.THROTTLED) + counts.of(SampleStatus.ERROR);
    }

    private static ProvisionedVersion provisioned(ServerMetrics.Version version) {
        Integer mib = version.provisionedMib();
        boolean changed = mib != null && mib == ServerMetrics.Version.CHANGED;
        return new ProvisionedVersion(
                version.function(),
                version.version(),
                changed ? null : mib,
                changed || version.provisionedAllocated() > 0 || version.provisionedInvocations() > 0);
    }
}
