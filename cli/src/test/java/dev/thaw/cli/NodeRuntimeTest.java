package dev.thaw.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.scheduler.functions.LoggingConfig;
import dev.thaw.scheduler.functions.LoggingConfig.Format;
import dev.thaw.scheduler.functions.LoggingConfig.Level;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Functions in JavaScript on the unmodified client of npm (contract.md sections 1.5, 1.7, 11 and 22). */
@Tag("slow")
final class NodeRuntimeTest {
    private static final String RUNTIME = "nodejs20.x";
    private static final String CODE = """
            exports.reject = async () => {
                Promise.reject(new TypeError("nobody looks after this"))
                await new Promise((resolve) => setTimeout(resolve, 15000))
            }
            exports.nothing = async () => {}
            exports.called = (event, context, callback) => callback(null, {called: event.n})
            exports.log = async (event) => {
                console.info("below")
                console.warn("first %s\\nsecond", event.n)
            }
            exports.tell = async (event, context) => {
                console.warn("told %d", event.n)
                return {
                    id: context.awsRequestId, name: context.functionName, version: context.functionVersion,
                    memory: context.memoryLimitInMB, arn: context.invokedFunctionArn, group: context.logGroupName,
                    stream: context.logStreamName, left: context.getRemainingTimeInMillis() > 0,
                    trace: process.env._X_AMZN_TRACE_ID, runtime: process.env.AWS_EXECUTION_ENV,
                    node: process.versions.node, cwd: process.cwd(), preloaded: globalThis.preloaded,
                    layered: require("layered"), wrapped: process.env.WRAPPED}
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
        Host.requireRuntime(RUNTIME);
        Path code = Functions.file(folder, "code", "app.js", CODE);
        Functions.file(folder, "code", "preload.cjs", "globalThis.preloaded = 7");
        Path layer = Functions.file(folder, "layer", "wrapper", WRAPPER);
        Functions.file(layer, "nodejs/node20/node_modules/layered", "index.js", "module.exports = 'from a layer'");
        Map<String, String> options =
                Map.of("NODE_OPTIONS", "--require /var/task/preload.cjs", "AWS_LAMBDA_EXEC_WRAPPER", "/opt/wrapper");
        server = RunningServer.start(
                folder.resolve("server"),
                _ -> {},
                Functions.managed("area", RUNTIME, "index.area", Host.example("node"), List.of(), Map.of()),
                Functions.managed("words", RUNTIME, "index.words", Host.example("node"), List.of(), Map.of()),
                Functions.managed("reject", RUNTIME, "app.reject", code, List.of(), Map.of()),
                Functions.managed("nothing", RUNTIME, "app.nothing", code, List.of(), Map.of()),
                Functions.managed("called", RUNTIME, "app.called", code, List.of(), Map.of()),
                Functions.managed("absent", RUNTIME, "absent.handler", code, List.of(), Map.of()),
                Functions.managed("missing", RUNTIME, "app.missing", code, List.of(), Map.of()),
                Functions.managed("json", RUNTIME, "app.log", code, List.of(), Map.of())
                        .withLogging(new LoggingConfig(Format.JSON, Level.WARN, Level.WARN, null)),
                Functions.managed("tell", RUNTIME, "app.tell", code, List.of(layer), options));
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    @Test
    void shouldRunAnAsynchronousHandler() {
        Reply cold = server.invoke("area", "{\"length\":6,\"width\":7}");
        assertThat(cold.text()).isEqualTo("{\"area\":42,\"requestId\":\"" + cold.requestId() + "\"}");
        assertThat(cold.log())
                .containsPattern("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z\t" + cold.requestId()
                        + "\tINFO\tarea of 6 by 7\n");
        Reply warm = server.invoke("area", "{\"length\":2,\"width\":2}");
        assertThat(warm.text()).startsWith("{\"area\":4,");
        assertThat(warm.server().coldTrigger).isFalse();
        assertThat(server.invoke("nothing", "{}").text()).isEqualTo("null");
        assertThat(server.invoke("called", "{\"n\":3}").text()).isEqualTo("{\"called\":3}");
    }

    @Test
    void shouldWordItsFaultsAsTheServiceDoes() {
        Reply failed = server.invoke("area", "{\"length\":-1,\"width\":7}");
        assertThat(failed.status()).isEqualTo(200);
        assertThat(failed.functionError()).isEqualTo("Unhandled");
        assertThat(failed.text())
                .contains("\"errorType\":\"RangeError\"", "\"errorMessage\":\"length: -1, must be 0 or more\"")
                .contains("\"trace\":[\"RangeError: length", "at Runtime.area", "/var/task/index.mjs:5:");
        assertThat(server.invoke("absent", "{}").text())
                .contains("\"errorType\":\"Runtime.ImportModuleError\"", "Cannot find module 'absent'");
        assertThat(server.invoke("missing", "{}").text()).contains("\"errorType\":\"Runtime.HandlerNotFound\"");
    }

    @Test
    void shouldEndAnInvocationByARejectionThatNobodyHandles() {
        Reply reply = server.invoke("reject", "{}");
        assertThat(reply.functionError()).isEqualTo("Unhandled");
        assertThat(reply.text())
                .contains("\"errorType\":\"Runtime.UnhandledPromiseRejection\"")
                .contains("\"errorMessage\":\"TypeError: nobody looks after this\"");
        Reply again = server.invoke("reject", "{}");
        assertThat(again.text()).contains("Runtime.UnhandledPromiseRejection");
        assertThat(again.server().environmentId).isEqualTo(reply.server().environmentId);
    }

    @Test
    void shouldStreamWhatItsHandlerWrites() throws IOException, InterruptedException {
        String event = "{\"words\":[\"one\",\"two\"],\"pauseMs\":300}";
        try (EventStream answer = EventStream.open(server.uri(), "words", event)) {
            assertThat(answer.header("x-thaw-response-content-type")).isEqualTo("text/plain");
            assertThat(answer.next("PayloadChunk")).isEqualTo("one");
            assertThat(answer.rest()).isEqualTo("two");
            assertThat(answer.completion()).isEqualTo("{}");
        }
        assertThat(server.invoke("words", event).text()).isEqualTo("onetwo");
        try (EventStream answer = EventStream.open(server.uri(), "words", "{}")) {
            assertThat(answer.rest()).isEmpty();
            assertThat(answer.completion()).contains("Unhandled", "TypeError");
        }
    }

    @Test
    void shouldLogAsJsonFromItsLevelOn() {
        Reply reply = server.invoke("json", "{\"n\":7}");
        assertThat(reply.log().lines()).singleElement().satisfies(line -> {
            JsonNode entry = JsonMapper.shared().readTree(line);
            assertThat(entry.path("level").stringValue()).isEqualTo("WARN");
            assertThat(entry.path("message").stringValue()).isEqualTo("first 7\nsecond");
            assertThat(entry.path("requestId").stringValue()).isEqualTo(reply.requestId());
        });
    }

    @Test
    void shouldFindItsSurroundingsAsDocumented() {
        Reply reply = server.invoke("tell", "{\"n\":7}");
        assertThat(reply.functionError()).as(reply.toString()).isEmpty();
        assertThat(reply.text())
                .contains("\"id\":\"" + reply.requestId() + "\"", "\"name\":\"tell\"", "\"version\":\"$LATEST\"")
                .contains("\"memory\":\"512\"", "function:tell\"", "\"group\":\"/aws/lambda/tell\"", "/[$LATEST]")
                .contains("\"left\":true", "\"trace\":\"Root=1-", "\"runtime\":\"AWS_Lambda_nodejs20.x\"")
                .contains("\"node\":\"20.", "\"cwd\":\"/var/task\"");
        assertThat(reply.log()).contains("\tWARN\ttold 7\n");
    }

    @Test
    void shouldHonourNodeOptionsTheWrapperAndThePathOfModules() {
        assertThat(server.invoke("tell", "{\"n\":1}").text())
                .contains("\"preloaded\":7", "\"wrapped\":\"/var/lang/bin/node\"", "\"layered\":\"from a layer\"");
    }
}
