package dev.thaw.scheduler.virtual;

import org.jspecify.annotations.Nullable;

/** An environment of {@link PlainFleet}. */
final class PlainEnvironment {
    enum Doing {
        CREATE,
        INIT_RUNTIME,
        INIT_FUNCTION,
        RESET,
        READY,
        FROZEN,
        STOPPED,
        THAW,
        INIT_AGAIN,
        WORK,
        OVERHANG
    }

    int function;
    Doing doing = Doing.CREATE;
    /** When it began that, among all. */
    int doingOrder;
    /** Wall clock time left, or work left at full quota. */
    double left;

    boolean onCpu;
    long limitAt = Long.MAX_VALUE;
    long idleSince;
    int idleOrder;
    long expireAt;
    double priority;
    boolean served;
    long createdAt;
    long workSince;
    /** It was created for this one. */
    @Nullable
    PlainInvocation cause;

    @Nullable
    PlainInvocation serving;

    boolean cold;
    boolean again;

    boolean isIdle() {
        return doing == Doing.READY || doing == Doing.FROZEN || doing == Doing.STOPPED;
    }

    boolean isStart() {
        return switch (doing) {
            case CREATE, INIT_RUNTIME, INIT_FUNCTION, RESET -> true;
            default -> false;
        };
    }
}
