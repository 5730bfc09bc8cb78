package dev.thaw.loadgen;

/**
 * A function of a trace.
 *
 * @param name valid for Lambda, unique in the trace, the same in every run
 * @param source what the trace calls it
 * @param memoryMib 128..10240
 */
public record TraceFunction(String name, String source, int memoryMib) {
    /** Bounds of Lambda's memory setting (contract.md section 1). */
    public static final int MIN_MEMORY_MIB = 128;

    public static final int MAX_MEMORY_MIB = 10_240;
}
