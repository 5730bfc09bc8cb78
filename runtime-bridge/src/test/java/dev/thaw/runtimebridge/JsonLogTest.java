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
                        "platform.initRuntimeDone",
                        "",
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
