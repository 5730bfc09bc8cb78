package dev.thaw.runtimebridge;

import dev.thaw.results.FaultPhase;
import dev.thaw.results.InjectedFault;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which inits, events and shutdowns of a server get a fault. Pure: the nth of each of a function has a number of its own,
 * made from seed, function, phase and n, so the same sequence of invocations of a function gets the same faults, whatever
 * other functions do.
 *
 * @param seed of the numbers
 * @param rules one at most befalls an init, an event or a shutdown; their rates in a phase are of all, and add up
 */
public record FaultPlan(long seed, List<FaultRule> rules) {
    /** No faults at all. */
    public static final FaultPlan NONE = new FaultPlan(1, List.of());

    private static final double PERCENT = 100;
    private static final long STEP = 0x9E37_79B9_7F4A_7C15L;

    public FaultPlan {
        rules = List.copyOf(rules);
        for (FaultRule rule : rules) {
            double sum = rules.stream()
                    .filter(each -> each.fault().phase() == rule.fault().phase())
                    .filter(each -> each.mayConcernSameAs(rule))
                    .mapToDouble(FaultRule::percent)
                    .sum();
            if (sum > PERCENT) {
                throw new IllegalArgumentException(rule.fault().key() + ": the rates of this phase add up to " + sum
                        + "% where function=" + rule.functions() + " is concerned, must be at most 100%");
            }
        }
    }

    public boolean isEmpty() {
        return rules.isEmpty();
    }

    /** Whether any rule fills an environment's memory, which a host without a memory limit cannot do. */
    public boolean fillsMemory() {
        return rules.stream()
                .anyMatch(rule ->
                        rule.fault() == InjectedFault.MEMORY_INIT || rule.fault() == InjectedFault.MEMORY_INVOKE);
    }

    /** The rule that befalls the init, event or shutdown that {@code number} others of its function preceded; or null. */
    @Nullable
    FaultRule draw(String function, FaultPhase phase, long number) {
        double drawn = PERCENT * uniform(function, phase, number);
        double upTo = 0;
        for (FaultRule rule : rules) {
            if (rule.fault().phase() == phase && rule.concerns(function)) {
                upTo += rule.percent();
                if (drawn < upTo) {
                    return rule;
                }
            }
        }
        return null;
    }

    /** From 0 to below 1. A counter through SplitMix64's finalizer, whose output no test battery tells from random. */
    private double uniform(String function, FaultPhase phase, long number) {
        long stream = mix(seed + STEP);
        for (byte character : function.getBytes(StandardCharsets.UTF_8)) {
            stream = mix(stream + character + STEP);
        }
        stream = mix(stream + (phase.ordinal() + 1) * STEP);
        return (mix(stream + (number + 1) * STEP) >>> 11) * 0x1p-53;
    }

    private static long mix(long value) {
        long first = (value ^ value >>> 30) * 0xBF58_476D_1CE4_E5B9L;
        long second = (first ^ first >>> 27) * 0x94D0_49BB_1331_11EBL;
        return second ^ second >>> 31;
    }

    /** All rules in words, for manifests. */
    public String describe() {
        return rules.stream().map(FaultRule::toString).collect(Collectors.joining("; "));
    }
}
