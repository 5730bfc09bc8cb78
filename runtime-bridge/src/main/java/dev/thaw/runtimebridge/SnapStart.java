package dev.thaw.runtimebridge;

/** What a run has to do with snapshots (contract.md sections 2.2 and 13). */
enum SnapStart {
    /** Nothing: it has no calls for them. */
    NONE,
    /** It is initialised to be made a snapshot of. */
    FOR_SNAPSHOT,
    /** It goes on from one. */
    RESTORED
}
