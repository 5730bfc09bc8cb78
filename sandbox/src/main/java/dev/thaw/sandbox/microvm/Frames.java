package dev.thaw.sandbox.microvm;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Layout of frames, and the bounds that both sides keep ({@link FrameType} explains them). */
final class Frames {
    /** Of the protocol; a guest of another one is refused. */
    static final int VERSION = 1;

    static final int HEADER_BYTES = 8;
    static final int PAYLOAD_BYTES_MAX = 65_536;
    static final int WINDOW_BYTES = 65_536;
    static final int STREAMS = 128;
    static final int OUTPUT_STREAM = 1;
    static final int EXTENSION_OUTPUT_STREAM = 2;
    static final int FIRST_ACCEPTED_STREAM = 3;
    static final int FIRST_CONNECTED_STREAM = 96;
    static final int ENTROPY_BYTES = 32;

    static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private Frames() {}

    static void putHeader(MemorySegment to, long at, FrameType type, int stream, int length) {
        to.set(INT, at, length);
        to.set(SHORT, at + 4, (short) stream);
        to.set(ValueLayout.JAVA_BYTE, at + 6, (byte) type.number);
        to.set(ValueLayout.JAVA_BYTE, at + 7, (byte) 0);
    }

    static int length(MemorySegment frame, long at) {
        return frame.get(INT, at);
    }

    static int stream(MemorySegment frame, long at) {
        return frame.get(SHORT, at + 4) & 0xffff;
    }

    static int type(MemorySegment frame, long at) {
        return frame.get(ValueLayout.JAVA_BYTE, at + 6) & 0xff;
    }

    static int zero(MemorySegment frame, long at) {
        return frame.get(ValueLayout.JAVA_BYTE, at + 7);
    }
}
