package dev.thaw.loadgen;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Signed requests: when they are signed anew, and over what. */
final class RequestTemplateTest {
    private static final long SECOND_NS = 1_000_000_000L;

    private final List<String> signed = new ArrayList<>();
    private final DriverConfig config = DriverConfig.of(Target.invokeApi("http://localhost:9001"))
            .withSigning((host, path) -> (bytes, at, length) -> {
                signed.add(new String(bytes, at, length, StandardCharsets.UTF_8));
                return "X-Signed: " + host + path + " #" + signed.size() + "\r\n";
            });

    private RequestTemplate template(Payload payload) {
        return new RequestTemplate(config, new LoadPlan.Function("f", 128, payload), 0);
    }

    private static String written(RequestTemplate template, int durationUs, long nowNs) {
        ByteBuf out = Unpooled.buffer();
        template.write(out, durationUs, nowNs);
        return out.toString(StandardCharsets.ISO_8859_1);
    }

    @Test
    void shouldSignTheSameBodyAnewOnceAMinute() {
        RequestTemplate template = template(new Payload.Fixed("{}".getBytes(StandardCharsets.UTF_8)));
        String line = "\r\nX-Signed: localhost:9001/2015-03-31/functions/f/invocations #";
        assertThat(written(template, 0, 0)).contains(line + "1\r\n").endsWith("\r\n\r\n{}");
        assertThat(written(template, 0, 59 * SECOND_NS)).contains(line + "1\r\n");
        assertThat(written(template, 0, 60 * SECOND_NS)).contains(line + "2\r\n");
        assertThat(written(template, 0, 61 * SECOND_NS)).contains(line + "2\r\n");
        assertThat(signed).containsExactly("{}", "{}");
    }

    @Test
    void shouldSignEachBodyThatDiffers() {
        RequestTemplate template = template(Payload.Spin.of(1_024));
        String first = written(template, 7, 0);
        String second = written(template, 123_456, 1);
        assertThat(signed.get(1)).contains("\"durationUs\":        7,");
        assertThat(signed.get(2)).contains("\"durationUs\":   123456,");
        assertThat(first).contains("#2\r\n").endsWith("\r\n\r\n" + signed.get(1));
        assertThat(second).contains("#3\r\n").endsWith("\r\n\r\n" + signed.get(2));
    }

    @Test
    void shouldSignABodyThatAllRequestsShare() {
        byte[] big = "1".repeat(100_000).getBytes(StandardCharsets.UTF_8);
        RequestTemplate template = template(new Payload.Fixed(big));
        assertThat(written(template, 0, 60 * SECOND_NS)).contains("#2\r\n").endsWith("\r\n\r\n");
        assertThat(signed).allMatch(body -> body.length() == 100_000);
    }
}
