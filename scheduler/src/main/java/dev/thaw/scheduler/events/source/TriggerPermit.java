package dev.thaw.scheduler.events.source;

/**
 * Says whether a service may invoke a function, which only the function's own policy decides (contract.md section 16).
 *
 * <p>Threading: safe on any thread.
 */
@FunctionalInterface
public interface TriggerPermit {
    /** On a server that asks nobody for a signature. */
    TriggerPermit ANY = (_, _, _) -> true;

    /** {@code service}: {@code s3.amazonaws.com}; {@code sourceArn}: of the bucket or rule. */
    boolean allows(String service, String sourceArn, String functionArn);
}
