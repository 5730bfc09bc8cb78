package dev.thaw.results.cost;

/**
 * What invocations are paid for.
 *
 * @param invocations whose server told
 * @param gbSeconds billed, all of them
 * @param provisionedInvocations of these, on provisioned concurrency
 * @param provisionedGbSeconds of {@code gbSeconds}, theirs
 * @param unbilledInitGbSeconds what the rule since August 2025 bills beyond that
 */
public record BilledUse(
        long invocations,
        double gbSeconds,
        long provisionedInvocations,
        double provisionedGbSeconds,
        double unbilledInitGbSeconds) {
    static final BilledUse NONE = new BilledUse(0, 0, 0, 0, 0);

    BilledUse plus(BilledUse other) {
        return new BilledUse(
                invocations + other.invocations,
                gbSeconds + other.gbSeconds,
                provisionedInvocations + other.provisionedInvocations,
                provisionedGbSeconds + other.provisionedGbSeconds,
                unbilledInitGbSeconds + other.unbilledInitGbSeconds);
    }
}
