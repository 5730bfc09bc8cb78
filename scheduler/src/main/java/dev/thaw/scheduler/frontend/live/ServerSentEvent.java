package dev.thaw.scheduler.frontend.live;

import java.nio.charset.StandardCharsets;

/** An event as {@code text/event-stream} has it (HTML Living Standard, "Server-sent events"). */
final class ServerSentEvent {
    private ServerSentEvent() {}

    /** An unnamed event; whatever ends a line within {@code data} begins another {@code data} field. */
    static byte[] of(long id, String data) {
        StringBuilder text =
                new StringBuilder(data.length() + 32).append("id: ").append(id).append('\n');
        for (String line : data.split("\r\n|\r|\n", -1)) {
            text.append("data: ").append(line).append('\n');
        }
        return text.append('\n').toString().getBytes(StandardCharsets.UTF_8);
    }
}
