package dev.thaw.scheduler.core;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Counts invocations that were accepted and have not ended, against the account's and the functions' limits
 * (contract.md section 7). A reservation is taken out of the account's pool: it is the function's cap and its guarantee.
 */
final class ConcurrencyLedger {
    private final int accountConcurrency;
    private int[] reserved = new int[0];
    private int[] inUse = new int[0];
    private int functions;
    private int reservedSum;
    private int unreservedInUse;
    private int totalInUse;

    ConcurrencyLedger(int accountConcurrency) {
        this.accountConcurrency = accountConcurrency;
    }

    /** Adds the next function. Refuses a reservation that leaves the account nothing unreserved. */
    void add(FunctionSpec function) {
        int wanted = Math.max(0, function.reservedConcurrency());
        int unreserved = accountConcurrency - reservedSum;
        if (wanted >= unreserved) {
            throw new IllegalArgumentException("reservedConcurrency of " + function.name() + " is " + wanted
                    + ", must be " + (unreserved - 1) + " or less: the account has " + unreserved + " unreserved of "
                    + accountConcurrency + " and keeps 1");
        }
        if (functions == reserved.length) {
            int capacity = Math.max(16, functions * 2);
            reserved = Arrays.copyOf(reserved, capacity);
            inUse = Arrays.copyOf(inUse, capacity);
        }
        reserved[functions++] = function.reservedConcurrency();
        reservedSum += wanted;
    }

    /** Counts one more invocation of the function and returns null, or returns why not. */
    @HotPath
    @Nullable
    Refusal acquire(int functionId) {
        if (reserved[functionId] == FunctionSpec.UNRESERVED) {
            if (unreservedInUse >= accountConcurrency - reservedSum) {
                return Refusal.CONCURRENT_INVOCATION_LIMIT_EXCEEDED;
            }
            unreservedInUse++;
        } else if (inUse[functionId] >= reserved[functionId]) {
            return Refusal.RESERVED_FUNCTION_CONCURRENT_INVOCATION_LIMIT_EXCEEDED;
        }
        inUse[functionId]++;
        totalInUse++;
        return null;
    }

    @HotPath
    void release(int functionId) {
        if (reserved[functionId] == FunctionSpec.UNRESERVED) {
            unreservedInUse--;
        }
        inUse[functionId]--;
        totalInUse--;
    }

    int totalInUse() {
        return totalInUse;
    }
}
