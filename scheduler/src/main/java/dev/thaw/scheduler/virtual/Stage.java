package dev.thaw.scheduler.virtual;

/** What happens to an environment next. */
enum Stage {
    CREATED,
    CREATE_FAILED,
    CONNECTED,
    /** By its host's snapshot: nothing of init is left. */
    CONNECTED_AGAIN,
    INITIALIZED,
    INIT_FAILED,
    THAWED,
    INITIALIZED_AGAIN,
    INIT_FAILED_AGAIN,
    RESPONSE,
    ERROR,
    EXIT,
    OVERHANG_OVER,
    RESET,
    DESTROYED;

    /** What is under way until then is an init of its own. */
    boolean isInit() {
        return this == CONNECTED || this == CONNECTED_AGAIN || this == INITIALIZED || this == INIT_FAILED;
    }
}
