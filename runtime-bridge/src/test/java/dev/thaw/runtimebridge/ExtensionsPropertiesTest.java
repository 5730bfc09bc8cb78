package dev.thaw.runtimebridge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.sandbox.ExitStatus;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;

/** Whatever is sent to the Extensions API is answered with a documented status, nothing gets stuck or is left. */
@Tag("slow")
final class ExtensionsPropertiesTest {
    private static final int REQUESTS = 100;
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 (\\d{3}) ");
    private static final List<String> DOCUMENTED = List.of("200", "202", "400", "403", "404", "405", "413", "431");
    private static final String[] METHODS = {"GET", "POST", "POST", "GET", "PUT", "", "G T"};
    private static final String[] PATHS = {
        "register", "register", "event/next", "event/next", "init/error", "exit/error", "", "next", "register/x", "/"
    };
    private static final String[] BODIES = {
        "",
        "{}",
        "{\"events\":[]}",
        "{\"events\":[\"INVOKE\"]}",
        "{\"events\":[\"INVOKE\",\"SHUTDOWN\"]}",
        "{\"events\":[\"OTHER\"]}",
        "{\"events\":{\"INVOKE\":1}}",
        "{\"events\":[[[[[[",
        "\u0000\u0001\u0002",
        "[1,2",
        "x".repeat(70_000)
    };

    private final List<String> ids = new ArrayList<>();
    private final List<EmbeddedChannel> connections = new ArrayList<>();

    /** 100,000 requests in all; jqwik prints the seed. */
    @Property(tries = 1_000)
    void shouldAnswerEveryRequestAndGiveEveryBufferBack(@ForAll long seed) {
        Random random = new Random(seed);
        UnpooledByteBufAllocator buffers = new UnpooledByteBufAllocator(false);
        RecordedSession recorded = new RecordedSession("a", "b");
        ids.clear();
        for (int i = 0; i < REQUESTS; i++) {
            EmbeddedChannel channel = recorded.connect(buffers);
            connections.add(channel);
            String answer = ScriptedExtension.exchange(channel, request(random));
            Matcher status = STATUS.matcher(answer);
            if (status.lookingAt()) {
                assertThat(DOCUMENTED).contains(status.group(1));
                assertThat(status.find()).as("one answer to one request").isFalse();
            } else {
                assertThat(answer).isEmpty(); // an event is awaited, or bytes of the body
            }
            remember(answer);
            disturb(recorded, random);
            if (random.nextInt(4) == 0) {
                channel.finishAndReleaseAll();
            }
        }
        assertThat(recorded.story.stream().filter("extensions registered"::equals))
                .hasSizeLessThan(2);
        assertStillServes(recorded);
        connections.forEach(EmbeddedChannel::finishAndReleaseAll);
        connections.clear();
        assertThat(buffers.metric().usedHeapMemory() + buffers.metric().usedDirectMemory())
                .as("bytes that nobody gave back")
                .isZero();
    }

    private void remember(String answer) {
        int at = answer.indexOf("Lambda-Extension-Identifier: ");
        if (at >= 0) {
            ids.add(answer.substring(at + 29, at + 65));
        }
    }

    private static void disturb(RecordedSession recorded, Random random) {
        switch (random.nextInt(40)) {
            case 0 -> {
                RuntimeApiEvent event = RecordedSession.event("id", "{}");
                recorded.extensions.dispatch(event);
                event.release();
            }
            case 1 -> recorded.extensions.shutDown(ShutdownReason.FAILURE, random.nextLong());
            case 2 -> recorded.extensions.onExited(random.nextInt(2), new ExitStatus(random.nextInt(256), 0, false));
            case 3 -> recorded.extensions.closeRegistration();
            default -> {}
        }
    }

    private static void assertStillServes(RecordedSession recorded) {
        String answer = ScriptedExtension.exchange(
                recorded.connect(), ScriptedExtension.get("event/next", "Lambda-Extension-Identifier: x\r\n"));
        assertThat(answer).contains("403 Forbidden", "Extension.InvalidExtensionIdentifier");
    }

    private String request(Random random) {
        String body = pick(random, BODIES);
        int length = body.length() + (random.nextInt(10) == 0 ? random.nextInt(50) : 0);
        StringBuilder request = new StringBuilder();
        request.append(pick(random, METHODS)).append(ScriptedExtension.BASE).append(pick(random, PATHS));
        request.append(" HTTP/1.1\r\n");
        if (random.nextInt(5) > 0) {
            request.append("Lambda-Extension-Name: ").append(name(random)).append("\r\n");
        }
        if (random.nextInt(5) > 0) {
            request.append("lambda-extension-identifier:").append(id(random)).append("\r\n");
        }
        if (random.nextInt(2) > 0) {
            request.append("Lambda-Extension-Function-Error-Type: \u007f\"x\\\r\n");
        }
        if (random.nextInt(8) == 0) {
            request.append("Lambda-Extension-Accept-Feature: accountId\r\n");
        }
        return request.append("Content-Length: ")
                .append(length)
                .append("\r\n\r\n")
                .append(body)
                .toString();
    }

    private static String name(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> "a";
            case 1 -> "b";
            case 2 -> "";
            default -> "inside-" + random.nextInt(20) + "\"";
        };
    }

    private String id(Random random) {
        return ids.isEmpty() || random.nextInt(4) == 0
                ? pick(random, new String[] {"", "x", new UUID(1, 2).toString(), "1-2-3-4-5"})
                : ids.get(random.nextInt(ids.size()));
    }

    private static String pick(Random random, String[] from) {
        return from[random.nextInt(from.length)];
    }
}
