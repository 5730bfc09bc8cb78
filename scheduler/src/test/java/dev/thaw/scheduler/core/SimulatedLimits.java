package dev.thaw.scheduler.core;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Concurrency as the contract has it (section 7), added up anew for every question: the books against which
 * {@link SimulatedFleet} holds the scheduler's.
 */
final class SimulatedLimits {
    private final int account;
    private final List<FunctionSpec> functions;
    private final Map<String, Integer> reserved = new HashMap<>();
    private final int[] provisioned;
    private final boolean[] retired;
    final int[] inUse;

    SimulatedLimits(int account, List<FunctionSpec> functions) {
        this.account = account;
        this.functions = functions;
        provisioned = new int[functions.size()];
        retired = new boolean[functions.size()];
        inUse = new int[functions.size()];
    }

    /** Whether the reservation can be given; then it is. */
    boolean reserve(String name, int concurrency) {
        int others = claimedWithout(name);
        boolean fits = concurrency <= 0 || others + concurrency < account;
        if (!fits || (concurrency != FunctionSpec.UNRESERVED && concurrency < provisionedOf(name))) {
            return false;
        }
        reserved.put(name, concurrency);
        return true;
    }

    /** Whether so much can be provisioned; then it is. */
    boolean provision(int functionId, int environments) {
        String name = functions.get(functionId).name();
        int sum = provisionedOf(name) - provisioned[functionId] + environments;
        boolean fits = isReserved(name)
                ? sum <= reserved.getOrDefault(name, 0)
                : sum == 0 || claimedWithout(name) + sum < account;
        if (fits) {
            provisioned[functionId] = environments;
        }
        return fits;
    }

    void retire(int functionId) {
        retired[functionId] = true;
        provisioned[functionId] = 0;
    }

    boolean isRetired(int functionId) {
        return retired[functionId];
    }

    int provisioned(int functionId) {
        return provisioned[functionId];
    }

    /** Why one more invocation of the function must be refused; null where it must not. */
    @Nullable
    Refusal refusal(int functionId) {
        String name = functions.get(functionId).name();
        if (retired[functionId]) {
            return Refusal.RETIRED;
        }
        if (isReserved(name) && inUseOf(name) >= reserved.getOrDefault(name, 0)) {
            return Refusal.RESERVED_FUNCTION_CONCURRENT_INVOCATION_LIMIT_EXCEEDED;
        }
        boolean pooled = !isReserved(name) && inUse[functionId] >= provisioned[functionId];
        boolean full = inUseOf(null) >= account || (pooled && pooledInUse() >= account - claimedWithout(null));
        return full ? Refusal.CONCURRENT_INVOCATION_LIMIT_EXCEEDED : null;
    }

    private boolean isReserved(String name) {
        return reserved.getOrDefault(name, FunctionSpec.UNRESERVED) != FunctionSpec.UNRESERVED;
    }

    private int claimedWithout(@Nullable String name) {
        return functions.stream()
                .map(FunctionSpec::name)
                .distinct()
                .filter(other -> !other.equals(name))
                .mapToInt(other -> isReserved(other) ? reserved.getOrDefault(other, 0) : provisionedOf(other))
                .sum();
    }

    private int provisionedOf(String name) {
        return sum(name, provisioned);
    }

    private int inUseOf(@Nullable String name) {
        return sum(name, inUse);
    }

    private int pooledInUse() {
        int pooled = 0;
        for (int function = 0; function < inUse.length; function++) {
            boolean own = isReserved(functions.get(function).name());
            pooled += own ? 0 : Math.max(0, inUse[function] - provisioned[function]);
        }
        return pooled;
    }

    private int sum(@Nullable String name, int[] amounts) {
        int sum = 0;
        for (int function = 0; function < amounts.length; function++) {
            sum += name == null || functions.get(function).name().equals(name) ? amounts[function] : 0;
        }
        return sum;
    }
}
