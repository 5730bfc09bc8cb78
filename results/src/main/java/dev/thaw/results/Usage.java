package dev.thaw.results;

import dev.thaw.results.cost.BilledUse;

/** Resources of the invocations whose server told them. */
final class Usage {
    private static final double MIB_PER_GIB = 1024;
    private static final double MS_PER_S = 1000;

    /** Invocations with a server record. */
    long known;

    long billedMs;
    double gbSeconds;
    /** Of these, those that ran on provisioned concurrency, and what they are of {@link #gbSeconds}. */
    long provisionedInvocations;

    double provisionedGbSeconds;
    /** What the rule since August 2025 bills beyond that. */
    double unbilledInitGbSeconds;
    /** Invocations whose host could tell the quota wait, and its sum. */
    long throttledKnown;

    long throttledNs;
    long throttledInvocations;
    long cpuKnown;
    long cpuNs;
    long peakMemoryBytes = -1;

    /** What of it is paid for. */
    BilledUse billed() {
        return new BilledUse(known, gbSeconds, provisionedInvocations, provisionedGbSeconds, unbilledInitGbSeconds);
    }

    void add(ServerRecord server) {
        known++;
        billedMs += server.billedMs;
        double gb = server.memoryMib / MIB_PER_GIB;
        double billedGbSeconds = server.billedMs / MS_PER_S * gb;
        gbSeconds += billedGbSeconds;
        if (server.provisioned) {
            provisionedInvocations++;
            provisionedGbSeconds += billedGbSeconds;
        }
        unbilledInitGbSeconds += server.unbilledInitMs / MS_PER_S * gb;
        peakMemoryBytes = Math.max(peakMemoryBytes, server.peakMemoryBytes);
        if (server.throttledNs >= 0) {
            throttledKnown++;
            throttledNs += server.throttledNs;
            throttledInvocations += server.throttledNs > 0 ? 1 : 0;
        }
        if (server.cpuNs >= 0) {
            cpuKnown++;
            cpuNs += server.cpuNs;
        }
    }
}
