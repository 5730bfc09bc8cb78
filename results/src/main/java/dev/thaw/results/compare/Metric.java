package dev.thaw.results.compare;

/**
 * What is compared.
 *
 * @param name as in {@code --metrics}: {@code latency.p99}, {@code phase.invoke.p50}, {@code throughput}
 */
public record Metric(String name, String unit, boolean lowerIsBetter) {
    /** Both sides tell the same thing in the same unit. */
    boolean fits(Metric other) {
        return unit.equals(other.unit) && lowerIsBetter == other.lowerIsBetter;
    }
}
