package dev.thaw.results.pauses;

import java.util.List;

/**
 * The pauses of one process, as it tells them.
 *
 * @param nowNs its clock as it told them: who reads them knows that this was just now
 * @param all on that clock, in the order in which they ended
 * @param dropped pauses that were noted as well and have been forgotten since
 */
public record Pauses(long nowNs, List<Pause> all, long dropped) {
    /** Of a process that does not watch itself. */
    public static final Pauses NONE = new Pauses(0, List.of(), 0);

    public Pauses {
        all = List.copyOf(all);
    }

    /** Those that ended after the earlier ones were told, and how many of these have been forgotten. */
    public Pauses since(Pauses earlier) {
        List<Pause> later =
                all.stream().filter(each -> each.toNs() > earlier.nowNs).toList();
        long noted = all.size() + dropped - earlier.all.size() - earlier.dropped;
        // What was dropped meanwhile may be older than that.
        long droppedOfThese = Math.min(dropped - earlier.dropped, noted - later.size());
        return new Pauses(nowNs, later, Math.max(0, droppedOfThese));
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
        Pauses shifted = shifted(-startNs);
        return new Pauses(
                shifted.nowNs,
                shifted.all.stream().filter(each -> each.toNs() > 0).toList(),
                dropped);
    }

    private Pauses shifted(long byNs) {
        return new Pauses(
                nowNs + byNs, all.stream().map(each -> each.shifted(byNs)).toList(), dropped);
    }
}
