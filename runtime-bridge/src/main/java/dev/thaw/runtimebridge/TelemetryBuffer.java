package dev.thaw.runtimebridge;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * Events that wait to be sent, batched by number, bytes and time. Holds two batches at most; what comes beyond is
 * dropped and counted, and the next batch begins with a record that says so. Time is an argument.
 *
 * <p>Threading: not safe; its subscriber guards it.
 */
final class TelemetryBuffer {
    static final String SLOW =
            "Some logs were dropped because the downstream consumer is slower than the logs production rate";
    /** Brackets around a batch and a comma or line feed behind each event. */
    private static final int SEPARATOR_BYTES = 1;

    private static final long NS_PER_MS = 1_000_000;

    private final int maxItems;
    private final int maxBytes;
    private final long timeoutNs;
    private final ArrayDeque<byte[]> events = new ArrayDeque<>();
    private long bytes;
    private boolean due;
    private long dueNs;
    private long lastTakenNs;
    private boolean taken;

    private long droppedBytes;
    private long droppedRecords;
    private String dropReason = SLOW;

    TelemetryBuffer(TelemetrySubscription subscription) {
        maxItems = subscription.maxItems();
        maxBytes = subscription.maxBytes();
        timeoutNs = subscription.timeoutMs() * NS_PER_MS;
    }

    boolean isEmpty() {
        return events.isEmpty() && droppedRecords == 0;
    }

    /** Returns false where there was no room. */
    boolean add(byte[] event, long nowNs) {
        if (events.size() >= 2 * maxItems || bytes + event.length + SEPARATOR_BYTES > 2L * maxBytes) {
            drop(event.length, 1, SLOW);
            return false;
        }
        if (events.isEmpty()) {
            due(nowNs + timeoutNs);
        }
        events.add(event);
        bytes += event.length + SEPARATOR_BYTES;
        return true;
    }

    /** Counts what was lost here or elsewhere. */
    void drop(long lostBytes, long lostRecords, String reason) {
        droppedBytes += lostBytes;
        droppedRecords += lostRecords;
        dropReason = reason;
    }

    private void due(long atNs) {
        due = true;
        dueNs = atNs;
    }

    /** What is there need not wait for its time: a batch leaves as soon as one may, one in each {@code timeoutMs}. */
    void flush(long nowNs) {
        long atNs = taken && lastTakenNs + timeoutNs - nowNs > 0 ? lastTakenNs + timeoutNs : nowNs;
        if (!isEmpty() && (!due || atNs - dueNs < 0)) {
            due(atNs);
        }
    }

    /** What is there leaves at once. */
    void flushNow(long nowNs) {
        if (!isEmpty()) {
            due(nowNs);
        }
    }

    private boolean isFull() {
        return events.size() >= maxItems || bytes >= maxBytes;
    }

    /** How long until {@link #take} has something; 0 where it has now, -1 where there is nothing to wait for. */
    long waitNs(long nowNs) {
        if (isEmpty() || !due) {
            return -1;
        }
        return isFull() ? 0 : Math.max(0, dueNs - nowNs);
    }

    /** The next batch, or none where none is due. */
    List<byte[]> take(long nowNs, long epochMs) {
        if (waitNs(nowNs) != 0) {
            return List.of();
        }
        List<byte[]> batch = new ArrayList<>();
        long batchBytes = 2;
        if (droppedRecords > 0) {
            byte[] note = TelemetryEvents.logsDropped(epochMs, droppedBytes, droppedRecords, dropReason)
                    .json();
            batch.add(note);
            batchBytes += note.length + SEPARATOR_BYTES;
            droppedBytes = 0;
            droppedRecords = 0;
        }
        while (!events.isEmpty() && batch.size() < maxItems && fits(batchBytes, batch)) {
            byte[] event = events.remove();
            bytes -= event.length + SEPARATOR_BYTES;
            batchBytes += event.length + SEPARATOR_BYTES;
            batch.add(event);
        }
        taken = true;
        lastTakenNs = nowNs;
        due = false;
        if (!events.isEmpty()) {
            due(nowNs + timeoutNs);
        }
        return batch;
    }

    private boolean fits(long batchBytes, List<byte[]> batch) {
        byte[] next = events.getFirst();
        return batch.isEmpty() || batchBytes + next.length + SEPARATOR_BYTES <= maxBytes;
    }

    /** As the body of an HTTP request, or as lines. */
    static byte[] join(List<byte[]> batch, boolean asArray) {
        int total = asArray ? 1 + Math.max(1, batch.size()) : batch.size();
        for (byte[] event : batch) {
            total += event.length;
        }
        ByteBuffer out = ByteBuffer.allocate(total);
        if (asArray) {
            out.put((byte) '[');
        }
        for (int i = 0; i < batch.size(); i++) {
            if (asArray && i > 0) {
                out.put((byte) ',');
            }
            out.put(batch.get(i));
            if (!asArray) {
                out.put((byte) '\n');
            }
        }
        if (asArray) {
            out.put((byte) ']');
        }
        return out.array();
    }
}
