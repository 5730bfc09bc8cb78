package dev.thaw.runtimebridge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.runtimebridge.BridgeBed.Answer;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A subscriber that is never reached, in made-up time: invocations begin and end in order and in no time at all, however
 * much it has not taken.
 */
final class SlowSubscriberTest {
    private static final int INVOCATIONS = 3_000;
    private static final String BODY = "{\"schemaVersion\":\"2022-12-13\",\"types\":[\"platform\",\"function\"],"
            + "\"destination\":{\"protocol\":\"HTTP\",\"URI\":\"http://sandbox.localdomain:4243\"}}";

    @TempDir
    private Path directory;

    private BridgeBed bed;

    @BeforeEach
    void open() {
        bed = new BridgeBed(directory);
    }

    @AfterEach
    void close() {
        bed.close();
    }

    @Test
    void shouldNeverSlowAnInvocation() throws IOException {
        bed.backend.unreachable = true;
        bed.invoke();
        bed.backend.last().created();
        bed.deliver();
        ScriptedExtension extension = bed.register("inside", "[]");
        String answer = ScriptedExtension.exchange(
                extension.channel,
                "PUT /2022-07-01/telemetry HTTP/1.1\r\n" + extension.header() + "Content-Length: " + BODY.length()
                        + "\r\n\r\n" + BODY);
        assertThat(answer).contains("\"OK\"");
        EmbeddedChannel runtime = bed.connectRuntime();
        extension.next();
        bed.deliver();
        for (int i = 1; i <= INVOCATIONS; i++) {
            bed.respond(runtime, "id-" + i, "hello");
            bed.askForMore(runtime);
            bed.deliver(); // no time passes in it
            assertThat(bed.answers).hasSize(i);
            if (i < INVOCATIONS) {
                bed.invoke();
            }
        }

        assertThat(bed.answers)
                .extracting(Answer::requestId)
                .containsExactlyElementsOf(IntStream.rangeClosed(1, INVOCATIONS)
                        .mapToObj(i -> "id-" + i)
                        .toList());
        List<String> reports =
                bed.log().lines().filter(line -> line.startsWith("REPORT ")).toList();
        assertThat(reports).hasSize(INVOCATIONS).allMatch(line -> line.contains("\tDuration: 0.00 ms\t"));
    }
}
