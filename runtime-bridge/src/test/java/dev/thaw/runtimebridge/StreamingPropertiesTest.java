package dev.thaw.runtimebridge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.scheduler.live.ResponseStream;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelFuture;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import org.agrona.concurrent.CachedNanoClock;
import org.jspecify.annotations.Nullable;

/**
 * However a runtime streams its response and whoever leaves early: every answer is documented, every invocation ends
 * once, the next one is served, and no buffer is left.
 */
@Tag("slow")
final class StreamingPropertiesTest {
    private static final int STREAMS = 100;
    /** A slow client takes what is there, then the runtime may go on. */
    private static final int ROUNDS = 20;

    private static final String BASE = " /2018-06-01/runtime/invocation/";
    private static final String MODE = "Lambda-Runtime-Function-Response-Mode: ";
    private static final String ERROR = "Lambda-Runtime-Function-Error-";
    private static final String NEXT = "GET" + BASE + "next HTTP/1.1\r\n\r\n";
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 (\\d{3}) ");
    private static final List<String> DOCUMENTED = List.of("100", "202", "400", "413", "431");
    private static final List<String> ENDS = List.of("streamed", "stream failed", "response", "error", "too large");
    private static final String[] BROKEN_SIZES = {"", "x", "-1", "7fffffff1", "5 5", "0x5", "z".repeat(5_000)};
    private static final String[] TRAILERS = {
        "",
        "",
        "X: 1\r\n",
        ERROR + "Type: Function.Half\r\n",
        ERROR + "Type: half\r\n" + ERROR + "Body: e30=\r\n",
        ERROR + "Body: not base64\r\n" + ERROR + "Type: Runtime.X\r\n",
        "no trailer\r\n",
        "X: " + "x".repeat(5_000) + "\r\n",
    };

    /** Its own count is exact; to watch every buffer's every step as well takes most of a minute. */
    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false, true);

    private final CachedNanoClock clock = new CachedNanoClock();

    /** The client of one stream; it takes parts as they come, later, or leaves. */
    private static final class Client implements ResponseStream.Reader {
        private final boolean slow;
        private final List<Integer> untaken = new ArrayList<>();
        private final StringBuilder received = new StringBuilder();
        private @Nullable ResponseStream stream;

        private Client(boolean slow) {
            this.slow = slow;
        }

        @Override
        public void onBegin(@Nullable String contentType) {}

        @Override
        public void onPart(ByteBuf part) {
            received.append(
                    part.getCharSequence(part.readerIndex(), part.readableBytes(), StandardCharsets.ISO_8859_1));
            int weight = ResponseStream.weightOf(part);
            part.release();
            if (slow) {
                untaken.add(weight);
            } else {
                Objects.requireNonNull(stream).taken(weight);
            }
        }

        private void takeAll() {
            List<Integer> weights = List.copyOf(untaken);
            untaken.clear();
            weights.forEach(Objects.requireNonNull(stream)::taken);
        }
    }

    /** A request as it is sent, what its body is, and whether it is one that must count. */
    private record Wire(String text, String body, boolean whole, boolean readable, boolean streamed) {}

    /** 100,000 streams in all; jqwik prints the seed. */
    @Property(tries = 1_000)
    void shouldEndEveryStreamOnceAsDocumented(@ForAll long seed) {
        Random random = new Random(seed);
        RecordedSession recorded = new RecordedSession();
        for (int i = 0; i < STREAMS; i++) {
            serve(recorded, random, "id-" + i);
        }
        assertThat(allocator.metric().usedHeapMemory()).as("bytes left").isZero();
        assertThat(allocator.metric().usedDirectMemory()).as("bytes left").isZero();
    }

    private void serve(RecordedSession recorded, Random random, String id) {
        EmbeddedChannel asking = connect(recorded);
        check(send(asking, NEXT).isEmpty(), "the session goes on", recorded.story);
        check(recorded.story.getLast().equals("ready"), "the session goes on", recorded.story);
        recorded.story.clear();
        Client client = new Client(random.nextInt(4) == 0);
        ResponseStream stream = new ResponseStream(asking.eventLoop(), client, clock);
        client.stream = stream;
        RuntimeApiEvent event = RecordedSession.event(id, "{}");
        boolean wantedWhole = random.nextInt(4) == 0;
        event.stream = wantedWhole ? null : stream;
        recorded.session.dispatch(event);
        check(answer(asking).contains(id), "an event is sent", id);

        EmbeddedChannel answering = random.nextBoolean() ? asking : connect(recorded);
        Wire wire = wire(random, id);
        boolean left = feed(answering, wire.text, random, stream);
        String answer = settle(answering, asking);
        for (int round = 0; round < ROUNDS && !client.untaken.isEmpty(); round++) {
            client.takeAll();
            answer += settle(answering, asking);
        }
        Matcher status = STATUS.matcher(answer);
        while (status.find()) {
            check(DOCUMENTED.contains(status.group(1)), "the status is documented", answer);
        }
        if (wire.whole) {
            check(answer.contains("HTTP/1.1 202 "), "what is whole counts", answer);
            check(ends(recorded) == 1, "what is whole ends its invocation", recorded.story);
        }
        finish(recorded, id, answering, asking);
        check(ends(recorded) == 1, wire.text.length() < 2_000 ? wire.text : id, recorded.story);
        String received = client.received.toString();
        if (wire.readable) {
            check(wire.body.startsWith(received), "what was sent is received", received);
        }
        if (wire.whole && wire.streamed && !left && !wantedWhole) {
            check(received.equals(wire.body), "all is received", received);
        }
        asking.finishAndReleaseAll();
        answering.finishAndReleaseAll();
    }

    /** An answer that did not count is followed by one that does, unless the first had begun to stream. */
    private void finish(RecordedSession recorded, String id, EmbeddedChannel answering, EmbeddedChannel asking) {
        ChannelFuture _ = answering.close();
        settle(answering, asking);
        EmbeddedChannel last = connect(recorded);
        if (ends(recorded) == 0) {
            String again = send(last, "POST" + BASE + id + "/response HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}");
            check(again.contains("HTTP/1.1 202 ") || again.contains("HTTP/1.1 400 "), "it counts or not", again);
        }
        send(last, NEXT);
        last.finishAndReleaseAll(); // the next one asks again
    }

    /** Says what it saw only where it must: descriptions of millions of steps that hold would take most of the time. */
    private static void check(boolean holds, String what, Object seen) {
        if (!holds) {
            throw new AssertionError(what + ", but: " + seen);
        }
    }

    private static int ends(RecordedSession recorded) {
        int count = 0;
        for (String line : recorded.story) {
            for (String end : ENDS) {
                if (line.startsWith(end)) {
                    count++;
                    break;
                }
            }
        }
        return count;
    }

    /** Sends in pieces; in between the client may leave, or the runtime. Returns whether the client has. */
    private boolean feed(EmbeddedChannel to, String wire, Random random, ResponseStream stream) {
        boolean left = false;
        byte[] bytes = wire.getBytes(StandardCharsets.ISO_8859_1);
        int most = 1 + random.nextInt(Math.max(2, 2 * bytes.length));
        for (int at = 0; at < bytes.length && to.isOpen(); ) {
            int count = Math.min(bytes.length - at, 1 + random.nextInt(most));
            to.writeInbound(allocator.buffer(count).writeBytes(bytes, at, count));
            at += count;
            if (random.nextInt(50) == 0) {
                left = true;
                stream.closeReader();
            }
        }
        return left;
    }

    private static Wire wire(Random random, String id) {
        StringBuilder body = new StringBuilder();
        boolean streaming = random.nextInt(5) > 0;
        boolean oddMode = random.nextInt(20) == 0;
        boolean wrongId = random.nextInt(20) == 0;
        StringBuilder head = new StringBuilder("POST" + BASE + (wrongId ? "other" : id) + "/response HTTP/1.1\r\n");
        head.append("Content-Type: text/html\r\n");
        head.append(oddMode ? MODE + "Streaming\r\n" : streaming ? MODE + "streaming\r\n" : "");
        boolean chunked = random.nextInt(4) > 0;
        int broken = random.nextInt(4) > 0 ? -1 : random.nextInt(5);
        String text = (chunked ? chunks(random, head, body, broken) : fixed(random, head, body)).toString();
        boolean cut = random.nextInt(5) == 0;
        String sent = cut ? text.substring(0, random.nextInt(text.length())) : text;
        String trailers = chunked ? text.substring(text.lastIndexOf("\r\n0\r\n") + 1) : "";
        boolean plain = !trailers.contains("no trailer") && !trailers.contains("xxx") && !text.contains("zzz");
        boolean whole = !cut && (broken < 0 || !chunked) && !oddMode && !wrongId && plain && !text.contains("Short");
        return new Wire(sent, body.toString(), whole, broken < 0, streaming);
    }

    private static StringBuilder chunks(Random random, StringBuilder text, StringBuilder body, int broken) {
        text.append("Transfer-Encoding: chunked\r\n\r\n");
        int count = random.nextInt(50) == 0 ? 400 : random.nextInt(8);
        for (int i = 0; i < count; i++) {
            int size = 1 + (random.nextInt(100) == 0 ? random.nextInt(100_000) : random.nextInt(200));
            int letter = 'a' + i % 26;
            String line = i == broken ? BROKEN_SIZES[random.nextInt(BROKEN_SIZES.length)] : Integer.toHexString(size);
            String extension = random.nextInt(10) == 0 ? ";a=b" : "";
            text.append(line).append(extension).append("\r\n").repeat(letter, size);
            text.append(i == broken && random.nextBoolean() ? "?" : "").append("\r\n");
            body.repeat(letter, size);
        }
        return text.append("0\r\n")
                .append(TRAILERS[random.nextInt(TRAILERS.length)])
                .append("\r\n");
    }

    /** A length that is right, or too long: then more is awaited. */
    private static StringBuilder fixed(Random random, StringBuilder text, StringBuilder body) {
        body.repeat('b', random.nextInt(3_000));
        boolean tooLong = random.nextInt(5) == 0;
        text.append(tooLong ? "X: Short\r\n" : "").append("Content-Length: ");
        return text.append(body.length() + (tooLong ? 1 : 0)).append("\r\n\r\n").append(body);
    }

    private EmbeddedChannel connect(RecordedSession recorded) {
        EmbeddedChannel channel = new EmbeddedChannel();
        channel.config().setAllocator(allocator);
        channel.pipeline().addLast(new RuntimeApiConnection(recorded.session, recorded.extensions));
        return channel;
    }

    private String send(EmbeddedChannel to, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        to.writeInbound(allocator.buffer(bytes.length).writeBytes(bytes));
        return answer(to);
    }

    /** Runs what is due on both loops, whoever wakes whom. */
    private static String settle(EmbeddedChannel answering, EmbeddedChannel asking) {
        String text = "";
        for (int i = 0; i < 3; i++) {
            asking.runPendingTasks();
            answering.runPendingTasks();
            text += answer(answering);
        }
        return text;
    }

    private static String answer(EmbeddedChannel from) {
        String text = "";
        for (ByteBuf bytes = from.readOutbound(); bytes != null; bytes = from.readOutbound()) {
            text += bytes.toString(StandardCharsets.UTF_8);
            bytes.release();
        }
        return text;
    }
}
