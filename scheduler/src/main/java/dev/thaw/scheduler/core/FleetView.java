package dev.thaw.scheduler.core;

/**
 * What a policy may read: hosts, environments, idle lists. Slots are dense ints; lists are walked by slot links, so
 * that reading allocates nothing. All lists end with -1.
 */
public interface FleetView {
    int hostCount();

    /** All memory of the host that environments may have, in MiB. */
    int hostMemoryMib(int hostId);

    /** All CPU share of the host that environments may have, in thousandths of a vCPU. */
    int hostMilliVcpus(int hostId);

    /**
     * Memory on the host that a new environment may have without evicting any other, in MiB: neither taken nor promised.
     * What an environment that is being destroyed holds counts as free (create waits until it really is).
     */
    int freeMemoryMib(int hostId);

    /** The same for CPU share, in thousandths of a vCPU. */
    int freeMilliVcpus(int hostId);

    /** Memory that evicting every idle environment of the host would free, in MiB. */
    int evictableMemoryMib(int hostId);

    /** CPU share that evicting every idle environment of the host would free, in thousandths of a vCPU. */
    int evictableMilliVcpus(int hostId);

    /** CPU share of the host's environments that are neither evictable nor on their way out: at work, or about to be. */
    default int busyMilliVcpus(int hostId) {
        return hostMilliVcpus(hostId) - freeMilliVcpus(hostId) - evictableMilliVcpus(hostId);
    }

    /** The same of all hosts together; looks at each of them. */
    default long busyMilliVcpus() {
        long sum = 0;
        for (int host = 0; host < hostCount(); host++) {
            sum += busyMilliVcpus(host);
        }
        return sum;
    }

    /** The function's most recently used idle environment, or -1. Ready ones come before those that need init. */
    int firstIdle(int functionId);

    /** The next less recently used idle environment of the same function, or -1. */
    int nextIdle(int slot);

    /** The least recently used evictable environment of the host, or -1. */
    int leastRecentIdle(int hostId);

    /** The next more recently used evictable environment of the same host, or -1. */
    int nextMoreRecentIdle(int slot);

    int functionOf(int slot);

    int hostOf(int slot);

    /** The environment is idle and nothing keeps it from going. */
    boolean isEvictable(int slot);

    /** The environment is idle but its runtime must init again (it was reset). */
    boolean needsInit(int slot);

    /** An invocation was handed to it at least once. */
    boolean hasServed(int slot);

    /** When the environment last became idle. */
    long idleSinceNs(int slot);

    /** What an environment of the function takes of its host. */
    int memoryMibOf(int functionId);

    /** Limit of one invocation. */
    long timeoutNsOf(int functionId);

    /** Unqualified name, which versions of a function share. */
    String nameOf(int functionId);

    /** Environments of the function, from the promise of room to their very end. */
    int environmentsOf(int functionId);
}
