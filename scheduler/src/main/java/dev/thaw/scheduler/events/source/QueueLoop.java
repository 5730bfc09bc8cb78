package dev.thaw.scheduler.events.source;

import dev.thaw.scheduler.events.AttemptResult;
import dev.thaw.scheduler.events.EventInvoker;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.agrona.concurrent.EpochClock;

/**
 * Reads a queue for one function: batches in, deletions out. A message whose function failed, was throttled, or named it
 * as failed stays in the queue, which shows it again when its visibility timeout is over.
 *
 * <p>Threading: {@link #turn} and {@link #end} on one thread; results arrive on any and are settled by the executor, which
 * may block.
 */
final class QueueLoop implements SourceLoop {
    static final String NO_RECORDS = "No records processed";
    static final String OK = "OK";
    static final String FUNCTION_FAILED = "PROBLEM: Function call failed";
    static final String RECURSIVE = "PROBLEM: Recursive invocation detected";
    static final String NO_FUNCTION = "PROBLEM: Function does not exist";

    /** Longest wait that {@code ReceiveMessage} knows. */
    private static final int MAX_RECEIVE_WAIT_SEC = 20;

    private static final int DEFAULT_CONCURRENCY = 5;

    /** What a loop stands on. */
    record Ports(EventInvoker invoker, Executor settling, EpochClock clock, Pauses pauses, Consumer<String> faults) {}

    private final SourceMapping mapping;
    private final QueueSource queue;
    private final ItemFilter filter;
    private final Ports ports;
    private final Batcher batcher;
    private final Semaphore slots;
    private final Backoff receiving = new Backoff();
    private final Backoff throttled = new Backoff();
    private volatile String lastResult = NO_RECORDS;

    QueueLoop(SourceMapping mapping, QueueSource queue, Ports ports) {
        this.mapping = mapping;
        this.queue = queue;
        this.ports = ports;
        filter = ItemFilter.of(mapping.delivery().filters());
        batcher = new Batcher(mapping.delivery().batchSize(), mapping.delivery().windowMs());
        Integer concurrency = mapping.delivery().maxConcurrency();
        slots = new Semaphore(concurrency == null ? DEFAULT_CONCURRENCY : concurrency);
    }

    @Override
    public String lastResult() {
        return lastResult;
    }

    @Override
    public void turn() throws InterruptedException {
        if (!ports.invoker.knows(mapping.functionArn())) {
            lastResult = NO_FUNCTION;
            throttled.grow();
            ports.pauses.sleep(throttled.waitMs());
            return;
        }
        if (throttled.waitMs() > 0) {
            ports.pauses.sleep(throttled.waitMs());
        }
        slots.acquire();
        List<SourceItem> batch = List.of();
        try {
            batch = collect();
        } finally {
            if (batch.isEmpty()) {
                slots.release();
            }
        }
        if (!batch.isEmpty()) {
            invoke(batch);
        }
    }

    /** Receives until a batch is due; empty where the queue cannot be read, or had nothing for long. */
    private List<SourceItem> collect() throws InterruptedException {
        long nowMs = ports.clock.time();
        List<SourceItem> batch = batcher.poll(nowMs);
        boolean empty = false;
        while (batch.isEmpty() && !empty) {
            boolean begun = batcher.dueMs() != Batcher.NOTHING_DUE;
            int received = receive(nowMs);
            if (received < 0) {
                return List.of();
            }
            nowMs = ports.clock.time();
            batch = batcher.poll(nowMs);
            empty = !begun && received == 0;
        }
        return batch;
    }

    /** How many messages came; -1 where the queue could not be read. */
    private int receive(long nowMs) throws InterruptedException {
        int most = Math.clamp(batcher.room(), 1, QueueSource.MAX_MESSAGES);
        try {
            List<SourceItem> items = queue.receive(most, waitSec(nowMs));
            receiving.reset();
            List<SourceItem> wanted = filter.keep(items);
            if (wanted.size() < items.size()) {
                queue.delete(
                        items.stream().filter(item -> !wanted.contains(item)).toList());
            }
            long receivedMs = ports.clock.time();
            wanted.forEach(item -> batcher.add(item, receivedMs));
            return items.size();
        } catch (IOException e) {
            String problem = "PROBLEM: " + e.getMessage();
            if (!problem.equals(lastResult)) {
                ports.faults.accept("event source " + mapping.source().arn() + ": " + e.getMessage());
            }
            lastResult = problem;
            receiving.grow();
            ports.pauses.sleep(receiving.waitMs());
            return -1;
        }
    }

    private int waitSec(long nowMs) {
        long dueMs = batcher.dueMs();
        long leftMs = dueMs == Batcher.NOTHING_DUE ? Long.MAX_VALUE : Math.max(0, dueMs - nowMs);
        return (int) Math.min(MAX_RECEIVE_WAIT_SEC, leftMs / 1000 + (leftMs % 1000 == 0 ? 0 : 1));
    }

    private void invoke(List<SourceItem> batch) {
        ports.invoker.invoke(
                SourceEvent.of(mapping.functionArn(), batch, ports.clock.time()),
                result -> ports.settling.execute(() -> settle(batch, result)));
    }

    private void settle(List<SourceItem> batch, AttemptResult result) {
        try {
            switch (result) {
                case AttemptResult.Ran ran -> settle(batch, ran);
                case AttemptResult.Refused refused -> {
                    lastResult = "PROBLEM: " + refused.message();
                    throttled.grow();
                }
                case AttemptResult.Recursive recursive -> lastResult = RECURSIVE;
                case AttemptResult.Ended ended -> queue.giveBack(batch);
            }
        } catch (IOException e) {
            ports.faults.accept("event source " + mapping.source().arn() + ": " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            slots.release();
        }
    }

    private void settle(List<SourceItem> batch, AttemptResult.Ran ran) throws IOException, InterruptedException {
        throttled.reset();
        if (ran.failed()) {
            lastResult = FUNCTION_FAILED;
            return;
        }
        Set<String> failed = mapping.delivery().reportsItems() ? BatchResponse.failures(ran.body(), batch) : Set.of();
        List<SourceItem> done =
                batch.stream().filter(item -> !failed.contains(item.id())).toList();
        if (!done.isEmpty()) {
            queue.delete(done);
        }
        lastResult = failed.isEmpty() ? OK : FUNCTION_FAILED;
    }

    @Override
    public void end() {
        List<SourceItem> rest = batcher.drain();
        if (rest.isEmpty()) {
            return;
        }
        try {
            queue.giveBack(rest);
        } catch (IOException e) {
            ports.faults.accept("event source " + mapping.source().arn() + ": " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // they come back by themselves
        }
    }
}
