package dev.thaw.runtimebridge;

/** Where a runtime is in its protocol (wire.md W1). Keys are the names that the text of a 403 uses. */
enum RuntimeState {
    STARTED("Started"),
    INIT_ERROR("InitError"),
    /** Its hooks before a snapshot have run: it waits to be one. */
    CHECKPOINT("RestoreReady"),
    /** It was a snapshot; its hooks after that may run. */
    RESTORING("Restoring"),
    READY("Ready"),
    RUNNING("Running"),
    RESPONSE_SENT("ResponseSent"),
    TIMED_OUT("Timeout"),
    ENDED("Exited");

    final String key;

    RuntimeState(String key) {
        this.key = key;
    }

    /** Answers a call that would lead to {@code target}, which this state does not allow. */
    RuntimeRefusal refuse(String target) {
        return RuntimeRefusal.transition(key, target);
    }
}
