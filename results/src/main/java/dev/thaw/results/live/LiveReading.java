package dev.thaw.results.live;

import dev.thaw.results.FleetSample;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A server at one instant, read on its scheduler's thread, so that all figures belong together.
 *
 * @param fleet environments and who waits for one; its {@code atNs} is the instant
 * @param concurrent invocations accepted and not ended
 * @param ended what ended since the reading before; null where nobody recorded it
 */
public record LiveReading(
        FleetSample fleet,
        int concurrent,
        ServerTotals totals,
        List<HostUse> hosts,
        @Nullable EndedInterval ended) {
    public LiveReading {
        hosts = List.copyOf(hosts);
    }

    long atNs() {
        return fleet.atNs();
    }
}
