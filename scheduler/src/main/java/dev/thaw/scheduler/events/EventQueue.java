package dev.thaw.scheduler.events;

import dev.thaw.results.live.EventBacklog;
import dev.thaw.scheduler.events.AttemptResult.Ended;
import dev.thaw.scheduler.events.AttemptResult.Ran;
import dev.thaw.scheduler.events.AttemptResult.Recursive;
import dev.thaw.scheduler.events.AttemptResult.Refused;
import dev.thaw.scheduler.events.DestinationRecord.Condition;
import dev.thaw.scheduler.functions.FunctionReference;
import dev.thaw.scheduler.functions.Lineage;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The queue's decisions and their order: events are accepted once they are committed, started in the order of
 * {@link EventSchedule}, tried again as {@link RetryPolicy} says, and end in one commit with what their targets are
 * owed. Nothing leaves the store before it has ended; so a kill at any moment loses nothing, and may repeat something.
 *
 * <p>Threading: one thread. What others tell it comes through {@code later}, as tasks for this thread.
 */
final class EventQueue {
    /** What happens outside. */
    record Ports(EventInvoker invoker, EventSettings.Source settings, TargetSender sender, Consumer<String> faults) {}

    /** Runs a task on this thread, with the time it is then. */
    interface Later {
        void run(Task task);
    }

    /** Something that was told to this thread. */
    @FunctionalInterface
    interface Task {
        void run(long nowMs);
    }

    private final EventsConfig config;
    private final Ports ports;
    private final EventStore store;
    private final PendingChanges changes;
    private final Later later;
    private final EventSchedule events;
    private final DeliveryQueue deliveries;
    private final EventCounters counters;
    private final SplittableRandom duplicates;

    private long storedBytes;
    private boolean stopped;

    EventQueue(EventsConfig config, Ports ports, EventStore store, EventCounters counters, Later later) {
        this.config = config;
        this.ports = ports;
        this.store = store;
        this.counters = counters;
        this.later = later;
        changes = new PendingChanges(store, ports.faults);
        events = new EventSchedule(config.maxInFlight());
        deliveries = new DeliveryQueue(ports, store, changes, counters, later);
        duplicates = new SplittableRandom(config.duplicateSeed());
    }

    /** Takes up what an earlier process left. */
    void load(long nowMs) throws SQLException {
        store.load(entry -> resume(entry, nowMs), entry -> deliveries.resume(entry, nowMs));
    }

    private void resume(EventEntry entry, long nowMs) {
        storedBytes += entry.bytes;
        events.add(entry, nowMs);
    }

    /** How many events and deliveries are stored or under way. */
    int size() {
        return events.size() + events.inFlight() + deliveries.size();
    }

    /** What is accepted and has not ended; what no commit holds yet is not among it. */
    EventBacklog backlog(long nowMs) {
        long oldestMs = events.oldestAcceptedMs();
        return new EventBacklog(
                events.size(),
                events.inFlight(),
                deliveries.size(),
                oldestMs == EventSchedule.NEVER ? -1 : Math.max(0, nowMs - oldestMs));
    }

    /** Starts nothing more. */
    void stop() {
        stopped = true;
    }

    boolean isIdle() {
        return events.inFlight() == 0 && deliveries.isIdle();
    }

    // --- intake

    void accept(FunctionEvent event, EventIntake.Receipt receipt, long nowMs) {
        if (stopped) {
            receipt.onReceipt(EventIntake.Acceptance.ENDED);
        } else if (changes.isBroken()) {
            receipt.onReceipt(EventIntake.Acceptance.STORE_FAILED);
        } else if (size() + changes.newEvents() >= config.maxEvents()
                || storedBytes + deliveries.bytes() + event.payload().length > config.maxBytes()) {
            receipt.onReceipt(EventIntake.Acceptance.QUEUE_FULL);
        } else {
            storedBytes += event.payload().length;
            changes.add(new Acceptance(event, receipt, nowMs));
        }
    }

    /** An event that its client waits for. */
    private final class Acceptance implements PendingChanges.Change {
        private final FunctionEvent event;
        private final EventIntake.@Nullable Receipt receipt;
        private final long nowMs;
        private long id;

        private Acceptance(FunctionEvent event, EventIntake.@Nullable Receipt receipt, long nowMs) {
            this.event = event;
            this.receipt = receipt;
            this.nowMs = nowMs;
        }

        @Override
        public void write() throws SQLException {
            id = store.insert(event, nowMs);
        }

        @Override
        public void written() {
            counters.of(event.functionArn()).received.incrementAndGet();
            events.add(new EventEntry(id, event.functionArn(), nowMs, event.payload().length, nowMs), nowMs);
            tell(EventIntake.Acceptance.STORED);
        }

        @Override
        public void refused() {
            storedBytes -= event.payload().length;
            tell(EventIntake.Acceptance.STORE_FAILED);
        }

        private void tell(EventIntake.Acceptance acceptance) {
            if (receipt != null) {
                receipt.onReceipt(acceptance);
            }
        }
    }

    // --- one turn

    /** Commits what is due, starts what may start. Returns when to be called again where nothing is told before. */
    long turn(long nowMs) {
        changes.commit(nowMs, stopped);
        if (stopped || changes.isBroken()) {
            return changes.nextCommitMs();
        }
        startEvents(nowMs);
        deliveries.start(nowMs);
        long dueMs = Math.min(events.nextDueMs(this::maxAgeMs), deliveries.nextDueMs());
        return Math.min(changes.nextCommitMs(), dueMs);
    }

    private long maxAgeMs(String functionArn) {
        return ports.settings.settingsOf(functionArn).maxAgeMs();
    }

    private void startEvents(long nowMs) {
        for (EventEntry entry = events.poll(nowMs); entry != null; entry = events.poll(nowMs)) {
            FunctionEvent event = read(entry, nowMs);
            if (event == null) {
                events.finished(entry);
            } else {
                start(entry, event, nowMs);
            }
        }
        EventEntry expired = events.pollExpired(nowMs, this::maxAgeMs);
        for (; expired != null; expired = events.pollExpired(nowMs, this::maxAgeMs)) {
            FunctionEvent event = read(expired, nowMs);
            if (event != null) {
                end(expired, event, Condition.EVENT_AGE_EXCEEDED, null, nowMs);
            }
        }
    }

    /** The event of an entry; null where it cannot be read now, and is due again later. */
    private @Nullable FunctionEvent read(EventEntry entry, long nowMs) {
        try {
            return store.read(entry.id);
        } catch (SQLException e) {
            ports.faults.accept("event for " + entry.lane + " cannot be read: " + e.getMessage());
            entry.dueMs = nowMs + RetryPolicy.MAX_BACKOFF_MS;
            events.add(entry, nowMs);
            return null;
        }
    }

    private void start(EventEntry entry, FunctionEvent event, long nowMs) {
        EventSettings settings = ports.settings.settingsOf(entry.lane);
        if (settings.switchedOff() || nowMs - entry.acceptedMs >= settings.maxAgeMs()) {
            events.finished(entry);
            Condition why = settings.switchedOff() ? Condition.ZERO_RESERVED_CONCURRENCY : Condition.EVENT_AGE_EXCEEDED;
            end(entry, event, why, null, nowMs);
            return;
        }
        entry.attempts++;
        changes.put(entry.id, () -> store.putAttempts(entry.id, entry.attempts, entry.refusals, entry.dueMs), nowMs);
        countStart(entry, nowMs);
        Consumer<AttemptResult> told = result -> later.run(thenMs -> onResult(entry, event, result, thenMs));
        try {
            ports.invoker.invoke(event, told);
        } catch (RuntimeException e) {
            ports.faults.accept("internal fault: " + entry.lane + " was not invoked: " + e);
            told.accept(new Refused(500, "internal fault"));
        }
    }

    private void countStart(EventEntry entry, long nowMs) {
        EventCounters.Counts counts = counters.of(entry.lane);
        long ageMs = Math.max(0, nowMs - entry.acceptedMs);
        counts.attempts.incrementAndGet();
        counts.ageSumMs.addAndGet(ageMs);
        counts.ageMaxMs.accumulateAndGet(ageMs, Math::max);
    }

    // --- what became of an attempt

    private void onResult(EventEntry entry, FunctionEvent event, AttemptResult result, long nowMs) {
        events.finished(entry);
        switch (result) {
            case Ran ran when ran.failed() -> onFunctionError(entry, event, ran, nowMs);
            case Ran ran -> onSuccess(entry, event, ran, nowMs);
            case Refused refused -> onRefused(entry, event, nowMs);
            case Recursive recursive -> {
                entry.attempts--;
                end(entry, event, Condition.RECURSIVE_INVOCATION, null, nowMs);
            }
            case Ended ended -> onEnded(entry, nowMs);
        }
    }

    private void onSuccess(EventEntry entry, FunctionEvent event, Ran ran, long nowMs) {
        if (entry.attempts == 1 && config.duplicateRate() > 0 && duplicates.nextDouble() < config.duplicateRate()) {
            again(entry, nowMs, nowMs);
        } else {
            end(entry, event, Condition.SUCCESS, ran, nowMs);
        }
    }

    /** An event that would be too old for its next attempt ends now: nobody waits for nothing. */
    private void onFunctionError(EventEntry entry, FunctionEvent event, Ran ran, long nowMs) {
        EventSettings settings = ports.settings.settingsOf(entry.lane);
        long waitMs = RetryPolicy.afterFunctionErrorMs(entry.attempts, settings.maxRetries());
        if (waitMs == RetryPolicy.EXHAUSTED) {
            end(entry, event, Condition.RETRIES_EXHAUSTED, ran, nowMs);
        } else if (nowMs + waitMs - entry.acceptedMs >= settings.maxAgeMs()) {
            end(entry, event, Condition.EVENT_AGE_EXCEEDED, ran, nowMs);
        } else {
            entry.refusals = 0;
            again(entry, nowMs + waitMs, nowMs);
        }
    }

    /** Was not called: the attempt does not count. Due again at the event's largest age at the latest, to end then. */
    private void onRefused(EventEntry entry, FunctionEvent event, long nowMs) {
        entry.attempts--;
        entry.refusals++;
        EventSettings settings = ports.settings.settingsOf(entry.lane);
        if (settings.switchedOff()) {
            end(entry, event, Condition.ZERO_RESERVED_CONCURRENCY, null, nowMs);
            return;
        }
        long lastMs = entry.acceptedMs + settings.maxAgeMs();
        again(entry, Math.min(nowMs + RetryPolicy.backoffMs(entry.refusals), lastMs), nowMs);
    }

    private void onEnded(EventEntry entry, long nowMs) {
        entry.attempts--;
        again(entry, nowMs, nowMs);
    }

    private void again(EventEntry entry, long dueMs, long nowMs) {
        entry.dueMs = dueMs;
        changes.put(entry.id, () -> store.putAttempts(entry.id, entry.attempts, entry.refusals, dueMs), nowMs);
        events.add(entry, nowMs);
    }

    // --- the end of an event

    private void end(EventEntry entry, FunctionEvent event, Condition condition, @Nullable Ran last, long nowMs) {
        List<PendingChanges.Change> owed = new ArrayList<>();
        EventSettings settings = ports.settings.settingsOf(entry.lane);
        boolean success = condition == Condition.SUCCESS;
        String traceId = last == null ? event.traceId() : Lineage.through(event.traceId(), nameOf(entry.lane));
        String destination = success ? settings.onSuccess() : settings.onFailure();
        if (destination != null) {
            byte[] message = DestinationRecord.write(event, condition, entry.attempts, last, nowMs);
            Delivery.Kind kind = success ? Delivery.Kind.SUCCESS : Delivery.Kind.FAILURE;
            Delivery delivery =
                    Delivery.of(kind, event, destination, message, last).tracedBy(traceId);
            if (condition == Condition.RECURSIVE_INVOCATION && isOfChain(destination, traceId)) {
                deliveries.lose(delivery, "it is a function of the loop that was ended");
            } else {
                owe(owed, delivery, nowMs);
            }
        }
        String deadLetterTarget = settings.deadLetterTarget();
        if (!success && deadLetterTarget != null) {
            Delivery.Kind kind = Delivery.Kind.DEAD_LETTER;
            owe(
                    owed,
                    Delivery.of(kind, event, deadLetterTarget, event.payload(), last)
                            .tracedBy(traceId),
                    nowMs);
        }
        if (!success) {
            counters.of(entry.lane).dropped.incrementAndGet();
        }
        storedBytes -= entry.bytes;
        changes.put(entry.id, new End(entry.id, owed), nowMs);
    }

    /** Whether the target is a function that has run in the chain: what a loop's end is told must not be the loop. */
    private static boolean isOfChain(String target, String traceId) {
        return Target.of(target) instanceof Target.Function function
                && Lineage.count(traceId, nameOf(function.arn())) > 0;
    }

    private static String nameOf(String functionArn) {
        FunctionReference reference = FunctionReference.parse(functionArn);
        return reference == null ? functionArn : reference.name();
    }

    private void owe(List<PendingChanges.Change> owed, Delivery delivery, long nowMs) {
        int bytes = delivery.body().length;
        switch (Target.of(delivery.target())) {
            case Target.Unusable unusable -> deliveries.lose(delivery, unusable.problem());
            case Target.Function function
            when bytes > FunctionEvent.MAX_PAYLOAD_BYTES ->
                deliveries.lose(delivery, bytes + " bytes, must be at most " + FunctionEvent.MAX_PAYLOAD_BYTES);
            case Target.Function function
            when !ports.invoker.knows(function.arn()) -> deliveries.lose(delivery, "no such function");
            case Target.Function function -> {
                storedBytes += bytes;
                String requestId = UUID.randomUUID().toString();
                FunctionEvent event =
                        new FunctionEvent(requestId, function.arn(), delivery.traceId(), null, delivery.body());
                owed.add(new Acceptance(event, null, nowMs));
            }
            default -> owed.add(deliveries.owe(delivery, nowMs));
        }
    }

    /** The event goes, and what its targets are owed comes, in one commit. */
    private final class End implements PendingChanges.Change {
        private final long id;
        private final List<PendingChanges.Change> owed;

        private End(long id, List<PendingChanges.Change> owed) {
            this.id = id;
            this.owed = owed;
        }

        @Override
        public void write() throws SQLException {
            store.remove(id);
            for (PendingChanges.Change each : owed) {
                each.write();
            }
        }

        @Override
        public void written() {
            owed.forEach(PendingChanges.Change::written);
        }
    }
}
