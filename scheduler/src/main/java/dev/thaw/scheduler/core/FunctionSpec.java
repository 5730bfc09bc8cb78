package dev.thaw.scheduler.core;

/**
 * What the scheduler needs to know of a function: of one version of it, in one revision.
 *
 * @param name unqualified name; functions of one name share its reserved concurrency
 * @param memoryMib 128..10240; also buys CPU, {@code memoryMib / 1769} of a vCPU
 * @param timeoutNs limit of one whole invocation, 1 s..900 s
 * @param restored its environments go on from a snapshot, which was made of an initialised one
 * @param overheadMib what an environment takes of its host's memory beside the function's; buys nothing
 */
public record FunctionSpec(String name, int memoryMib, long timeoutNs, boolean restored, int overheadMib) {
    /** The function draws from the account's unreserved pool. */
    public static final int UNRESERVED = -1;
    /** Memory that buys one vCPU (contract.md section 1.2). */
    public static final int MEMORY_MIB_PER_VCPU = 1769;

    public FunctionSpec {
        if (memoryMib < 128 || memoryMib > 10_240) {
            throw new IllegalArgumentException("memoryMib of " + name + " is " + memoryMib + ", must be 128..10240");
        }
        if (timeoutNs < 1_000_000_000L || timeoutNs > 900_000_000_000L) {
            throw new IllegalArgumentException("timeoutNs of " + name + " is " + timeoutNs + ", must be 1 s..900 s");
        }
        if (overheadMib < 0) {
            throw new IllegalArgumentException("overheadMib of " + name + " is " + overheadMib + ", must be 0 or more");
        }
    }

    /** One whose environments take no more than its memory. */
    public FunctionSpec(String name, int memoryMib, long timeoutNs, boolean restored) {
        this(name, memoryMib, timeoutNs, restored, 0);
    }

    /** A function whose environments init. */
    public FunctionSpec(String name, int memoryMib, long timeoutNs) {
        this(name, memoryMib, timeoutNs, false);
    }

    /** Memory that an environment of this function takes of its host. */
    int hostMemoryMib() {
        return memoryMib + overheadMib;
    }

    /** CPU that an environment of this function takes of its host, in thousandths of a vCPU, at least 1. */
    public int milliVcpus() {
        return Math.max(1, (int) ((memoryMib * 1000L) / MEMORY_MIB_PER_VCPU));
    }
}
