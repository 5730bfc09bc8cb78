package dev.thaw.loadgen;

import dev.thaw.results.ServerRecord;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a function's request, built once; an invocation only patches the digits of its work, and its signature
 * where the body has changed or the signature grows old.
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

    /** A server takes a signature for 300 s; this leaves room for clocks that differ. */
    private static final long RESIGN_NS = 60_000_000_000L;

    private final byte[] copied;
    /** What is signed lies here. */
    private final byte[] body;

    private final int bodyAt;
    private final int bodyBytes;
    private final RequestSigning.@Nullable Signature signature;
    private final int signatureAt;
    private long signedNs;
    private final @Nullable ByteBuf sharedBody;
    private final Payload.@Nullable Spin spin;
    private final int cpuAt;
    private final int durationAt;

    RequestTemplate(DriverConfig config, LoadPlan.Function function, long nowNs) {
        byte[] event = body(function.payload());
        Target target = config.target();
        String path = target.pathOf(function.name());
        String host = target.host() + ":" + target.port();
        RequestSigning signing = config.signing();
        signature = signing == null ? null : signing.of(host, path);
        signedNs = nowNs;
        String request = "POST " + path + " HTTP/1.1\r\nHost: " + host + "\r\n";
        signatureAt = request.length();
        String head = request
                + (signature == null ? "" : signature.lines(event, 0, event.length))
                + otherLines(event.length, config.recordWanted());
        byte[] headBytes = head.getBytes(StandardCharsets.ISO_8859_1);
        boolean shared = event.length > MAX_COPIED_BYTES;
        copied = shared ? headBytes : join(headBytes, event);
        body = shared ? event : copied;
        bodyAt = shared ? 0 : headBytes.length;
        bodyBytes = event.length;
        sharedBody =
                shared ? Unpooled.directBuffer(event.length).writeBytes(event).asReadOnly() : null;
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

    private static String otherLines(int bodyBytes, boolean recordWanted) {
        return "Content-Type: application/json\r\n"
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
    void write(ByteBuf out, int durationUs, long nowNs) {
        if (spin != null) {
            int cpuUs = spin.cpuUs(durationUs);
            patch(cpuAt, cpuUs);
            patch(durationAt, durationUs);
        }
        if (signature != null && (spin != null || nowNs - signedNs >= RESIGN_NS)) {
            sign(signature, nowNs);
        }
        out.writeBytes(copied);
    }

    @SuppressWarnings("deprecation") // the low bytes of ASCII, without a copy
    private void sign(RequestSigning.Signature by, long nowNs) {
        String lines = by.lines(body, bodyAt, bodyBytes);
        lines.getBytes(0, lines.length(), copied, signatureAt);
        signedNs = nowNs;
    }

    /** What goes after {@link #write}'s bytes, for one request; null where they hold the body. */
    @Nullable
    ByteBuf sharedBody() {
        return sharedBody == null ? null : sharedBody.retainedDuplicate();
    }

    private void patch(int at, int value) {
        int rest = value;
        int index = at + DIGITS - 1;
        do {
            copied[index--] = (byte) ('0' + rest % 10);
            rest /= 10;
        } while (rest > 0);
        while (index >= at) {
            copied[index--] = ' ';
        }
    }
}
