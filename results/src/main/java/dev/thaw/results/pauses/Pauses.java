package dev.thaw.results.pauses;

import java.util.List;

/**
 * The pauses of one process, as it tells them.
 *
 * @param nowNs its clock as it told them: who reads them knows that this was just now
 * @param all on that clock, in the order in which they ended
 */
public record Pauses(long nowNs, List<Pause> all) {
    /** Of a process that does not watch itself. */
    public static final Pauses NONE = new Pauses(0, List.of());

    public Pauses {
        all = List.copyOf(all);
    }

    /** Those that ended after the earlier ones were told. */
    public Pauses since(Pauses earlier) {
        return new Pauses(
                nowNs, all.stream().filter(each -> each.toNs() > earlier.nowNs).toList());
    }

    /** On the clock of who reads them: {@code readNs} is when that was. */
    public List<Pause> on(long readNs) {
        return all.stream().map(each -> each.shifted(readNs - nowNs)).toList();
    }
}
