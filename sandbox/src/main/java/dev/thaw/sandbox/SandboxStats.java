package dev.thaw.sandbox;

/** Counters of one sandbox since it was created; -1 where this host cannot tell. A carrier to be reused. */
public final class SandboxStats {
    /** CPU time of all its processes. */
    public long cpuNs = -1;
    /** Time that runnable processes waited for CPU quota. */
    public long throttledNs = -1;
    /** Most memory it ever held, in bytes. */
    public long peakMemoryBytes = -1;
    /** How often the kernel killed one of its processes for memory. */
    public long oomKills = -1;
}
