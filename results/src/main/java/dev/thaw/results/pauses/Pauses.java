package dev.thaw.results.pauses;

import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The pauses of one process, as it tells them.
 *
 * @param nowNs its clock as it told them: who reads them knows that this was just now
 * @param all on that clock, in the order in which they ended
 * @param cpuWaits times in which the threads that serve or drive had no processor, likewise; null where it does not tell
 * @param dropped pauses and waits that were noted as well and have been forgotten since
 */
public record Pauses(long nowNs, List<Pause> all, @Nullable List<CpuWait> cpuWaits, long dropped) {
    /** Of a process that does not watch itself. */
    public static final Pauses NONE = new Pauses(0, List.of(), null, 0);

    public Pauses {
        all = List.copyOf(all);
        cpuWaits = cpuWaits == null ? null : List.copyOf(cpuWaits);
    }

    /** Those that ended after the earlier ones were told, and how many of these have been forgotten. */
    public Pauses since(Pauses earlier) {
        Pauses later = only(each -> each.toNs() > earlier.nowNs, each -> each.toNs() > earlier.nowNs);
        long noted = size() + dropped - earlier.size() - earlier.dropped;
        // What was dropped meanwhile may be older than that.
        long droppedOfThese = Math.min(dropped - earlier.dropped, noted - later.size());
        return new Pauses(nowNs, later.all, later.cpuWaits, Math.max(0, droppedOfThese));
    }

    private int size() {
        return all.size() + (cpuWaits == null ? 0 : cpuWaits.size());
    }

    private Pauses only(Predicate<Pause> pauses, Predicate<CpuWait> waits) {
        return new Pauses(
                nowNs,
                all.stream().filter(pauses).toList(),
                cpuWaits == null ? null : cpuWaits.stream().filter(waits).toList(),
                dropped);
    }

    /**
     * On the clock of who asked for them at {@code askedNs} and had them at {@code gotNs}. Where they were told in
     * between by that same clock, it is theirs too, as of two processes on one host; else they were told in the middle.
     */
    public Pauses on(long askedNs, long gotNs) {
        boolean isSameClock = nowNs - askedNs >= 0 && gotNs - nowNs >= 0;
        return isSameClock ? this : shifted(askedNs + (gotNs - askedNs) / 2 - nowNs);
    }

    /** In ns since then, on the same clock; what was over by then is left out. */
    public Pauses inNsSince(long startNs) {
        return shifted(-startNs).only(each -> each.toNs() > 0, each -> each.toNs() > 0);
    }

    private Pauses shifted(long byNs) {
        return new Pauses(
                nowNs + byNs,
                all.stream().map(each -> each.shifted(byNs)).toList(),
                cpuWaits == null
                        ? null
                        : cpuWaits.stream().map(each -> each.shifted(byNs)).toList(),
                dropped);
    }
}
