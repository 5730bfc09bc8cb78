package dev.thaw.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.scheduler.functions.LoggingConfig;
import dev.thaw.scheduler.functions.LoggingConfig.Format;
import dev.thaw.scheduler.functions.LoggingConfig.Level;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Functions in Java on the unmodified client of Maven Central (contract.md sections 1.5, 1.7, 6.7, 11 and 22). */
@Tag("slow")
final class JavaRuntimeTest {
    private static final String TELL = """
            import com.amazonaws.services.lambda.runtime.*;
            import java.util.*;

            public final class Tell implements RequestHandler<Map<String, Object>, Map<String, Object>> {
                @Override
                public Map<String, Object> handleRequest(Map<String, Object> event, Context context) {
                    int before = context.getRemainingTimeInMillis();
                    long until = System.nanoTime() + 20_000_000;
                    while (System.nanoTime() < until) {
                        Thread.onSpinWait();
                    }
                    Map<String, Object> told = new TreeMap<>();
                    told.put("name", context.getFunctionName());
                    told.put("version", context.getFunctionVersion());
                    told.put("memory", context.getMemoryLimitInMB());
                    told.put("id", context.getAwsRequestId());
                    told.put("arn", context.getInvokedFunctionArn());
                    told.put("group", context.getLogGroupName());
                    told.put("stream", context.getLogStreamName());
                    told.put("decreases", before <= 20_000 && context.getRemainingTimeInMillis() < before);
                    told.put("runtime", System.getenv("AWS_EXECUTION_ENV"));
                    told.put("traceVariable", String.valueOf(System.getenv("_X_AMZN_TRACE_ID")));
                    told.put("trace", System.getProperty("com.amazonaws.xray.traceHeader"));
                    told.put("passed", System.getProperty("passed.on"));
                    told.put("wrapped", System.getenv("WRAPPED"));
                    return told;
                }
            }
            """;
    private static final String WRAPPER = """
            #!/bin/bash
            export WRAPPED="$1"
            exec "$@"
            """;

    @TempDir
    static Path folder;

    private static RunningServer server;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        Host.requireSandboxes();
        Host.requireRuntime("java21");
        Path examples = Host.example("java");
        Path tell = compile(Functions.file(folder, "tell", "Tell.java", TELL));
        Path layer = Functions.file(folder, "layer", "wrapper", WRAPPER);
        Map<String, String> options =
                Map.of("JAVA_TOOL_OPTIONS", "-Dpassed.on=1", "AWS_LAMBDA_EXEC_WRAPPER", "/opt/wrapper");
        server = RunningServer.start(
                folder.resolve("server"),
                _ -> {},
                Functions.managed("area", "java21", "Area::handleRequest", examples, List.of(), Map.of()),
                Functions.managed("upper", "java25", "Upper::handleRequest", examples, List.of(), Map.of()),
                Functions.managed("absent", "java21", "Absent::handleRequest", examples, List.of(), Map.of()),
                Functions.managed("json", "java21", "Area::handleRequest", examples, List.of(), Map.of())
                        .withLogging(new LoggingConfig(Format.JSON, Level.WARN, Level.WARN, null)),
                Functions.managed("tell", "java21", "Tell", tell, List.of(layer), options));
    }

    private static Path compile(Path code) throws IOException {
        Path core;
        try (Stream<Path> jars = Files.list(ManagedRuntime.clients().resolve("lib"))) {
            core = jars.filter(jar -> jar.getFileName().toString().startsWith("aws-lambda-java-core"))
                    .findFirst()
                    .orElseThrow();
        }
        int status = Objects.requireNonNull(ToolProvider.getSystemJavaCompiler())
                .run(
                        null,
                        null,
                        null,
                        "--release",
                        "21",
                        "-cp",
                        core.toString(),
                        "-d",
                        code.toString(),
                        code.resolve("Tell.java").toString());
        assertThat(status).isZero();
        return code;
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    @Test
    void shouldRunAHandlerOfPlainObjects() {
        Reply area = server.invoke("area", "{\"length\":6,\"width\":7}");
        assertThat(area.text()).isEqualTo("{\"area\":42.0,\"requestId\":\"" + area.requestId() + "\"}");
        assertThat(area.log()).contains("area of 6.0 by 7.0\n");
    }

    @Test
    void shouldRunAHandlerOfStreams() {
        assertThat(server.invoke("upper", "{\"text\":\"abc\"}").text()).isEqualTo("{\"TEXT\":\"ABC\"}");
        Reply warm = server.invoke("upper", "\"ü\"");
        assertThat(warm.text()).isEqualTo("\"Ü\"");
        assertThat(warm.server().coldTrigger).isFalse();
    }

    @Test
    void shouldWordItsFaultsAsTheServiceDoes() {
        Reply negative = server.invoke("area", "{\"length\":-1,\"width\":7}");
        assertThat(negative.functionError()).isEqualTo("Unhandled");
        assertThat(negative.text())
                .contains("\"errorMessage\":\"length: -1.0, must be 0 or more\"")
                .contains("\"errorType\":\"java.lang.IllegalArgumentException\"")
                .contains("\"stackTrace\":[\"Area.handleRequest(Area.java:");
        assertThat(server.invoke("absent", "{}").text()).contains("ClassNotFoundException");
    }

    @Test
    void shouldLogAsJsonFromItsLevelOn() {
        Reply reply = server.invoke("json", "{\"length\":6,\"width\":7}");
        assertThat(reply.log().lines()).allSatisfy(line -> {
            JsonNode entry = JsonMapper.shared().readTree(line);
            assertThat(entry.path("AWSRequestId").stringValue()).isEqualTo(reply.requestId());
            assertThat(entry.path("message").stringValue()).isEqualTo("area of 6.0 by 7.0\n");
        });
        assertThat(reply.log().lines()).hasSize(1);
    }

    @Test
    void shouldTellItsWholeContext() {
        Reply reply = server.invoke("tell", "{}");
        assertThat(reply.functionError()).as(reply.toString()).isEmpty();
        assertThat(reply.text())
                .contains("\"name\":\"tell\"", "\"version\":\"$LATEST\"", "\"memory\":512", "function:tell\"")
                .contains("\"id\":\"" + reply.requestId() + "\"", "\"decreases\":true")
                .contains("\"group\":\"/aws/lambda/tell\"", "/[$LATEST]")
                .contains("\"runtime\":\"AWS_Lambda_java21\"", "\"traceVariable\":\"null\"", "\"trace\":\"Root=1-");
    }

    @Test
    void shouldHonourItsOptionsAndTheWrapper() {
        assertThat(server.invoke("tell", "{}").text())
                .contains("\"passed\":\"1\"", "\"wrapped\":\"/var/lang/bin/java\"");
    }
}
