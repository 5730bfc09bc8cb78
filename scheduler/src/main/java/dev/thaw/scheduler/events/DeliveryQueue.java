package dev.thaw.scheduler.events;

import java.sql.SQLException;

/**
 * Messages that targets outside this server are owed: sent, tried again with the backoff of throttles for an hour, then
 * counted as failed.
 *
 * <p>Threading: that of its {@link EventQueue}.
 */
final class DeliveryQueue {
    static final int MAX_IN_FLIGHT = 32;
    private static final long NEVER_TOO_OLD_MS = Long.MAX_VALUE / 2;

    private final EventQueue.Ports ports;
    private final EventStore store;
    private final PendingChanges changes;
    private final EventCounters counters;
    private final EventQueue.Later later;
    private final EventSchedule schedule = new EventSchedule(MAX_IN_FLIGHT);
    private long bytes;

    DeliveryQueue(
            EventQueue.Ports ports,
            EventStore store,
            PendingChanges changes,
            EventCounters counters,
            EventQueue.Later later) {
        this.ports = ports;
        this.store = store;
        this.changes = changes;
        this.counters = counters;
        this.later = later;
    }

    /** Takes up what an earlier process left. */
    void resume(EventEntry entry, long nowMs) {
        bytes += entry.bytes;
        schedule.add(entry, nowMs);
    }

    int size() {
        return schedule.size() + schedule.inFlight();
    }

    boolean isIdle() {
        return schedule.inFlight() == 0;
    }

    /** Of what waits. */
    long bytes() {
        return bytes;
    }

    long nextDueMs() {
        return schedule.nextDueMs(target -> NEVER_TOO_OLD_MS);
    }

    /** The change by which a delivery begins to be owed. */
    PendingChanges.Change owe(Delivery delivery, long nowMs) {
        bytes += delivery.body().length;
        return new Debt(delivery, nowMs);
    }

    /** Counts a delivery that will never be made. */
    void lose(Delivery delivery, String problem) {
        counters.notDelivered(delivery.kind(), delivery.functionArn());
        ports.faults()
                .accept("request " + delivery.requestId() + " of " + delivery.functionArn() + ": not delivered to "
                        + delivery.target() + ": " + problem);
    }

    /** Sends what is due. */
    void start(long nowMs) {
        for (EventEntry entry = schedule.poll(nowMs); entry != null; entry = schedule.poll(nowMs)) {
            try {
                send(entry, store.readDelivery(entry.id));
            } catch (SQLException e) {
                ports.faults().accept("delivery to " + entry.lane + " cannot be read: " + e.getMessage());
                schedule.finished(entry);
                entry.dueMs = nowMs + RetryPolicy.MAX_BACKOFF_MS;
                schedule.add(entry, nowMs);
            }
        }
    }

    private void send(EventEntry entry, Delivery delivery) {
        ports.sender().send(delivery, sent -> later.run(nowMs -> onSent(entry, delivery, sent, nowMs)));
    }

    private void onSent(EventEntry entry, Delivery delivery, TargetSender.Sent sent, long nowMs) {
        schedule.finished(entry);
        switch (sent) {
            case TargetSender.Sent.Done done -> end(entry, nowMs);
            case TargetSender.Sent.Failed failed
            when failed.lasting() || nowMs - entry.acceptedMs >= RetryPolicy.DELIVERY_AGE_MS -> {
                lose(delivery, failed.problem());
                end(entry, nowMs);
            }
            case TargetSender.Sent.Failed failed -> postpone(entry, nowMs);
        }
    }

    private void postpone(EventEntry entry, long nowMs) {
        entry.refusals++;
        entry.dueMs = nowMs + RetryPolicy.backoffMs(entry.refusals);
        int refusals = entry.refusals;
        long dueMs = entry.dueMs;
        changes.put(
                PendingChanges.ofDelivery(entry.id), () -> store.postponeDelivery(entry.id, refusals, dueMs), nowMs);
        schedule.add(entry, nowMs);
    }

    private void end(EventEntry entry, long nowMs) {
        bytes -= entry.bytes;
        changes.put(PendingChanges.ofDelivery(entry.id), () -> store.removeDelivery(entry.id), nowMs);
    }

    /** A delivery that begins to be owed. */
    private final class Debt implements PendingChanges.Change {
        private final Delivery delivery;
        private final long nowMs;
        private long id;

        private Debt(Delivery delivery, long nowMs) {
            this.delivery = delivery;
            this.nowMs = nowMs;
        }

        @Override
        public void write() throws SQLException {
            id = store.insert(delivery, nowMs);
        }

        @Override
        public void written() {
            schedule.add(new EventEntry(id, delivery.target(), nowMs, delivery.body().length, nowMs), nowMs);
        }
    }
}
