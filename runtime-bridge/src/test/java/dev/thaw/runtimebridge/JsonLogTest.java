package dev.thaw.runtimebridge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.scheduler.functions.LoggingConfig;
import dev.thaw.scheduler.functions.LoggingConfig.Format;
import dev.thaw.scheduler.functions.LoggingConfig.Level;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The log of a function that wants JSON: the platform's lines are the events of telemetry (contract.md 1.14). */
final class JsonLogTest {
    @TempDir
    private Path directory;

    private @Nullable BridgeBed bed;

    @AfterEach
    void close() {
        if (bed != null) {
            bed.close();
        }
    }

    private BridgeBed open(Level systemLevel) {
        BridgeBed opened = new BridgeBed(directory, new LoggingConfig(Format.JSON, Level.INFO, systemLevel, null));
        bed = opened;
        return opened;
    }

    /** An environment that has taken its first event. */
    private static EmbeddedChannel start(BridgeBed opened) {
        opened.invoke();
        opened.backend.last().created();
        opened.deliver();
        return opened.connectRuntime();
    }

    private static void answer(BridgeBed opened, EmbeddedChannel runtime) {
        opened.respond(runtime, "id-1", "hello");
        opened.askForMore(runtime);
        opened.deliver();
    }

    private static List<JsonNode> lines(BridgeBed opened) throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        opened.log().lines().forEach(line -> lines.add(JsonMapper.shared().readTree(line)));
        return lines;
    }

    private static List<String> types(List<JsonNode> lines) {
        return lines.stream().map(line -> line.path("type").stringValue("")).toList();
    }

    @Test
    void shouldWordThePlatformsLinesAsEvents() throws IOException {
        BridgeBed opened = open(Level.INFO);
        EmbeddedChannel runtime = start(opened);
        opened.backend.last().print("{\"message\":\"an unfinished line\"}");
        answer(opened, runtime);

        List<JsonNode> lines = lines(opened);
        assertThat(types(lines)).containsExactly("platform.initStart", "platform.start", "", "platform.report");
        assertThat(lines.get(0).at("/record/phase").stringValue()).isEqualTo("init");
        assertThat(lines.get(0).at("/record/runtimeVersion").stringValue()).isEqualTo("provided:al2023.v1");
        assertThat(lines.get(1).at("/record/requestId").stringValue()).isEqualTo("id-1");
        assertThat(lines.get(2).path("message").stringValue()).isEqualTo("an unfinished line");
        JsonNode report = lines.get(3).path("record");
        assertThat(report.path("status").stringValue()).isEqualTo("success");
        assertThat(report.path("metrics").propertyNames())
                .containsExactly("durationMs", "billedDurationMs", "memorySizeMB", "maxMemoryUsedMB", "initDurationMs");
    }

    @Test
    void shouldTellEverythingAtDebug() throws IOException {
        BridgeBed opened = open(Level.DEBUG);
        answer(opened, start(opened));

        assertThat(types(lines(opened)))
                .containsExactly(
                        "platform.initStart",
                        "platform.initRuntimeDone",
                        "platform.initReport",
                        "platform.start",
                        "platform.runtimeDone",
                        "platform.report");
    }

    /** Wire.md W3: spans of an answer that comes in pieces, in made-up time. */
    @Test
    void shouldTellWhenTheFirstByteOfTheAnswerCameAndWhenTheLast() throws IOException {
        BridgeBed opened = open(Level.DEBUG);
        EmbeddedChannel runtime = start(opened);
        opened.pass(20, TimeUnit.MILLISECONDS);
        BridgeBed.send(
                runtime, "POST /2018-06-01/runtime/invocation/id-1/response HTTP/1.1\r\nContent-Length: 5\r\n\r\nhe");
        opened.pass(30, TimeUnit.MILLISECONDS);
        BridgeBed.send(runtime, "llo");
        opened.askForMore(runtime);
        opened.deliver();
        opened.invoke();
        opened.pass(7, TimeUnit.MILLISECONDS);
        opened.respond(runtime, "id-2", "at once");
        opened.deliver();

        List<JsonNode> done = lines(opened).stream()
                .filter(line -> line.path("type").stringValue("").equals("platform.runtimeDone"))
                .toList();
        assertThat(done.get(0).at("/record/metrics/producedBytes").intValue()).isEqualTo(5);
        assertThat(spans(done.get(0))).containsExactly("responseLatency 20.0", "responseDuration 30.0");
        assertThat(spans(done.get(1))).containsExactly("responseLatency 7.0", "responseDuration 0.0");
    }

    private static List<String> spans(JsonNode event) {
        List<String> spans = new ArrayList<>();
        for (JsonNode span : event.at("/record/spans")) {
            spans.add(span.path("name").stringValue() + " "
                    + span.path("durationMs").doubleValue());
        }
        return spans;
    }

    @Test
    void shouldTellFailuresAloneAtWarn() throws IOException {
        BridgeBed opened = open(Level.WARN);
        EmbeddedChannel runtime = start(opened);
        answer(opened, runtime);
        opened.invoke();
        opened.pass(BridgeBed.TIMEOUT_SEC, TimeUnit.SECONDS);

        List<JsonNode> lines = lines(opened);
        assertThat(types(lines)).containsExactly("platform.runtimeDone", "platform.report");
        for (JsonNode line : lines) {
            assertThat(line.at("/record/requestId").stringValue()).isEqualTo("id-2");
            assertThat(line.at("/record/status").stringValue()).isEqualTo("timeout");
        }
    }

    /** Contract.md C20: the log tells of the init of a new environment alone, unless everything is wanted. */
    @Test
    void shouldTellOfAFailedInitAndNotOfTheSuppressedOneThatFollows() throws IOException {
        BridgeBed opened = open(Level.INFO);
        opened.invoke();
        opened.backend.last().created();
        opened.deliver();
        opened.backend.last().print("{\"message\":\"giving up\"}\n");
        opened.backend.last().exited(7);
        opened.deliver();
        opened.pass(1, TimeUnit.MILLISECONDS);
        opened.backend.last().wasReset();
        opened.deliver();
        answer(opened, opened.connectRuntime());

        List<JsonNode> lines = lines(opened);
        assertThat(types(lines))
                .containsExactly(
                        "platform.initStart",
                        "",
                        "platform.initRuntimeDone",
                        "platform.initReport",
                        "platform.start",
                        "platform.report");
        assertThat(lines.get(3).at("/record/status").stringValue()).isEqualTo("error");
        assertThat(lines.get(3).at("/record/errorType").stringValue()).isEqualTo("Runtime.ExitError");
    }

    @Test
    void shouldSayWhatTheServiceHasNoLineForInJsonToo() throws IOException {
        BridgeBed opened = open(Level.WARN);
        opened.backend.failing.add("create");
        opened.invoke();

        List<JsonNode> lines = lines(opened);
        assertThat(types(lines)).contains("platform.fault");
        assertThat(lines.getFirst().path("record").stringValue()).startsWith("thaw: ");
    }
}
