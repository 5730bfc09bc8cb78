package dev.thaw.scheduler.events;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Changes to the store that wait for the next commit: many events, one write to disk. New events are committed at once,
 * for somebody waits for them; what happened to stored ones rides along, or is committed by itself {@link #LAZY_MS}
 * later: until then a kill only repeats it. The last change of a row replaces earlier ones that still wait.
 *
 * <p>A commit that fails refuses the new events and is tried again with the rest.
 *
 * <p>Threading: none.
 */
final class PendingChanges {
    static final long LAZY_MS = 20;
    static final long BROKEN_RETRY_MS = 1_000;
    /** Nothing waits. */
    static final long NEVER = Long.MAX_VALUE;

    /** A change to the store, and what it means once it is durable. */
    @FunctionalInterface
    interface Change {
        void write() throws SQLException;

        default void written() {}

        /** A new event that could not be written. */
        default void refused() {}
    }

    private final EventStore store;
    private final Consumer<String> faults;
    private final List<Change> news = new ArrayList<>();
    private final Map<Long, Change> lazy = new LinkedHashMap<>();
    private long lazySinceMs;
    private long brokenUntilMs;
    private boolean broken;

    PendingChanges(EventStore store, Consumer<String> faults) {
        this.store = store;
        this.faults = faults;
    }

    /** The key of a delivery's row; an event's is its id. */
    static long ofDelivery(long deliveryId) {
        return -deliveryId;
    }

    /** A new event. */
    void add(Change change) {
        news.add(change);
    }

    /** What became of a stored row. */
    void put(long key, Change change, long nowMs) {
        if (lazy.isEmpty()) {
            lazySinceMs = nowMs;
        }
        lazy.put(key, change);
    }

    int newEvents() {
        return news.size();
    }

    /** The last commit failed. */
    boolean isBroken() {
        return broken;
    }

    /** When {@link #commit} will have something to do. */
    long nextCommitMs() {
        if (broken) {
            return brokenUntilMs;
        }
        return !news.isEmpty() ? 0 : lazy.isEmpty() ? NEVER : lazySinceMs + LAZY_MS;
    }

    /** Commits where that is due, or {@code now} asks for it. */
    void commit(long nowMs, boolean now) {
        if (nextCommitMs() > nowMs && !now) {
            return;
        }
        try {
            writeAll();
        } catch (SQLException e) {
            onFailure(e, nowMs);
        }
    }

    private void writeAll() throws SQLException {
        for (Change change : lazy.values()) {
            change.write();
        }
        for (Change change : news) {
            change.write();
        }
        store.commit();
        broken = false;
        List<Change> durable = new ArrayList<>(lazy.values());
        durable.addAll(news);
        lazy.clear();
        news.clear();
        durable.forEach(Change::written);
    }

    private void onFailure(SQLException e, long nowMs) {
        if (!broken) {
            faults.accept("events cannot be stored, new ones are refused: " + e.getMessage());
        }
        broken = true;
        brokenUntilMs = nowMs + BROKEN_RETRY_MS;
        try {
            store.rollback();
        } catch (SQLException again) {
            faults.accept("events' transaction cannot be undone: " + again.getMessage());
        }
        List<Change> refused = new ArrayList<>(news);
        news.clear();
        refused.forEach(Change::refused);
    }
}
