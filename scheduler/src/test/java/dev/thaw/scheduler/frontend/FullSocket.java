package dev.thaw.scheduler.frontend;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.embedded.EmbeddedChannel;

/** A channel whose client takes no byte of its answers until told to. */
final class FullSocket extends EmbeddedChannel {
    private int roomBytes;

    FullSocket(ChannelHandler handler) {
        super(handler);
    }

    /** The client takes so many bytes of what waits, or of what is written later. */
    void take(int bytes) {
        roomBytes += bytes;
        flush();
    }

    /** It takes nothing any more. */
    void stop() {
        roomBytes = 0;
    }

    @Override
    protected void doWrite(ChannelOutboundBuffer waiting) {
        while (waiting.current() instanceof ByteBuf bytes && (roomBytes > 0 || !bytes.isReadable())) {
            int taken = Math.min(roomBytes, bytes.readableBytes());
            roomBytes -= taken;
            waiting.removeBytes(taken);
        }
    }
}
