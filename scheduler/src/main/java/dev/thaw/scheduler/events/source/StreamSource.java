package dev.thaw.scheduler.events.source;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/**
 * A stream of shards, each an ordered list that keeps its items; a position in each shard says up to where they are
 * settled.
 *
 * <p>Threading: one thread; {@link #wake} on any.
 */
interface StreamSource {
    /** Items by shard, in order; waits for them as long as this, or until woken. */
    Map<String, List<SourceItem>> poll(long waitMs) throws IOException, InterruptedException;

    /** These shards give nothing for the time being, all others do. */
    void pauseOnly(List<String> shards);

    /** Everything up to this item is settled; durable once this returns. */
    void settle(String shard, SourceItem last) throws IOException, InterruptedException;

    /** The event that a function gets. */
    byte[] event(String shard, List<SourceItem> items);

    /** What points at these items in a failure record, under its member's name. */
    void describe(String shard, List<SourceItem> items, ObjectNode record);

    /** Ends a {@link #poll} that waits. */
    void wake();

    void close();
}
