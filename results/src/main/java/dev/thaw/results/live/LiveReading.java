package dev.thaw.results.live;

import dev.thaw.results.FleetSample;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A server at one instant, read on its scheduler's thread, so that all figures belong together; but for events and their
 * sources, which have threads of their own.
 *
 * @param fleet environments and who waits for one; its {@code atNs} is the instant
 * @param concurrent invocations accepted and not ended
 * @param ended what ended since the reading before; null where nobody recorded it
 * @param events null where the server takes none, or their thread did not tell in time
 */
public record LiveReading(
        FleetSample fleet,
        int concurrent,
        ServerTotals totals,
        List<HostUse> hosts,
        @Nullable EndedInterval ended,
        @Nullable EventBacklog events,
        List<SourceState> sources) {
    public LiveReading {
        hosts = List.copyOf(hosts);
        sources = List.copyOf(sources);
    }

    /** Of a server without events. */
    public LiveReading(
            FleetSample fleet,
            int concurrent,
            ServerTotals totals,
            List<HostUse> hosts,
            @Nullable EndedInterval ended) {
        this(fleet, concurrent, totals, hosts, ended, null, List.of());
    }

    /** The same with these events. */
    public LiveReading with(@Nullable EventBacklog backlog, List<SourceState> mappings) {
        return new LiveReading(fleet, concurrent, totals, hosts, ended, backlog, mappings);
    }

    long atNs() {
        return fleet.atNs();
    }
}
