package dev.thaw.loadgen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

final class PayloadTest {
    private static final Target TARGET = Target.invokeApi("http://localhost:9001/");

    @Property(tries = 200)
    void shouldKeepTheDurationAndNeverBurnMoreThanTheShareAllows(
            @ForAll @IntRange(max = 890_000_000) int durationUs,
            @ForAll @IntRange(min = 128, max = 10_240) int memoryMib) {
        Payload.Spin spin = Payload.Spin.of(memoryMib);
        int cpuUs = spin.cpuUs(durationUs);
        assertThat(cpuUs).isBetween(0, durationUs);
        assertThat(cpuUs / 1.0).isLessThanOrEqualTo(durationUs * 0.8 * memoryMib / 1769);
        assertThat(spin.touchedMib()).isBetween(memoryMib / 10 - 8, memoryMib / 10);
    }

    @Example
    void shouldPatchTheWorkIntoTheRequest() {
        LoadPlan.Function function = new LoadPlan.Function("f", 1769, new Payload.Spin(1769, 0.5, 0.5));
        RequestTemplate template = new RequestTemplate(DriverConfig.of(TARGET).withRecordWanted(false), function, 0);
        ByteBuf out = Unpooled.buffer(1024);
        template.write(out, 1_001, 0);
        String body = "{\"cpuUs\":      500,\"durationUs\":     1001,\"memoryMib\":876}";
        assertThat(out.toString(StandardCharsets.US_ASCII))
                .isEqualTo("POST /2015-03-31/functions/f/invocations HTTP/1.1\r\nHost: localhost:9001\r\n"
                        + "Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
        out.clear();
        template.write(out, 890_000_000, 0);
        assertThat(out.toString(StandardCharsets.US_ASCII)).contains("{\"cpuUs\":445000000,\"durationUs\":890000000,");
    }

    @Example
    void shouldTakeAnyUrlAsTarget() {
        assertThat(Target.url("http://h/a/b?c=d")).isEqualTo(new Target("h", 80, "/a/b?c=d", false));
        assertThat(Target.url("http://h:81").pathOf("f")).isEqualTo("/");
        assertThat(Target.invokeApi("http://h:81/base/").pathOf("f:1"))
                .isEqualTo("/base/2015-03-31/functions/f:1/invocations");
        assertThatThrownBy(() -> Target.url("https://h/"))
                .hasMessage("target: 'https://h/', must be http://host[:port][/path]");
        assertThatThrownBy(() -> TARGET.pathOf("a b")).hasMessage("function: 'a b', must be 1..170 of [A-Za-z0-9_:$-]");
    }
}
