package dev.thaw.scheduler.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Against bytes that the AWS SDKs for Python and Java read (wire.md W4). */
final class EventStreamFramesTest {
    private static final String HELLO =
            "000000700000005a174e874c0d3a6d6573736167652d747970650700056576656e740b3a6576656e742d7479706507000c5061796c6f"
                    + "61644368756e6b0d3a636f6e74656e742d747970650700186170706c69636174696f6e2f6f637465742d73747265616d68656c"
                    + "6c6f207316ee1f";
    private static final String COMPLETE =
            "00000066000000541f56c8690d3a6d6573736167652d747970650700056576656e740b3a6576656e742d7479706507000e496e766f"
                    + "6b65436f6d706c6574650d3a636f6e74656e742d747970650700106170706c69636174696f6e2f6a736f6e7b7dface259a";

    private final EventStreamFrames frames = new EventStreamFrames();

    private static String hex(ByteBuf bytes) {
        String hex = ByteBufUtil.hexDump(bytes);
        bytes.release();
        return hex;
    }

    private static String hex(String ascii) {
        return ByteBufUtil.hexDump(ascii.getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void shouldWriteAPayloadChunk() {
        ByteBuf payload = Unpooled.copiedBuffer("hello ", StandardCharsets.UTF_8);

        assertThat(hex(frames.payloadChunk(UnpooledByteBufAllocator.DEFAULT, payload, false)))
                .isEqualTo(HELLO);
        assertThat(hex(frames.payloadChunk(UnpooledByteBufAllocator.DEFAULT, payload, true)))
                .isEqualTo(hex("70\r\n") + HELLO + hex("\r\n"));
    }

    @Test
    void shouldWriteTheLastEvent() {
        assertThat(hex(frames.invokeComplete(UnpooledByteBufAllocator.DEFAULT, "{}", false, "X: 1\r\n")))
                .isEqualTo(COMPLETE);
        assertThat(hex(frames.invokeComplete(UnpooledByteBufAllocator.DEFAULT, "{}", true, "")))
                .isEqualTo(hex("66\r\n") + COMPLETE + hex("\r\n0\r\n\r\n"));
    }
}
