package dev.thaw.runtimebridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.lifecycle.AfterProperty;
import org.agrona.concurrent.CachedEpochClock;
import org.agrona.concurrent.CachedNanoClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The calls of Telemetry and Logs API over a connection of the Runtime API (wire.md W3). */
final class TelemetryApiTest {
    private static final String TCP = """
            {"schemaVersion":"2022-12-13","types":["platform"],"destination":{"protocol":"TCP","port":4243}}""";
    private static final String[] BODIES = {
        TCP,
        TCP.replace("2022-12-13", "2021-03-18"),
        TCP.replace("4243", "9001"),
        TCP.replace("}", "},\"buffering\":{\"maxItems\":1}"),
        "",
        "{}",
        "[[[[[[[[",
        "\u0000\u0001\r\n\"",
        "{\"schemaVersion\":\"\\u0000\\n\\\"\"}",
        "x".repeat(70_000),
    };
    private static final String[] PATHS = {
        "/2022-07-01/telemetry", "/2022-07-01/telemetry", "/2020-08-15/logs", "/2022-07-01/telemetry/", "/2022-07-01/x"
    };
    private static final String[] METHODS = {"PUT", "PUT", "PUT", "POST", "", "P T"};
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 (\\d{3}) ");
    private static final List<String> DOCUMENTED = List.of("200", "400", "403", "404", "405", "413", "431");
    private static final int REQUESTS = 100;

    private final CachedNanoClock clock = new CachedNanoClock();
    private final CachedEpochClock epochClock = new CachedEpochClock();
    private final FunctionLogs logs = new FunctionLogs(clock, epochClock);
    private final TelemetryDelivery delivery = new TelemetryDelivery(clock, epochClock);

    @AfterEach
    @AfterProperty
    void close() {
        logs.close();
        delivery.close();
    }

    private TelemetrySubscriptions subscriptions() {
        EnvironmentLog log =
                new EnvironmentLog(Path.of("/dev/null"), Functions.of("f", Path.of("/"), 3, Map.of()), epochClock);
        return new TelemetrySubscriptions(
                new TelemetryFeed(epochClock), log, logs, delivery, (_, connected) -> connected.accept(-111));
    }

    @Test
    void shouldTellOfAnExtensionThatFailed() {
        SubscriberBench bench = new SubscriberBench();
        TelemetryFeed feed = new TelemetryFeed(epochClock);
        feed.subscribe(bench.subscriber(TelemetryApi.TELEMETRY, TelemetryType.PLATFORM), "subscriber", 0);
        EnvironmentLog log =
                new EnvironmentLog(Path.of("/dev/null"), Functions.of("f", Path.of("/"), 3, Map.of()), epochClock);
        TelemetrySubscriptions subscriptions =
                new TelemetrySubscriptions(feed, log, logs, delivery, (_, connected) -> connected.accept(-111));
        subscriptions.tellFailed("e", List.of("INVOKE"), RuntimeFailure.extensionReported(true, "Extension.Config"));
        CompletableFuture<Boolean> told = new CompletableFuture<>();
        logs.tell(log, feed, (_, _) -> told.complete(true));
        assertThat(told.join()).isTrue();
        feed.end();

        assertThat(bench.rawRecords())
                .last()
                .isEqualTo("{\"name\":\"e\",\"state\":\"Failed\",\"events\":[\"INVOKE\"],"
                        + "\"errorType\":\"Extension.InitError\"}");
        bench.close();
    }

    private static String put(String path, String headers, String body) {
        return "PUT " + path + " HTTP/1.1\r\n" + headers + "Content-Length: " + body.length() + "\r\n\r\n" + body;
    }

    @Test
    void shouldSubscribeARegisteredExtension() {
        RecordedSession session = new RecordedSession(subscriptions()::subscribe);
        ScriptedExtension extension = new ScriptedExtension(session.connect(), "e", "[]");
        for (String path :
                new String[] {"/2022-07-01/telemetry", "/2022-07-01/telemetry/", "/2022-07-01/telemetry?x"}) {
            String answer = ScriptedExtension.exchange(extension.channel, put(path, extension.header(), TCP));
            assertThat(answer).startsWith("HTTP/1.1 200 OK\r\n").endsWith("\r\n\r\n\"OK\"");
        }
        String logsAnswer = ScriptedExtension.exchange(
                extension.channel,
                put("/2020-08-15/logs", extension.header(), TCP.replace("2022-12-13", "2021-03-18")));
        assertThat(logsAnswer).endsWith("\r\n\r\n\"OK\"");
    }

    @Test
    void shouldRefuseWhoIsNotRegistered() {
        RecordedSession session = new RecordedSession(subscriptions()::subscribe);
        EmbeddedChannel channel = session.connect();
        assertThat(refusal(channel, "")).contains("403 ", "Extension.MissingExtensionIdentifier");
        assertThat(refusal(channel, "Lambda-Extension-Identifier: x\r\n"))
                .contains("403 ", "Extension.InvalidExtensionIdentifier");
        assertThat(refusal(channel, "Lambda-Extension-Identifier: " + new UUID(1, 2) + "\r\n"))
                .contains("403 ", "Extension.UnknownExtensionIdentifier");
    }

    private static String refusal(EmbeddedChannel channel, String header) {
        return ScriptedExtension.exchange(channel, put("/2022-07-01/telemetry", header, TCP));
    }

    @Test
    void shouldRefuseInvalidBodiesAndGoOn() {
        RecordedSession session = new RecordedSession(subscriptions()::subscribe);
        ScriptedExtension extension = new ScriptedExtension(session.connect(), "e", "[]");
        assertThat(refusal(extension, TCP.replace("4243", "0")))
                .startsWith("HTTP/1.1 400 Bad Request\r\n")
                .contains("{\"errorMessage\":\"destination.port: 0, must be 1 to 65535 and not 9001\","
                        + "\"errorType\":\"ValidationError\"}");
        assertThat(refusal(extension, "x".repeat(70_000))).contains("body: longer than 65536 bytes", "ValidationError");
        assertThat(refusal(extension, TCP)).contains("\"OK\"");
    }

    private static String refusal(ScriptedExtension extension, String body) {
        return refusal(extension.channel, extension.header(), body);
    }

    private static String refusal(EmbeddedChannel channel, String header, String body) {
        return ScriptedExtension.exchange(channel, put("/2022-07-01/telemetry", header, body));
    }

    @Test
    void shouldCloseSubscriptionWithInit() {
        TelemetrySubscriptions subscriptions = subscriptions();
        RecordedSession session = new RecordedSession(subscriptions::subscribe);
        ScriptedExtension extension = new ScriptedExtension(session.connect(), "e", "[]");
        subscriptions.close(session.extensions);
        assertThat(refusal(extension, TCP))
                .contains(
                        "403 ",
                        "{\"errorMessage\":\"Telemetry API subscription is closed already\","
                                + "\"errorType\":\"Telemetry.SubscriptionClosed\"}");
        assertThat(ScriptedExtension.exchange(extension.channel, put("/2020-08-15/logs", extension.header(), TCP)))
                .contains("\"Logs.SubscriptionClosed\"");
    }

    /** 100,000 requests in all; jqwik prints the seed. */
    @Tag("slow")
    @Property(tries = 1_000)
    void shouldAnswerEveryRequestWithADocumentedStatus(@ForAll long seed) {
        Random random = new Random(seed);
        UnpooledByteBufAllocator buffers = new UnpooledByteBufAllocator(false);
        TelemetrySubscriptions subscriptions = subscriptions();
        RecordedSession session = new RecordedSession(subscriptions::subscribe);
        List<String> headers = new ArrayList<>(List.of("", "lambda-extension-identifier: \u007f\r\n", "x\r\n"));
        for (int i = 0; i < 3; i++) {
            headers.add(new ScriptedExtension(session.connect(), "e" + i, "[]").header());
        }
        for (int i = 0; i < REQUESTS; i++) {
            EmbeddedChannel channel = session.connect(buffers);
            String answer = exchange(channel, request(random, headers));
            Matcher status = STATUS.matcher(answer);
            if (status.lookingAt()) {
                assertThat(DOCUMENTED).contains(status.group(1));
                assertThat(status.find()).as("one answer to one request").isFalse();
            } else {
                assertThat(answer).isEmpty(); // bytes of the body are awaited
            }
            channel.finishAndReleaseAll();
        }
        String answer = exchange(session.connect(), put("/2022-07-01/telemetry", headers.getLast(), TCP));
        assertThat(answer).contains("\"OK\"");
        subscriptions.end();
        assertThat(buffers.metric().usedHeapMemory() + buffers.metric().usedDirectMemory())
                .as("bytes that nobody gave back")
                .isZero();
    }

    private static String exchange(EmbeddedChannel channel, String request) {
        byte[] bytes = request.getBytes(StandardCharsets.ISO_8859_1);
        channel.writeInbound(channel.alloc().buffer(bytes.length).writeBytes(bytes));
        return ScriptedExtension.exchange(channel, "");
    }

    private static String request(Random random, List<String> headers) {
        String body = mutated(random, BODIES[random.nextInt(BODIES.length)]);
        int length = body.length() + (random.nextInt(10) == 0 ? random.nextInt(50) : 0);
        return METHODS[random.nextInt(METHODS.length)] + " " + PATHS[random.nextInt(PATHS.length)] + " HTTP/1.1\r\n"
                + headers.get(random.nextInt(headers.size())) + "Content-Length: " + length + "\r\n\r\n" + body;
    }

    private static String mutated(Random random, String body) {
        if (body.isEmpty() || random.nextInt(2) == 0) {
            return body;
        }
        int at = random.nextInt(body.length());
        return body.substring(0, at) + (char) random.nextInt(256) + body.substring(at + random.nextInt(2));
    }
}
