package dev.thaw.results.imports;

/**
 * A cell of the tables of aws-lambda-performance-benchmarks. What was not measured is 0.
 *
 * @param start {@code cold} or {@code warm}
 * @param durationMs mean, like {@code initMs}
 */
public record WorkloadCell(
        String workload,
        String start,
        String runtime,
        int memoryMb,
        String architecture,
        double durationMs,
        double durationP99Ms,
        double initMs,
        double initP99Ms) {}
