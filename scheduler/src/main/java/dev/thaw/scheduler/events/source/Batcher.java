package dev.thaw.scheduler.events.source;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/**
 * Collects items into batches: one is due once it has as many items as it may, the next would make its event larger than
 * 6 MB, or its first item has waited for the batching window (contract.md section 18, "ESM batching"). Pure: time is an
 * argument.
 */
final class Batcher {
    /** Of a function's event, records and what is around them. */
    static final int MAX_EVENT_BYTES = 6 << 20;

    /** No batch is being collected. */
    static final long NOTHING_DUE = Long.MAX_VALUE;

    private static final int ENVELOPE_BYTES = 1024;
    private static final int SEPARATOR_BYTES = 1;

    private final int maxItems;
    private final long windowMs;
    private final Deque<Waiting> waiting = new ArrayDeque<>();

    private record Waiting(SourceItem item, long sinceMs) {}

    Batcher(int maxItems, long windowMs) {
        this.maxItems = maxItems;
        this.windowMs = windowMs;
    }

    void add(SourceItem item, long nowMs) {
        waiting.add(new Waiting(item, nowMs));
    }

    /** Items that the batch being collected still takes. */
    int room() {
        return Math.max(0, maxItems - waiting.size());
    }

    /** When the batch being collected is due at the latest. */
    long dueMs() {
        Waiting first = waiting.peek();
        return first == null ? NOTHING_DUE : first.sinceMs + windowMs;
    }

    /** Takes the batch that is due; empty where none is. */
    List<SourceItem> poll(long nowMs) {
        int items = fitting();
        boolean full = items == maxItems || items < waiting.size();
        if (items == 0 || !(full || nowMs >= dueMs())) {
            return List.of();
        }
        List<SourceItem> batch = new ArrayList<>(items);
        for (int i = 0; i < items; i++) {
            batch.add(waiting.remove().item);
        }
        return batch;
    }

    /** Takes everything, due or not. */
    List<SourceItem> drain() {
        List<SourceItem> rest = waiting.stream().map(Waiting::item).toList();
        waiting.clear();
        return rest;
    }

    /** How many of the first make one event; one at least, however large it is. */
    private int fitting() {
        long bytes = ENVELOPE_BYTES;
        int items = 0;
        Iterator<Waiting> next = waiting.iterator();
        while (items < maxItems && next.hasNext()) {
            bytes += next.next().item.json().length + SEPARATOR_BYTES;
            if (items > 0 && bytes > MAX_EVENT_BYTES) {
                return items;
            }
            items++;
        }
        return items;
    }
}
