package dev.thaw.scheduler.events.source;

import dev.thaw.scheduler.events.FunctionEvent;
import dev.thaw.scheduler.functions.FunctionReference;
import dev.thaw.scheduler.functions.Lineage;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/** Makes the events that sources invoke functions with. */
final class SourceEvent {
    private static final byte[] RECORDS = "{\"Records\":[".getBytes(StandardCharsets.UTF_8);
    private static final byte[] END = "]}".getBytes(StandardCharsets.UTF_8);

    private SourceEvent() {}

    /** An event of a function, with an id of its own. */
    static FunctionEvent of(String functionArn, byte[] payload, long nowEpochMs) {
        return new FunctionEvent(UUID.randomUUID().toString(), functionArn, traceId(nowEpochMs), null, payload);
    }

    /** An event of these items' records; it goes on with the chain of invocations in which the function ran most. */
    static FunctionEvent of(String functionArn, List<SourceItem> items, long nowEpochMs) {
        FunctionReference reference = FunctionReference.parse(functionArn);
        String name = reference == null ? functionArn : reference.name();
        String traceId = items.stream()
                .map(SourceItem::traceId)
                .filter(given -> !given.isEmpty())
                .max(Comparator.comparingInt(given -> Lineage.count(given, name)))
                .orElseGet(() -> traceId(nowEpochMs));
        return new FunctionEvent(UUID.randomUUID().toString(), functionArn, traceId, null, records(items));
    }

    /** {@code {"Records":[..]}}. */
    static byte[] records(List<SourceItem> items) {
        ByteArrayOutputStream event = new ByteArrayOutputStream();
        event.writeBytes(RECORDS);
        join(items, event);
        event.writeBytes(END);
        return event.toByteArray();
    }

    /** The items' records, with commas between them. */
    static void join(List<SourceItem> items, ByteArrayOutputStream into) {
        boolean first = true;
        for (SourceItem item : items) {
            if (!first) {
                into.write(',');
            }
            into.writeBytes(item.json());
            first = false;
        }
    }

    private static String traceId(long nowEpochMs) {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return "Root=1-%08x-%016x%08x;Parent=%016x;Sampled=0"
                .formatted(nowEpochMs / 1000, random.nextLong(), random.nextInt(), random.nextLong());
    }
}
