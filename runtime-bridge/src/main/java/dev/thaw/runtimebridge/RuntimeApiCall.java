package dev.thaw.runtimebridge;

/** A call of the Runtime API, version 2018-06-01 (contract.md section 3). */
public enum RuntimeApiCall {
    /** {@code GET /runtime/invocation/next}. */
    NEXT,
    /** {@code POST /runtime/invocation/{id}/response}. */
    RESPONSE,
    /** {@code POST /runtime/invocation/{id}/error}. */
    ERROR,
    /** {@code POST /runtime/init/error}. */
    INIT_ERROR,
    /** {@code GET /runtime/restore/next}. */
    RESTORE_NEXT,
    /** {@code POST /runtime/restore/error}. */
    RESTORE_ERROR,
    /** {@code GET /ping}. */
    PING,
    /** A known path, another method. */
    WRONG_METHOD,
    /** Anything else. */
    UNKNOWN
}
