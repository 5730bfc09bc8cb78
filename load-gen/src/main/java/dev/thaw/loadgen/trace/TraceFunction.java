package dev.thaw.loadgen.trace;

/**
 * A function of a trace.
 *
 * @param name valid for Lambda, unique in the trace, the same in every run
 * @param source what the trace calls it
 * @param application what it shares environments with where a policy shares them; of its own where the trace has none
 * @param memoryMib 128..10240
 * @param initUs how much longer its first invocation in an environment takes, or {@link #UNKNOWN_INIT}
 */
public record TraceFunction(String name, String source, String application, int memoryMib, int initUs) {
    /** Bounds of Lambda's memory setting (contract.md section 1). */
    public static final int MIN_MEMORY_MIB = 128;

    public static final int MAX_MEMORY_MIB = 10_240;

    /** {@link #initUs} where the trace does not say. */
    public static final int UNKNOWN_INIT = -1;

    /** An application of its own, an unknown init. */
    public TraceFunction(String name, String source, int memoryMib) {
        this(name, source, source, memoryMib, UNKNOWN_INIT);
    }
}
