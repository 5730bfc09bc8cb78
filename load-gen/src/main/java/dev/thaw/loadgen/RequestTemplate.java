package dev.thaw.loadgen;

import dev.thaw.results.ServerRecord;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a function's request, built once; an invocation only patches the digits of its work.
 *
 * <p>Threading: the load's thread.
 */
final class RequestTemplate {
    /** A body above this is not copied for each request: all share one buffer. */
    private static final int MAX_COPIED_BYTES = 64 * 1024;

    private static final String CPU = "{\"cpuUs\":";
    private static final String DURATION = ",\"durationUs\":";
    /** Digits of the largest duration, in us; shorter numbers have blanks before them, which JSON allows. */
    private static final int DIGITS = 9;

    private final byte[] copied;
    private final @Nullable ByteBuf sharedBody;
    private final Payload.@Nullable Spin spin;
    private final int cpuAt;
    private final int durationAt;

    RequestTemplate(Target target, LoadPlan.Function function, boolean recordWanted) {
        byte[] body = body(function.payload());
        String head = head(target, function.name(), body.length, recordWanted);
        byte[] headBytes = head.getBytes(StandardCharsets.ISO_8859_1);
        boolean shared = body.length > MAX_COPIED_BYTES;
        copied = shared ? headBytes : join(headBytes, body);
        sharedBody =
                shared ? Unpooled.directBuffer(body.length).writeBytes(body).asReadOnly() : null;
        spin = function.payload() instanceof Payload.Spin work ? work : null;
        cpuAt = headBytes.length + CPU.length();
        durationAt = cpuAt + DIGITS + DURATION.length();
    }

    private static byte[] body(Payload payload) {
        return switch (payload) {
            case Payload.Fixed fixed -> fixed.bytes();
            case Payload.Spin work ->
                (CPU + "0".repeat(DIGITS) + DURATION + "0".repeat(DIGITS) + ",\"memoryMib\":" + work.touchedMib() + "}")
                        .getBytes(StandardCharsets.US_ASCII);
        };
    }

    private static String head(Target target, String function, int bodyBytes, boolean recordWanted) {
        return "POST " + target.pathOf(function) + " HTTP/1.1\r\n"
                + "Host: " + target.host() + ":" + target.port() + "\r\n"
                + "Content-Type: application/json\r\n"
                + (recordWanted ? ServerRecord.HEADER + ": 1\r\n" : "")
                + "Content-Length: " + bodyBytes + "\r\n\r\n";
    }

    private static byte[] join(byte[] head, byte[] body) {
        byte[] all = new byte[head.length + body.length];
        System.arraycopy(head, 0, all, 0, head.length);
        System.arraycopy(body, 0, all, head.length, body.length);
        return all;
    }

    int copiedBytes() {
        return copied.length;
    }

    /** Writes the request, but for a shared body, into an empty buffer. */
    void write(ByteBuf out, int durationUs) {
        out.writeBytes(copied);
        if (spin != null) {
            int cpuUs = spin.cpuUs(durationUs);
            patch(out, cpuAt, cpuUs);
            patch(out, durationAt, durationUs);
        }
    }

    /** What goes after {@link #write}'s bytes, for one request; null where they hold the body. */
    @Nullable
    ByteBuf sharedBody() {
        return sharedBody == null ? null : sharedBody.retainedDuplicate();
    }

    private static void patch(ByteBuf out, int at, int value) {
        int rest = value;
        int index = at + DIGITS - 1;
        do {
            out.setByte(index--, '0' + rest % 10);
            rest /= 10;
        } while (rest > 0);
        while (index >= at) {
            out.setByte(index--, ' ');
        }
    }
}
