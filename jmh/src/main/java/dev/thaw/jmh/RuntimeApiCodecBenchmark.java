package dev.thaw.jmh;

import dev.thaw.runtimebridge.RuntimeApiEvent;
import dev.thaw.runtimebridge.RuntimeApiRequest;
import dev.thaw.runtimebridge.RuntimeApiRequestDecoder;
import dev.thaw.runtimebridge.RuntimeApiResponses;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequestDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What the Runtime API's protocol costs, sockets excluded. {@code decode} reads what one socket read brought: a poll for
 * the next event, a small response with the next poll behind it, or a response of 64 KiB in one piece; {@code baseline}
 * only takes the same buffer and gives it back. {@code decodeNetty} reads it by Netty's decoder, called without a
 * pipeline and with chunks as large as the body; it stops at a request with headers, where {@code decode} has told the
 * call and read the invocation's id. {@code encodeAccepted} writes the 202, {@code encodeNext} an event of 256 bytes,
 * both as bytes ready to be sent; {@code encodeBaseline} only takes a buffer and gives it back.
 *
 * <p>Runs on threads as Netty's event loops are: its allocator caches for no other.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
        value = 2,
        jvmArgsAppend = {"-Djmh.executor=CUSTOM", "-Djmh.executor.class=dev.thaw.jmh.EventLoopThreads"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class RuntimeApiCodecBenchmark {
    private static final int PAYLOAD_BYTES = 256;
    private static final int BODY_LIMIT_BYTES = 6 << 20;
    private static final int HEADER_LIMIT_BYTES = 1 << 20;
    private static final String REQUEST_ID = "8476a536-e9f4-11e8-9739-2dfe598c3fcd";

    private final ByteBufAllocator allocator = PooledByteBufAllocator.DEFAULT;
    private final RuntimeApiEvent event = new RuntimeApiEvent();
    private ByteBuf payload;

    /** The bytes of a runtime, and both decoders of its connection. */
    @State(Scope.Thread)
    public static class Requests {
        @Param({"next", "responseAndNext", "response64KiB"})
        public String requests;

        private final CountingListener listener = new CountingListener();
        private final RuntimeApiRequestDecoder decoder =
                new RuntimeApiRequestDecoder(PooledByteBufAllocator.DEFAULT, listener);
        private final BareNettyDecoder netty = new BareNettyDecoder();
        private ByteBuf bytes;

        @Setup(Level.Trial)
        public void encodeRequests() {
            String next = "GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\nHost: 127.0.0.1:9001\r\n"
                    + "User-Agent: runtime/1.0\r\nAccept: */*\r\n\r\n";
            String text = switch (requests) {
                case "next" -> next;
                case "responseAndNext" -> response(PAYLOAD_BYTES) + next;
                case "response64KiB" -> response(64 << 10);
                default -> throw new IllegalArgumentException("requests is " + requests);
            };
            byte[] ascii = text.getBytes(StandardCharsets.US_ASCII);
            bytes = PooledByteBufAllocator.DEFAULT.ioBuffer(ascii.length).writeBytes(ascii);
        }

        @TearDown(Level.Trial)
        public void release() {
            decoder.close();
            requireReleased(bytes);
        }

        private static String response(int bodyBytes) {
            return "POST /2018-06-01/runtime/invocation/" + REQUEST_ID
                    + "/response HTTP/1.1\r\nHost: 127.0.0.1:9001\r\n"
                    + "User-Agent: runtime/1.0\r\nAccept: */*\r\nContent-Type: application/json\r\nContent-Length: "
                    + bodyBytes + "\r\n\r\n" + "x".repeat(bodyBytes);
        }
    }

    @Setup(Level.Trial)
    public void fillEvent() {
        event.requestId = REQUEST_ID;
        event.deadlineEpochMs = 1_700_000_000_000L;
        event.invokedFunctionArn = "arn:aws:lambda:us-east-1:000000000000:function:echo";
        event.traceId = "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=1";
        payload = allocator.ioBuffer(PAYLOAD_BYTES).writeZero(PAYLOAD_BYTES);
    }

    @TearDown(Level.Trial)
    public void releasePayload() {
        requireReleased(payload);
    }

    @Benchmark
    public int baseline(Requests state) {
        ByteBuf read = state.bytes.retainedDuplicate();
        int readBytes = read.readableBytes();
        read.release();
        return readBytes;
    }

    @Benchmark
    public long decode(Requests state) {
        state.decoder.feed(state.bytes.retainedDuplicate());
        return state.listener.told;
    }

    @Benchmark
    public long decodeNetty(Requests state) {
        return state.netty.feed(state.bytes.retainedDuplicate());
    }

    @Benchmark
    public int encodeBaseline() {
        return sent(allocator.ioBuffer(PAYLOAD_BYTES));
    }

    @Benchmark
    public int encodeAccepted() {
        return sent(RuntimeApiResponses.accepted(allocator, true));
    }

    @Benchmark
    public int encodeNext() {
        return sent(RuntimeApiResponses.next(allocator, event, payload.retainedDuplicate(), true, false));
    }

    private static int sent(ByteBuf bytes) {
        int sentBytes = bytes.readableBytes();
        bytes.release();
        return sentBytes;
    }

    /** A leak would measure an allocator that only grows: every operation must have given back what it took. */
    private static void requireReleased(ByteBuf bytes) {
        if (bytes.refCnt() != 1 || !bytes.release()) {
            throw new IllegalStateException("an operation kept its buffer: " + bytes);
        }
    }

    /** Takes every body, as the session does, and gives it back; counts what it was told. */
    private static final class CountingListener implements RuntimeApiRequestDecoder.Listener {
        long told;

        @Override
        public int onHead(RuntimeApiRequest request) {
            return BODY_LIMIT_BYTES;
        }

        @Override
        public boolean onRequest(RuntimeApiRequest request) {
            ByteBuf body = request.takeBody();
            told += request.call().ordinal();
            if (body != null) {
                told += body.readableBytes();
                body.release();
            }
            return true;
        }

        @Override
        public void onMalformed(int status, String reason) {
            throw new IllegalStateException(reason);
        }
    }

    /** Netty's decoder without its pipeline: it only hands the context on, and what it decodes is looked at here. */
    private static final class BareNettyDecoder extends HttpRequestDecoder {
        private final List<Object> decoded = new ArrayList<>();
        private long told;

        BareNettyDecoder() {
            super(new HttpDecoderConfig().setMaxHeaderSize(HEADER_LIMIT_BYTES).setMaxChunkSize(BODY_LIMIT_BYTES));
        }

        long feed(ByteBuf bytes) {
            try {
                while (bytes.isReadable()) {
                    decode(null, bytes, decoded);
                    take();
                }
            } catch (Exception e) {
                throw new IllegalStateException("not decoded", e);
            } finally {
                bytes.release();
            }
            return told;
        }

        private void take() {
            for (int i = 0; i < decoded.size(); i++) {
                HttpObject object = (HttpObject) decoded.get(i);
                if (object.decoderResult().isFailure()) {
                    throw new IllegalStateException(
                            "not decoded", object.decoderResult().cause());
                }
                told++;
                if (object instanceof HttpContent content) {
                    told += content.content().readableBytes();
                    content.release();
                }
            }
            decoded.clear();
        }
    }
}
