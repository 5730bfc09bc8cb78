package dev.thaw.runtimebridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class FirstPartTest {
    private static final String LINE = "POST /2018-06-01/runtime/invocation/1/response HTTP/1.1\r\n";
    private static final String HEAD =
            LINE + "Lambda-Runtime-Function-Response-Mode: streaming\r\nTransfer-Encoding: chunked\r\n\r\n";

    private final FirstPart part = new FirstPart();

    private int endIn(String text) {
        ByteBuf bytes = Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
        try {
            return part.endIn(bytes);
        } finally {
            assertThat(bytes.readableBytes()).isEqualTo(text.length());
            bytes.release();
        }
    }

    @Test
    void shouldEndWithTheFirstChunk() {
        assertThat(endIn(HEAD + "3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n")).isEqualTo((HEAD + "3\r\none").length());
    }

    @Test
    void shouldFindItHoweverItIsCut() {
        assertThat(endIn(HEAD.substring(0, 70))).isZero();
        assertThat(endIn(HEAD.substring(70))).isZero();
        assertThat(endIn("3;")).isZero();
        assertThat(endIn("a=b\r\n")).isZero();
        assertThat(endIn("on")).isEqualTo(2);
        assertThat(endIn("e\r\n")).as("once").isZero();
        assertThat(endIn(HEAD + "1\r\na")).as("the next request").isEqualTo((HEAD + "1\r\na").length());
    }

    @Test
    void shouldTakeABodyOfKnownLengthAsItComes() {
        String head = HEAD.replace("Transfer-Encoding: chunked", "Content-Length: 6");
        assertThat(endIn(head)).isZero();
        assertThat(endIn("one")).isEqualTo(3);
    }

    @Test
    void shouldFindNoneWhereNothingIsStreamed() {
        assertThat(endIn("GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\n\r\n"))
                .isZero();
        assertThat(endIn(LINE + "Content-Length: 4\r\n\r\n\"ab\"")).isZero();
        assertThat(endIn(HEAD + "0\r\n\r\n")).isZero();
        assertThat(endIn("x".repeat(200_000))).isZero();
        assertThat(endIn("POST " + "x".repeat(200_000))).isZero();
        assertThat(endIn("x".repeat(200_000))).isZero();
    }
}
