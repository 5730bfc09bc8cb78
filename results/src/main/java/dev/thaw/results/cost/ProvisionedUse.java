package dev.thaw.results.cost;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What provisioned concurrency kept ready during a run, which is paid for whether it is used or not.
 *
 * @param keptGbS memory times time, by function of the run; of functions beyond the list nothing
 * @param unknown why no price can be told, or null
 */
public record ProvisionedUse(List<Double> keptGbS, @Nullable String unknown) {
    /** There was none. */
    public static final ProvisionedUse NONE = new ProvisionedUse(List.of(), null);

    public ProvisionedUse {
        keptGbS = List.copyOf(keptGbS);
    }

    /**
     * Of a run against a server, from its start for so long.
     *
     * @param told by the server's counters; null where it has none
     * @param references of the run's functions
     * @param ran invocations that ran on it, by the records of the run
     */
    public static ProvisionedUse of(
            @Nullable List<ProvisionedVersion> told, List<String> references, long ran, double seconds) {
        if (told == null) {
            return ran == 0 ? NONE : unknown("the server does not tell how much of it was kept ready");
        }
        List<ProvisionedVersion> ours = told.stream()
                .filter(each -> references.stream().anyMatch(each::isOf))
                .filter(each -> each.used() || ran > 0)
                .toList();
        if (ours.stream().anyMatch(each -> each.memoryMib() == null)) {
            return unknown("how much of it was kept ready changed during the run, or the server does not tell");
        }
        List<Double> kept = ProvisionedVersion.keptGbS(ours, references, seconds);
        return ran > 0 && kept.stream().allMatch(each -> each == 0)
                ? unknown("invocations ran on it, but the server tells of none that was kept ready")
                : new ProvisionedUse(kept, null);
    }

    public static ProvisionedUse unknown(String why) {
        return new ProvisionedUse(List.of(), why);
    }

    public double keptGbS(int function) {
        return function < keptGbS.size() ? keptGbS.get(function) : 0;
    }

    public double allKeptGbS() {
        return keptGbS.stream().mapToDouble(Double::doubleValue).sum();
    }

    public boolean isKnown() {
        return unknown == null;
    }
}
