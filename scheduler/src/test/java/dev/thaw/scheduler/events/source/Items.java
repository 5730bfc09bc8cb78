package dev.thaw.scheduler.events.source;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;

/** Items as tests need them: the id is a number, as text. */
final class Items {
    private Items() {}

    static SourceItem item(String id, long epochMs) {
        byte[] json = ("{\"messageId\":\"" + id + "\",\"body\":\"{\\\"number\\\":" + id + "}\"}")
                .getBytes(StandardCharsets.UTF_8);
        return new SourceItem(id, "handle-" + id, epochMs, json);
    }

    /** Ids first..last, which came at 0. */
    static List<SourceItem> items(int first, int last) {
        return IntStream.rangeClosed(first, last)
                .mapToObj(id -> item(Integer.toString(id), 0))
                .toList();
    }

    static List<String> ids(List<SourceItem> items) {
        return items.stream().map(SourceItem::id).toList();
    }
}
