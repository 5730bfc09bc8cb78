package dev.thaw.scheduler.events.source;

import java.io.IOException;
import java.util.List;

/**
 * A queue whose messages stay until they are deleted; one that was received is hidden for a while.
 *
 * <p>Threading: safe on any thread; blocks.
 */
interface QueueSource {
    /** Most messages that one call receives or deletes. */
    int MAX_MESSAGES = 10;

    /** Waits for messages; empty where none came. */
    List<SourceItem> receive(int maxMessages, int waitSec) throws IOException, InterruptedException;

    void delete(List<SourceItem> items) throws IOException, InterruptedException;

    /** Shows them again at once. */
    void giveBack(List<SourceItem> items) throws IOException, InterruptedException;
}
