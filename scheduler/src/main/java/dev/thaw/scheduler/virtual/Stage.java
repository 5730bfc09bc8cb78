package dev.thaw.scheduler.virtual;

/** What happens to an environment next. */
enum Stage {
    CREATED,
    CREATE_FAILED,
    CONNECTED,
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
    DESTROYED
}
