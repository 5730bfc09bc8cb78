package dev.thaw.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.thaw.scheduler.functions.FunctionConfig;
import dev.thaw.scheduler.functions.LoggingConfig;
import dev.thaw.scheduler.functions.LoggingConfig.Format;
import dev.thaw.scheduler.functions.LoggingConfig.Level;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Logs in JSON with levels, end to end; the acceptance row of contract.md section 22 for them. */
@Tag("slow")
final class JsonLogContractTest {
    private static final String PYTHON = """
            import logging

            def tell(event, context):
                logging.info("at info")
                logging.error("at error %s", event["n"], extra={"order": {"id": 5}, "level": "mine", "none": None})
                return "told"
            """;

    @TempDir
    Path folder;

    @BeforeAll
    static void requireSandboxes() throws IOException, InterruptedException {
        Host.requireSandboxes();
    }

    private RunningServer serve(FunctionConfig function) throws IOException {
        return RunningServer.start(folder.resolve("server"), _ -> {}, function);
    }

    /** Fails where a line is no object. */
    private static List<JsonNode> objects(String log) {
        List<JsonNode> objects = new ArrayList<>();
        for (String line : log.lines().toList()) {
            JsonNode object = JsonMapper.shared().readTree(line);
            assertThat(object.isObject()).as(line).isTrue();
            objects.add(object);
        }
        return objects;
    }

    @Test
    void shouldReturnALogTailOfJsonAlone() throws IOException {
        FunctionConfig echo =
                Functions.echo("echo").withLogging(new LoggingConfig(Format.JSON, Level.INFO, Level.DEBUG, null));
        try (RunningServer server = serve(echo)) {
            Reply reply = server.invoke("echo", "1");
            List<JsonNode> tail = objects(reply.log());
            assertThat(tail)
                    .extracting(line -> line.path("type").stringValue())
                    .containsExactly("platform.start", "platform.runtimeDone", "platform.report");
            assertThat(tail)
                    .allSatisfy(line -> assertThat(line.at("/record/requestId").stringValue())
                            .isEqualTo(reply.requestId()));
            assertThat(tail.get(2).at("/record/metrics/initDurationMs").doubleValue())
                    .isPositive();
            assertThat(objects(server.logs().text("echo")))
                    .extracting(line -> line.path("type").stringValue())
                    .contains("platform.initStart", "platform.initReport");
        }
    }

    /** Contract.md section 22: JSON log format and level. */
    @Test
    void shouldDropWhatIsBelowTheApplicationsLevelAndLeaveJsonAlone() throws IOException {
        ManagedRuntime runtime = ManagedRuntime.find("python3.11");
        if (!runtime.usable()) {
            System.out.println("skipped: needs python3.11: " + runtime.detail());
        }
        assumeTrue(runtime.usable(), runtime.detail());
        Path code = Files.createDirectories(folder.resolve("code"));
        Files.setPosixFilePermissions(code, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setPosixFilePermissions(
                Files.writeString(code.resolve("app.py"), PYTHON), PosixFilePermissions.fromString("rw-r--r--"));
        FunctionConfig tell = new FunctionConfig(
                        "tell",
                        code,
                        "app.tell",
                        "python3.11",
                        "x86_64",
                        512,
                        20,
                        512,
                        List.of(),
                        Map.of(),
                        FunctionConfig.UNRESERVED)
                .withLogging(new LoggingConfig(Format.JSON, Level.ERROR, Level.WARN, null));
        try (RunningServer server = serve(tell)) {
            Reply reply = server.invoke("tell", "{\"n\":7}");
            List<JsonNode> lines = objects(reply.log());
            assertThat(lines).hasSize(1);
            assertThat(lines.getFirst().path("message").stringValue()).isEqualTo("at error 7");
            assertThat(lines.getFirst().path("level").stringValue()).isEqualTo("ERROR");
            assertThat(lines.getFirst().at("/order/id").intValue()).isEqualTo(5);
            assertThat(lines.getFirst().propertyNames())
                    .containsExactlyInAnyOrder("timestamp", "level", "message", "logger", "requestId", "order");
            assertThat(lines.getFirst().path("requestId").stringValue()).isEqualTo(reply.requestId());
            assertThat(lines.getFirst().path("timestamp").stringValue())
                    .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ");
        }
    }

    @Test
    void shouldTellOfATimeoutInJson() throws IOException {
        FunctionConfig probe =
                Functions.probe("probe", 1).withLogging(new LoggingConfig(Format.JSON, Level.INFO, Level.INFO, null));
        try (RunningServer server = serve(probe)) {
            List<JsonNode> lines =
                    objects(server.invoke("probe", "{\"do\":\"hang\"}").log());
            assertThat(lines)
                    .extracting(line -> line.path("type").stringValue())
                    .containsExactly("platform.start", "platform.runtimeDone", "platform.report");
            assertThat(lines.getLast().at("/record/status").stringValue()).isEqualTo("timeout");
        }
    }
}
