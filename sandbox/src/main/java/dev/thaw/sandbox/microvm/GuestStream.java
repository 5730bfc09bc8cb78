package dev.thaw.sandbox.microvm;

import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** One numbered stream of a guest, as this side knows it. The {@link StreamTable} moves its bytes. */
final class GuestStream {
    enum Kind {
        FREE,
        /** Waits for the guest's word on its connection. */
        CONNECTING,
        CONNECTION,
        OUTPUT
    }

    final int number;
    Kind kind = Kind.FREE;
    /** -1 once this side's end is gone. */
    int fd = -1;

    int interest;
    /** What the guest still takes. */
    int credit;
    /** What the guest may still send. */
    int allowed;
    /** What was taken of it and not yet said. */
    int taken;

    boolean sentClose;
    boolean gotClose;
    /** What the descriptor does not take yet, or null. */
    @Nullable
    StreamRing pending;

    /** While connecting: who asked, and the end that is theirs. */
    @Nullable
    IntConsumer connected;

    int theirFd = -1;

    GuestStream(int number) {
        this.number = number;
    }

    void open(Kind opened, int descriptor) {
        kind = opened;
        fd = descriptor;
        interest = 0;
        credit = Frames.WINDOW_BYTES;
        allowed = Frames.WINDOW_BYTES;
        taken = 0;
        sentClose = false;
        gotClose = false;
    }

    boolean isFree() {
        return kind == Kind.FREE;
    }

    boolean hasPending() {
        return pending != null;
    }

    /** Nothing can come or go any more. */
    boolean isOver() {
        return sentClose && gotClose && (fd < 0 || pending == null);
    }
}
