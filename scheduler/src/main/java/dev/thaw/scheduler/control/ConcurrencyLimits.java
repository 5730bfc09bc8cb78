package dev.thaw.scheduler.control;

import org.jspecify.annotations.Nullable;

/**
 * How the account's concurrency is shared out: reserved for functions, provisioned where nothing is reserved, and a rest
 * that always stays for the others (contract.md section 18).
 *
 * <p>Threading: the control plane's thread.
 */
final class ConcurrencyLimits {
    private static final int MIN_UNRESERVED = 100;

    private final Catalog catalog;
    private final int accountConcurrency;

    ConcurrencyLimits(Catalog catalog, int accountConcurrency) {
        this.catalog = catalog;
        this.accountConcurrency = accountConcurrency;
    }

    int accountConcurrency() {
        return accountConcurrency;
    }

    /** Of a small account, such as one for a test, less is kept back. */
    private int minUnreserved() {
        return Math.min(MIN_UNRESERVED, accountConcurrency / 10);
    }

    /** What functions without a reservation share. */
    int unreserved() {
        return accountConcurrency - reservedExcept(null);
    }

    private int reservedExcept(@Nullable String name) {
        int reserved = 0;
        for (FunctionRecord function : catalog.functions().all().values()) {
            Integer own = function.reservedConcurrency();
            if (own != null && !function.name().equals(name)) {
                reserved += own;
            }
        }
        return reserved;
    }

    /** Provisioned by the function's versions and aliases together, but for one. */
    int provisioned(String name, @Nullable String exceptQualifier) {
        int provisioned = 0;
        for (ProvisionedRecord each : catalog.provisioned().of(name).values()) {
            provisioned += each.qualifier().equals(exceptQualifier) ? 0 : each.requested();
        }
        return provisioned;
    }

    /** Refuses a reservation that does not fit. */
    void checkReserved(String name, int reserved) {
        int provisioned = provisioned(name, null);
        if (reserved < provisioned) {
            throw ServiceFault.invalidParameter(" ReservedConcurrentExecutions  " + reserved
                    + " should not be lower than function's total provisioned concurrency [" + provisioned + "].");
        }
        if ((long) accountConcurrency - reservedExcept(name) - reserved < minUnreserved()) {
            throw ServiceFault.invalidParameter(
                    "Specified ReservedConcurrentExecutions for function decreases account's"
                            + " UnreservedConcurrentExecution below its minimum value of [" + minUnreserved() + "].");
        }
    }

    /** Refuses provisioned concurrency that does not fit. */
    void checkProvisioned(String name, String qualifier, int requested) {
        Integer reserved = catalog.function(name).reservedConcurrency();
        long total = (long) provisioned(name, qualifier) + requested;
        if (reserved != null) {
            if (total > reserved) {
                throw ServiceFault.invalidParameter("Requested Provisioned Concurrency should not be greater than the"
                        + " reservedConcurrentExecution for function");
            }
            return;
        }
        int unreserved = unreserved();
        if (total > unreserved) {
            throw ServiceFault.invalidParameter("Specified ConcurrentExecutions for function is greater than account's"
                    + " unreserved concurrency [" + unreserved + "].");
        }
        if (unreserved - total < minUnreserved()) {
            throw ServiceFault.invalidParameter("Specified ConcurrentExecutions for function decreases account's"
                    + " UnreservedConcurrentExecution below its minimum value of [" + minUnreserved() + "].");
        }
    }
}
