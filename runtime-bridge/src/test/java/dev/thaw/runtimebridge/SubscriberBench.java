package dev.thaw.runtimebridge;

import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.CachedEpochClock;
import org.agrona.concurrent.CachedNanoClock;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Subscribers in made-up time and on the test's thread, with a carrier that keeps what it gets. */
final class SubscriberBench implements AutoCloseable {
    final EmbeddedChannel loop = new EmbeddedChannel();
    final CachedNanoClock clock = new CachedNanoClock();
    final Carrier carrier = new Carrier();

    SubscriberBench() {
        loop.freezeTime();
    }

    TelemetrySubscriber subscriber(TelemetryApi api, TelemetryType... types) {
        TelemetrySubscription subscription = new TelemetrySubscription(
                api,
                Set.of(types),
                new TelemetrySubscription.Destination(80, "POST / HTTP/1.1"),
                1_000,
                262_144,
                1_000);
        return new TelemetrySubscriber(subscription, carrier, loop.eventLoop(), clock, new CachedEpochClock());
    }

    void pass(long ms) {
        clock.advance(TimeUnit.MILLISECONDS.toNanos(ms));
        loop.advanceTimeBy(ms, TimeUnit.MILLISECONDS);
        run();
    }

    void run() {
        loop.runPendingTasks();
        loop.runScheduledPendingTasks();
    }

    /** Of lines their text, of other events their type, in the order of their delivery. */
    List<String> records() {
        run();
        List<String> records = new ArrayList<>();
        for (byte[] batch : carrier.batches) {
            for (JsonNode event : JsonMapper.shared().readTree(batch)) {
                JsonNode record = event.get("record");
                records.add(
                        record.isString()
                                ? record.stringValue()
                                : event.get("type").stringValue());
            }
        }
        return records;
    }

    /** The records as JSON. */
    List<String> rawRecords() {
        run();
        List<String> records = new ArrayList<>();
        for (byte[] batch : carrier.batches) {
            for (JsonNode event : JsonMapper.shared().readTree(batch)) {
                records.add(event.get("record").toString());
            }
        }
        return records;
    }

    @Override
    public void close() {
        loop.finishAndReleaseAll();
    }

    /** Answers as its test says; by itself it takes everything. */
    static final class Carrier implements TelemetryCarrier {
        final List<byte[]> batches = new ArrayList<>();
        final List<Listener> unanswered = new ArrayList<>();
        boolean silent;
        boolean closed;

        @Override
        public void send(byte[] batch, Listener listener) {
            batches.add(batch);
            if (silent) {
                unanswered.add(listener);
            } else {
                listener.onDelivered();
            }
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
