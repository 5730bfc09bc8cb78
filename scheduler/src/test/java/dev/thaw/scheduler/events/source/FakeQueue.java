package dev.thaw.scheduler.events.source;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.agrona.concurrent.CachedEpochClock;

/** A queue of which each receive takes no time where there are messages, and all that it may where there are none. */
final class FakeQueue implements QueueSource {
    final Deque<SourceItem> visible = new ArrayDeque<>();
    final List<SourceItem> hidden = new ArrayList<>();
    final List<SourceItem> deleted = new ArrayList<>();
    final List<Integer> waits = new ArrayList<>();
    boolean broken;
    private final CachedEpochClock clock;

    FakeQueue(CachedEpochClock clock) {
        this.clock = clock;
    }

    @Override
    public List<SourceItem> receive(int maxMessages, int waitSec) throws IOException {
        if (broken) {
            throw new IOException("ReceiveMessage: no such queue");
        }
        waits.add(waitSec);
        List<SourceItem> received = new ArrayList<>();
        while (received.size() < maxMessages && !visible.isEmpty()) {
            received.add(visible.remove());
        }
        if (received.isEmpty()) {
            clock.update(clock.time() + waitSec * 1000L);
        }
        hidden.addAll(received);
        return received;
    }

    @Override
    public void delete(List<SourceItem> items) {
        hidden.removeAll(items);
        deleted.addAll(items);
    }

    @Override
    public void giveBack(List<SourceItem> items) {
        hidden.removeAll(items);
        visible.addAll(items);
    }
}
