package dev.thaw.scheduler.frontend.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class ServerSentEventTest {
    private static String of(long id, String data) {
        return new String(ServerSentEvent.of(id, data), StandardCharsets.UTF_8);
    }

    @Test
    void shouldEndAnEventWithAnEmptyLine() {
        assertThat(of(7, "{\"a\":\"ü\"}")).isEqualTo("id: 7\ndata: {\"a\":\"ü\"}\n\n");
        assertThat(of(0, "")).isEqualTo("id: 0\ndata: \n\n");
    }

    @Test
    void shouldLetNoLineEndBreakOutOfItsField() {
        assertThat(of(1, "a\nid: 9\r\n\rb")).isEqualTo("id: 1\ndata: a\ndata: id: 9\ndata: \ndata: b\n\n");
    }
}
