package dev.thaw.scheduler.events.source;

import dev.thaw.scheduler.events.AttemptResult;
import dev.thaw.scheduler.events.EventInvoker;
import dev.thaw.scheduler.events.FunctionEvent;
import dev.thaw.scheduler.events.RecordOutlet;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.agrona.concurrent.EpochClock;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads a stream for one function: one batch of each shard at a time, in order. A shard's position moves on once its batch
 * is settled: the function has taken it, or the failure target has its record.
 *
 * <p>Threading: {@link #turn} and {@link #end} on one thread; results arrive on any and wait for its next turn.
 */
final class StreamLoop implements SourceLoop {
    private static final long MAX_WAIT_MS = 1_000;
    /** Retries of a batch with a failure target, where none are set: what the service applies to Kafka. */
    private static final int RETRIES_BEFORE_FAILURE_TARGET = 10;

    /** What a loop stands on. */
    record Ports(EventInvoker invoker, RecordOutlet outlet, EpochClock clock, Pauses pauses, Consumer<String> faults) {}

    private final SourceMapping mapping;
    private final StreamSource source;
    private final Ports ports;
    private final StreamLimits limits;
    private final ItemFilter filter;
    private final Map<String, Shard> shards = new HashMap<>();
    private final Queue<Runnable> results = new ConcurrentLinkedQueue<>();
    private final Backoff reading = new Backoff();
    private volatile String lastResult = QueueLoop.NO_RECORDS;

    /** One shard's items on their way. */
    private static final class Shard {
        private final String name;
        private final Batcher batcher;
        private @Nullable StreamBatch batch;
        private @Nullable SourceItem last;
        private boolean inFlight;
        private long dueMs;
        private AttemptResult.@Nullable Ran lastRan;
        private String lastRequestId = "";
        private StreamBatch.Step.@Nullable GiveUp owed;
        private final Backoff owing = new Backoff();

        private Shard(String name, Batcher batcher) {
            this.name = name;
            this.batcher = batcher;
        }
    }

    StreamLoop(SourceMapping mapping, StreamSource source, Ports ports) {
        this.mapping = mapping;
        this.source = source;
        this.ports = ports;
        SourceMapping.Delivery delivery = mapping.delivery();
        boolean endless = delivery.maxRetries() < 0 && delivery.onFailure() != null;
        limits = new StreamLimits(
                endless ? RETRIES_BEFORE_FAILURE_TARGET : delivery.maxRetries(),
                delivery.maxAgeSec() < 0 ? -1 : delivery.maxAgeSec() * 1000L,
                delivery.bisects(),
                delivery.reportsItems());
        filter = ItemFilter.of(delivery.filters());
    }

    @Override
    public String lastResult() {
        return lastResult;
    }

    @Override
    public void turn() throws InterruptedException {
        if (!ports.invoker.knows(mapping.functionArn())) {
            lastResult = QueueLoop.NO_FUNCTION;
            ports.pauses.sleep(MAX_WAIT_MS);
            return;
        }
        try {
            source.pauseOnly(shards.values().stream()
                    .filter(shard -> shard.batcher.room() == 0)
                    .map(shard -> shard.name)
                    .toList());
            Map<String, List<SourceItem>> received = source.poll(waitMs(ports.clock.time()));
            long nowMs = ports.clock.time();
            received.forEach((name, items) -> add(name, items, nowMs));
            for (Runnable result = results.poll(); result != null; result = results.poll()) {
                result.run();
            }
            for (Shard shard : shards.values()) {
                advance(shard, nowMs);
            }
            reading.reset();
        } catch (IOException e) {
            onUnreadable(e);
        }
    }

    private void onUnreadable(IOException e) throws InterruptedException {
        String problem = "PROBLEM: " + e.getMessage();
        if (!problem.equals(lastResult)) {
            ports.faults.accept("event source mapping " + mapping.uuid() + ": " + e.getMessage());
        }
        lastResult = problem;
        reading.grow();
        ports.pauses.sleep(reading.waitMs());
    }

    private void add(String name, List<SourceItem> items, long nowMs) {
        Shard shard = shards.computeIfAbsent(
                name,
                key -> new Shard(
                        key,
                        new Batcher(
                                mapping.delivery().batchSize(),
                                mapping.delivery().windowMs())));
        filter.keep(items).forEach(item -> shard.batcher.add(item, nowMs));
    }

    private long waitMs(long nowMs) {
        long dueMs = nowMs + MAX_WAIT_MS;
        for (Shard shard : shards.values()) {
            if (!shard.inFlight) {
                dueMs = Math.min(dueMs, shard.batch == null ? shard.batcher.dueMs() : shard.dueMs);
            }
        }
        return Math.max(0, dueMs - nowMs);
    }

    /** Goes as far with a shard as it can now. */
    private void advance(Shard shard, long nowMs) throws IOException, InterruptedException {
        while (!shard.inFlight) {
            StreamBatch batch = shard.batch == null ? begin(shard, nowMs) : shard.batch;
            if (batch == null || (shard.owed != null && !pay(shard, shard.owed, nowMs))) {
                return;
            }
            switch (batch.next(nowMs)) {
                case StreamBatch.Step.Invoke invoke -> invoke(shard, batch, invoke.items());
                case StreamBatch.Step.Wait wait -> {
                    shard.dueMs = wait.untilMs();
                    return;
                }
                case StreamBatch.Step.GiveUp givenUp -> shard.owed = givenUp;
                case StreamBatch.Step.Done done -> finish(shard);
            }
        }
    }

    private @Nullable StreamBatch begin(Shard shard, long nowMs) {
        List<SourceItem> items = shard.batcher.poll(nowMs);
        if (items.isEmpty()) {
            return null;
        }
        shard.last = items.getLast();
        shard.lastRequestId = UUID.randomUUID().toString(); // of a record without any attempt
        shard.batch = new StreamBatch(items, limits);
        return shard.batch;
    }

    private void finish(Shard shard) throws IOException, InterruptedException {
        if (shard.last != null) {
            source.settle(shard.name, shard.last);
        }
        shard.batch = null;
        shard.lastRan = null;
    }

    private void invoke(Shard shard, StreamBatch batch, List<SourceItem> items) {
        FunctionEvent event =
                SourceEvent.of(mapping.functionArn(), source.event(shard.name, items), ports.clock.time());
        shard.inFlight = true;
        shard.lastRequestId = event.requestId();
        ports.invoker.invoke(event, result -> {
            results.add(() -> onResult(shard, batch, items, result));
            source.wake();
        });
    }

    private void onResult(Shard shard, StreamBatch batch, List<SourceItem> items, AttemptResult result) {
        long nowMs = ports.clock.time();
        shard.inFlight = false;
        switch (result) {
            case AttemptResult.Ran ran -> {
                Set<String> failed = failed(items, ran);
                shard.lastRan = ran;
                lastResult = failed.isEmpty() ? QueueLoop.OK : QueueLoop.FUNCTION_FAILED;
                batch.onResult(failed, nowMs);
            }
            case AttemptResult.Refused refused -> {
                lastResult = "PROBLEM: " + refused.message();
                batch.onRefused(nowMs);
            }
            // Records of a stream bring no trace header.
            case AttemptResult.Recursive recursive -> batch.onRefused(nowMs);
            case AttemptResult.Ended ended -> shard.inFlight = true; // nothing more: its position stays
        }
    }

    private Set<String> failed(List<SourceItem> items, AttemptResult.Ran ran) {
        if (ran.failed()) {
            return BatchResponse.idsOf(items);
        }
        return limits.reportsItems() ? BatchResponse.failures(ran.body(), items) : Set.of();
    }

    /** Tells the failure target; false where it does not have its record yet. */
    private boolean pay(Shard shard, StreamBatch.Step.GiveUp givenUp, long nowMs) throws InterruptedException {
        String target = mapping.delivery().onFailure();
        boolean waits = shard.owing.waitMs() > 0 && nowMs < shard.dueMs;
        if (waits || (target != null && !tell(target, shard, givenUp, nowMs))) {
            return false;
        }
        shard.owing.reset();
        shard.owed = null;
        return true;
    }

    private boolean tell(String target, Shard shard, StreamBatch.Step.GiveUp givenUp, long nowMs)
            throws InterruptedException {
        ObjectNode record = FailureRecord.of(shard.lastRequestId, mapping.functionArn(), givenUp, shard.lastRan, nowMs);
        source.describe(shard.name, givenUp.items(), record);
        RecordOutlet.Result result =
                ports.outlet.send(shard.lastRequestId, mapping.functionArn(), target, FailureRecord.bytes(record));
        if (result.problem() == null) {
            return true;
        }
        ports.faults.accept("event source mapping " + mapping.uuid() + ": failure record for " + target + ": "
                + result.problem() + (result.lasting() ? "; it is lost" : ""));
        shard.owing.grow();
        shard.dueMs = nowMs + shard.owing.waitMs();
        return result.lasting();
    }

    @Override
    public void end() {
        source.close();
    }
}
