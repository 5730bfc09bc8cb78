package dev.thaw.scheduler.virtual;

import dev.thaw.scheduler.core.HotPath;
import dev.thaw.scheduler.core.SlotHeap;
import java.util.List;

/**
 * The CPU of hosts, shared by those at work in proportion to their quotas.
 *
 * <p>Each host has a virtual clock. It goes as fast as time while what is wanted is no more than there is, and slower by
 * {@code capacity / wanted} otherwise: everybody gets their quota, or the same part of it. So who needs {@code w} ns of work
 * ends when the clock has gone on by {@code w}, whatever happens meanwhile, and the order of ends never changes: a start, a
 * stop and an end cost O(log n). Whole numbers throughout; the rest of each division is kept.
 */
final class HostCpus {
    /** Longer than any limit that the scheduler has; longer work is taken for this long. */
    static final long MAX_WORK_NS = 1_000_000_000_000L;

    private final SlotHeap hostsByEnd;
    private final SlotHeap[] ends;
    private final long[] capacity;
    private final long[] wanted;
    /** The host's virtual clock, when it was last read, and by how many {@code 1/pace}ths of a ns it is ahead of that. */
    private final long[] clockNs;

    private final long[] readNs;
    private final long[] rest;

    HostCpus(List<VirtualHost> hosts, SlotHeap.Places slots) {
        int count = hosts.size();
        SlotHeap.Places hostPlaces = new SlotHeap.Places();
        hostPlaces.ensureSlot(count);
        hostsByEnd = new SlotHeap(hostPlaces);
        ends = new SlotHeap[count];
        capacity = new long[count];
        wanted = new long[count];
        clockNs = new long[count];
        readNs = new long[count];
        rest = new long[count];
        for (int host = 0; host < count; host++) {
            ends[host] = new SlotHeap(slots);
            capacity[host] = hosts.get(host).milliVcpus();
        }
    }

    /** When the next one ends if nobody starts or stops before, or {@link SlotHeap#NEVER}. */
    @HotPath
    long nextNs() {
        return hostsByEnd.firstKey();
    }

    /** The one that ends at {@link #nextNs}; the caller stops it. */
    @HotPath
    int nextSlot() {
        return ends[hostsByEnd.first()].first();
    }

    @HotPath
    void start(int host, int slot, long workNs, int milliVcpus, long nowNs) {
        want(host, milliVcpus, nowNs);
        ends[host].set(slot, clockNs[host] + Math.min(workNs, MAX_WORK_NS));
        expect(host, nowNs);
    }

    @HotPath
    void stop(int host, int slot, int milliVcpus, long nowNs) {
        ends[host].remove(slot);
        want(host, -milliVcpus, nowNs);
        expect(host, nowNs);
    }

    /** Brings the clock up to date, then changes its pace. */
    @HotPath
    private void want(int host, int change, long nowNs) {
        long pace = pace(host);
        long passedNs = nowNs - readNs[host];
        readNs[host] = nowNs;
        if (pace == capacity[host]) {
            clockNs[host] += passedNs;
        } else {
            long parts = Math.multiplyExact(passedNs, capacity[host]) + rest[host];
            clockNs[host] += parts / pace;
            rest[host] = parts % pace;
        }
        wanted[host] += change;
        if (rest[host] != 0) {
            rest[host] = rest[host] * pace(host) / pace;
        }
    }

    /** In one ns the clock goes on by {@code capacity / pace}. */
    @HotPath
    private long pace(int host) {
        return Math.max(wanted[host], capacity[host]);
    }

    @HotPath
    private void expect(int host, long nowNs) {
        long firstNs = ends[host].firstKey();
        if (firstNs == SlotHeap.NEVER) {
            hostsByEnd.remove(host);
            return;
        }
        long leftNs = Math.max(0, firstNs - clockNs[host]);
        long pace = pace(host);
        if (pace != capacity[host]) {
            // In two parts: all of it times the pace may not fit 64 bits, what is beyond whole capacities does.
            long parts = leftNs * (pace % capacity[host]) - rest[host];
            leftNs = Math.max(0, leftNs * (pace / capacity[host]) + Math.ceilDiv(parts, capacity[host]));
        }
        hostsByEnd.set(host, nowNs + leftNs);
    }
}
