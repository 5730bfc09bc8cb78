package dev.thaw.scheduler.core;

/** Why an environment is initialised (contract.md section 2.1). */
public enum InitializationType {
    /** An invocation waits for it. */
    ON_DEMAND("on-demand"),
    /** Ahead of invocations. */
    PROVISIONED_CONCURRENCY("provisioned-concurrency"),
    /** For a snapshot, or restored from one. */
    SNAP_START("snap-start");

    private final String key;

    InitializationType(String key) {
        this.key = key;
    }

    /** Value of {@code AWS_LAMBDA_INITIALIZATION_TYPE}. */
    public String key() {
        return key;
    }
}
