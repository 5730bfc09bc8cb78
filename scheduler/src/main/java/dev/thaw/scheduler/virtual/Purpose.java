package dev.thaw.scheduler.virtual;

/** What a draw is for: each has a stream of its own. Only ever append: the order is part of every seed's results. */
enum Purpose {
    WORK,
    OVERHANG,
    FAULT,
    SUPPRESSED_RUNTIME,
    SUPPRESSED_FUNCTION,
    SUPPRESSED_FAULT,
    THAW,
    CREATE,
    CREATE_FAULT,
    INIT_RUNTIME,
    INIT_FUNCTION,
    INIT_FAULT,
    RESET,
    DESTROY,
    RESTORE,
    OVERHEAD,
    LISTENER,
    LOCAL
}
