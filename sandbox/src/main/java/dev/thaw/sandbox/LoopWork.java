package dev.thaw.sandbox;

/**
 * Work of a backend that comes in small pieces and never waits, so that an event loop can do it in place of a thread of
 * the backend's: where that loop is also who asks and who hears the answer, each way costs one hand-off less.
 *
 * <p>Threading: all methods on the thread of the loop. Until {@link #take} and after {@link #giveBack} the backend does
 * it on a thread of its own.
 */
public interface LoopWork {
    /** A descriptor that is readable for as long as there is something to do. It stays the backend's. */
    int fd();

    /** From now on this thread does it. False where there is nothing to do any more. */
    boolean take();

    /** Does what there is to do now. False where the backend wants it back. */
    boolean run();

    /** The loop does it no more. */
    void giveBack();
}
