package dev.thaw.scheduler.events;

import dev.thaw.results.live.EventBacklog;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.agrona.concurrent.EpochClock;
import org.jspecify.annotations.Nullable;

/**
 * The queue of asynchronous invocations with its thread, {@code thaw-events}: takes what it is told in batches, commits
 * each batch once, and starts what is due.
 *
 * <p>Threading: made, started and closed by one thread; {@link #accept}, {@link #counters} and
 * {@link #backlog} are safe on any.
 */
public final class AsyncEvents implements EventIntake, AutoCloseable {
    /** Of the store, inside the folder of a server's state. */
    public static final String FILE_NAME = "events.db";

    /** Rows and pages that are not full take their share of the file. */
    private static final int STORE_BYTES_FOR_EACH = 4;

    private static final int MAX_BATCH = 4_096;
    private static final long MAX_WAIT_MS = 60_000;
    private static final long CLOSE_BOUND_MS = 5_000;

    /**
     * What events stand on.
     *
     * @param faults told, in one line each, of what is lost, refused or broken
     */
    public record Ports(
            EventInvoker invoker,
            EventSettings.Source settings,
            TargetEndpoints endpoints,
            EpochClock clock,
            Consumer<String> faults) {}

    private final LinkedBlockingQueue<EventQueue.Task> inbox = new LinkedBlockingQueue<>();
    private final AtomicLong unstoredBytes = new AtomicLong();
    private final EventCounters counters = new EventCounters();
    private final long maxUnstoredBytes;
    private final Ports ports;
    private final EventStore store;
    private final Targets targets;
    private final EventQueue queue;
    private final Thread thread;
    private volatile boolean ended;

    /** Opens the store in this file and takes up what it holds; nothing runs before {@link #start}. */
    public static AsyncEvents open(Path file, EventsConfig config, Ports ports) throws IOException {
        long nowMs = ports.clock.time();
        EventStore store = EventStore.open(file, nowMs, ports.faults);
        try {
            store.limitBytes(config.maxBytes() * STORE_BYTES_FOR_EACH);
            AsyncEvents events = new AsyncEvents(config, ports, store);
            events.queue.load(nowMs);
            return events;
        } catch (SQLException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    private AsyncEvents(EventsConfig config, Ports ports, EventStore store) {
        this.ports = ports;
        this.store = store;
        maxUnstoredBytes = config.maxUnstoredBytes();
        targets = new Targets(ports.endpoints);
        EventQueue.Ports outside = new EventQueue.Ports(ports.invoker, ports.settings, targets, ports.faults);
        queue = new EventQueue(config, outside, store, counters, inbox::add);
        thread = Thread.ofPlatform().name("thaw-events").daemon().unstarted(this::run);
    }

    /** Starts to invoke what waits. */
    public void start() {
        thread.start();
    }

    @Override
    public void accept(FunctionEvent event, Receipt receipt) {
        long bytes = event.payload().length;
        if (ended) {
            receipt.onReceipt(Acceptance.ENDED);
        } else if (unstoredBytes.addAndGet(bytes) > maxUnstoredBytes) {
            unstoredBytes.addAndGet(-bytes);
            receipt.onReceipt(Acceptance.QUEUE_FULL);
        } else {
            inbox.add(nowMs -> queue.accept(
                    event,
                    acceptance -> {
                        unstoredBytes.addAndGet(-bytes);
                        receipt.onReceipt(acceptance);
                    },
                    nowMs));
        }
    }

    public EventCounters counters() {
        return counters;
    }

    /** What waits now, told by the events' thread; never where that has ended or was not started. */
    public CompletableFuture<EventBacklog> backlog() {
        CompletableFuture<EventBacklog> answer = new CompletableFuture<>();
        inbox.add(nowMs -> answer.complete(queue.backlog(nowMs)));
        return answer;
    }

    /** Starts nothing more and refuses new events; what is under way may end. */
    public void stop() {
        ended = true;
        inbox.add(nowMs -> queue.stop());
    }

    /**
     * Commits what has ended, waits some seconds for what is under way, and closes the store. What is left runs when it
     * is opened again.
     */
    @Override
    public void close() {
        stop();
        try {
            thread.join(CLOSE_BOUND_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        thread.interrupt();
        if (thread.getState() == Thread.State.NEW) {
            closeStore();
        }
        targets.close();
    }

    private void run() {
        List<EventQueue.Task> batch = new ArrayList<>();
        try {
            long nextMs = 0;
            while (!ended || !queue.isIdle() || !inbox.isEmpty()) {
                take(batch, nextMs);
                long nowMs = ports.clock.time();
                for (EventQueue.Task task : batch) {
                    run(task, nowMs);
                }
                batch.clear();
                nextMs = turn(nowMs);
            }
        } catch (InterruptedException e) {
            ended = true; // the end could not wait any longer: what is under way runs again
        } finally {
            queue.stop();
            turn(ports.clock.time());
            closeStore();
        }
    }

    /** A fault of one turn does not end the thread. */
    private long turn(long nowMs) {
        try {
            return queue.turn(nowMs);
        } catch (RuntimeException e) {
            ports.faults.accept("internal fault in asynchronous events: " + e);
            return nowMs + PendingChanges.BROKEN_RETRY_MS;
        }
    }

    /** A fault of one task is no other's. */
    private void run(EventQueue.Task task, long nowMs) {
        try {
            task.run(nowMs);
        } catch (RuntimeException e) {
            ports.faults.accept("internal fault in asynchronous events: " + e);
        }
    }

    private void closeStore() {
        try {
            store.close();
        } catch (SQLException e) {
            ports.faults.accept("events' store cannot be closed: " + e.getMessage());
        }
    }

    private void take(List<EventQueue.Task> batch, long nextMs) throws InterruptedException {
        long waitMs = Math.min(MAX_WAIT_MS, nextMs - ports.clock.time());
        EventQueue.@Nullable Task first = waitMs > 0 ? inbox.poll(waitMs, TimeUnit.MILLISECONDS) : inbox.poll();
        if (first != null) {
            batch.add(first);
            inbox.drainTo(batch, MAX_BATCH);
        }
    }
}
