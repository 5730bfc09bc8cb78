package dev.thaw.results;

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

    void add(Usage other) {
        known += other.known;
        billedMs += other.billedMs;
        gbSeconds += other.gbSeconds;
        provisionedInvocations += other.provisionedInvocations;
        provisionedGbSeconds += other.provisionedGbSeconds;
        unbilledInitGbSeconds += other.unbilledInitGbSeconds;
        throttledKnown += other.throttledKnown;
        throttledNs += other.throttledNs;
        throttledInvocations += other.throttledInvocations;
        cpuKnown += other.cpuKnown;
        cpuNs += other.cpuNs;
        peakMemoryBytes = Math.max(peakMemoryBytes, other.peakMemoryBytes);
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
