package dev.thaw.scheduler.core;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Counts invocations that were accepted and have not ended, against the account's and the functions' limits
 * (contract.md section 7).
 *
 * <pre>
 * account = claimed + pool       claimed: of each name its reservation, or else what is provisioned of its versions
 * pool   >= pooled in use        pooled: of names without reservation what exceeds the provisioned, version by version
 * </pre>
 *
 * A reservation is cap and guarantee of all versions of a name together. Both sides may change while invocations run: what
 * is in use beyond a new limit stays, and nothing is accepted until it has ended.
 */
final class ConcurrencyLedger {
    private final int accountConcurrency;
    private final FunctionTable functions;
    /** By group. */
    private int[] reserved = new int[0];

    private int[] groupInUse = new int[0];
    /** By function. */
    private int[] provisioned = new int[0];

    private int[] inUse = new int[0];
    private int[] mostInUse = new int[0];
    private int claimed;
    private int pooledInUse;
    private int totalInUse;

    ConcurrencyLedger(int accountConcurrency, FunctionTable functions) {
        this.accountConcurrency = accountConcurrency;
        this.functions = functions;
    }

    /** Makes room for the functions and groups of the table. */
    void ensureFunctions() {
        if (functions.count() > inUse.length) {
            int capacity = Math.max(16, functions.count() * 2);
            provisioned = Arrays.copyOf(provisioned, capacity);
            inUse = Arrays.copyOf(inUse, capacity);
            mostInUse = Arrays.copyOf(mostInUse, capacity);
        }
        if (functions.groupCount() > reserved.length) {
            int from = reserved.length;
            reserved = Arrays.copyOf(reserved, Math.max(16, functions.groupCount() * 2));
            Arrays.fill(reserved, from, reserved.length, FunctionSpec.UNRESERVED);
            groupInUse = Arrays.copyOf(groupInUse, reserved.length);
        }
    }

    /** Counts one more invocation of the function and returns null, or returns why not. */
    @HotPath
    @Nullable
    Refusal acquire(int functionId) {
        if (functions.isRetired(functionId)) {
            return Refusal.RETIRED;
        }
        int group = functions.groupOf(functionId);
        int cap = reserved[group];
        if (cap != FunctionSpec.UNRESERVED && groupInUse[group] >= cap) {
            return Refusal.RESERVED_FUNCTION_CONCURRENT_INVOCATION_LIMIT_EXCEEDED;
        }
        boolean pooled = cap == FunctionSpec.UNRESERVED && inUse[functionId] >= provisioned[functionId];
        if (totalInUse >= accountConcurrency || (pooled && pooledInUse >= accountConcurrency - claimed)) {
            return Refusal.CONCURRENT_INVOCATION_LIMIT_EXCEEDED;
        }
        if (pooled) {
            pooledInUse++;
        }
        groupInUse[group]++;
        mostInUse[functionId] = Math.max(mostInUse[functionId], ++inUse[functionId]);
        totalInUse++;
        return null;
    }

    @HotPath
    void release(int functionId) {
        int group = functions.groupOf(functionId);
        if (reserved[group] == FunctionSpec.UNRESERVED && inUse[functionId] > provisioned[functionId]) {
            pooledInUse--;
        }
        groupInUse[group]--;
        inUse[functionId]--;
        totalInUse--;
    }

    /** Changes a name's reservation. Refuses one that leaves the account nothing unreserved, or less than is provisioned. */
    void reserve(int group, int concurrency) {
        int ownProvisioned = provisionedOf(group);
        String subject = "reservedConcurrency of " + functions.groupName(group);
        requireAtMost(subject, concurrency, accountConcurrency - claimed + claimOf(group));
        if (concurrency != FunctionSpec.UNRESERVED && concurrency < ownProvisioned) {
            throw new IllegalArgumentException(
                    subject + " is " + concurrency + ", must be " + ownProvisioned + " or more: it is provisioned");
        }
        count(group, -1);
        reserved[group] = concurrency;
        count(group, 1);
    }

    /** Changes what is provisioned of a version. Refuses what the name's reservation or the account cannot give. */
    void provision(int functionId, int environments) {
        int group = functions.groupOf(functionId);
        int others = provisionedOf(group) - provisioned[functionId];
        String subject = "provisionedConcurrency of " + functions.groupName(group);
        if (reserved[group] == FunctionSpec.UNRESERVED) {
            requireAtMost(subject, others + environments, accountConcurrency - claimed + claimOf(group));
        } else if (others + environments > reserved[group]) {
            throw new IllegalArgumentException(subject + " is " + (others + environments) + ", must be "
                    + reserved[group] + " or less: more is not reserved");
        }
        count(group, -1);
        provisioned[functionId] = environments;
        count(group, 1);
    }

    int inUse(int functionId) {
        return inUse[functionId];
    }

    int totalInUse() {
        return totalInUse;
    }

    /** A copy of what is in use. */
    ConcurrencyUse use() {
        int unreservedInUse = 0;
        for (int group = 0; group < functions.groupCount(); group++) {
            unreservedInUse += reserved[group] == FunctionSpec.UNRESERVED ? groupInUse[group] : 0;
        }
        return new ConcurrencyUse(
                Arrays.copyOf(inUse, functions.count()),
                Arrays.copyOf(mostInUse, functions.count()),
                totalInUse,
                unreservedInUse);
    }

    private void requireAtMost(String subject, int wanted, int unclaimed) {
        if (wanted > 0 && wanted >= unclaimed) {
            throw new IllegalArgumentException(subject + " is " + wanted + ", must be " + (unclaimed - 1)
                    + " or less: the account has " + unclaimed + " unreserved of " + accountConcurrency
                    + " and keeps 1");
        }
    }

    /** Adds a name to the sums, or takes it out of them. */
    private void count(int group, int sign) {
        claimed += sign * claimOf(group);
        for (int functionId = 0; functionId < functions.count(); functionId++) {
            if (functions.groupOf(functionId) == group && reserved[group] == FunctionSpec.UNRESERVED) {
                pooledInUse += sign * Math.max(0, inUse[functionId] - provisioned[functionId]);
            }
        }
    }

    private int claimOf(int group) {
        return reserved[group] == FunctionSpec.UNRESERVED ? provisionedOf(group) : reserved[group];
    }

    private int provisionedOf(int group) {
        int sum = 0;
        for (int functionId = 0; functionId < functions.count(); functionId++) {
            sum += functions.groupOf(functionId) == group ? provisioned[functionId] : 0;
        }
        return sum;
    }
}
