package dev.thaw.scheduler.frontend;

import dev.thaw.scheduler.core.HotPath;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Bytes that request bodies of all connections may hold together, so that clients cannot use up the direct memory.
 * Counts bodies that come in several pieces, from their first piece until their last owner has released them; one that
 * comes whole in one read is small and at once the scheduler's, whose concurrency bounds it.
 *
 * <p>Threading: safe on any thread.
 */
final class BodyBudget {
    private final long boundBytes;
    private final AtomicLong heldBytes = new AtomicLong();

    BodyBudget(long boundBytes) {
        this.boundBytes = boundBytes;
    }

    /** False where so many bytes more would exceed the bound; nothing is taken then. */
    @HotPath
    boolean take(int bytes) {
        if (heldBytes.addAndGet(bytes) <= boundBytes) {
            return true;
        }
        heldBytes.addAndGet(-bytes);
        return false;
    }

    @HotPath
    void giveBack(long bytes) {
        heldBytes.addAndGet(-bytes);
    }

    long boundBytes() {
        return boundBytes;
    }

    long heldBytes() {
        return heldBytes.get();
    }
}
