package dev.thaw.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.thaw.scheduler.functions.FunctionConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Managed runtimes end to end, with unmodified clients where there are any; acceptance rows of contract.md section 22. */
@Tag("slow")
final class ManagedRuntimeTest {
    private static final String PYTHON = """
            import json, logging, os, sys
            logging.getLogger().setLevel(logging.INFO)

            def tell(event, context):
                logging.info("told %s", event["n"])
                return {
                    "name": context.function_name, "version": context.function_version,
                    "memory": context.memory_limit_in_mb, "id": context.aws_request_id,
                    "arn": context.invoked_function_arn, "group": context.log_group_name,
                    "stream": context.log_stream_name, "left": context.get_remaining_time_in_millis(),
                    "identity": context.identity.cognito_identity_id, "client": context.client_context,
                    "trace": os.environ.get("_X_AMZN_TRACE_ID"), "runtime": os.environ["AWS_EXECUTION_ENV"],
                    "version_info": list(sys.version_info[:2]), "wrapped": os.environ.get("WRAPPED"),
                    "hosts": open("/etc/hosts").read()}

            def fail(event, context):
                raise ValueError("Whoops some problem")

            def unserialisable(event, context):
                return {1, 2}
            """;

    private static final String WRAPPER = """
            #!/bin/bash
            args=("$@")
            echo "wrapped ${args[*]}"
            export WRAPPED=yes
            exec "${args[@]}"
            """;

    @TempDir
    Path folder;

    @BeforeAll
    static void requireSandboxes() throws IOException, InterruptedException {
        Host.requireSandboxes();
    }

    private static void requireRuntime(String name) {
        ManagedRuntime runtime = ManagedRuntime.find(name);
        if (!runtime.usable()) {
            System.out.println("skipped: needs " + name + ": " + runtime.detail());
        }
        assumeTrue(runtime.usable(), name + ": " + runtime.detail());
    }

    /** A package of one file. */
    private Path code(String name, String file, String text) throws IOException {
        Path code = Files.createDirectories(folder.resolve(name));
        Files.setPosixFilePermissions(code, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setPosixFilePermissions(
                Files.writeString(code.resolve(file), text), PosixFilePermissions.fromString("rwxr-xr-x"));
        return code;
    }

    private static FunctionConfig function(
            String name, String runtime, String handler, Path code, List<Path> layers, Map<String, String> variables) {
        return new FunctionConfig(
                name, code, handler, runtime, "x86_64", 512, 20, 512, layers, variables, FunctionConfig.UNRESERVED);
    }

    private RunningServer serve(FunctionConfig... functions) throws IOException {
        return RunningServer.start(folder.resolve("server"), _ -> {}, functions);
    }

    @Test
    void shouldRefuseAFunctionWhoseRuntimeCannotRunHere() {
        for (String runtime : List.of("dotnet8", "ruby3.2", "nodejs20.x", "java17")) {
            FunctionConfig config = function("f", runtime, "h.h", folder, List.of(), Map.of());
            assertThatThrownBy(() -> serve(config))
                    .isInstanceOf(WrongUse.class)
                    .hasMessageStartingWith("Runtime of function f: " + runtime + ", cannot be used here: ");
        }
    }

    @Test
    void shouldRunPythonWithItsWholeContext() throws IOException {
        requireRuntime("python3.11");
        Path code = code("python", "app.py", PYTHON);
        try (RunningServer server = serve(function("tell", "python3.11", "app.tell", code, List.of(), Map.of()))) {
            Reply reply = server.invoke("tell", "{\"n\":7}");
            assertThat(reply.functionError()).as(reply.toString()).isEmpty();
            assertThat(reply.text())
                    .contains("\"name\": \"tell\"", "\"version\": \"$LATEST\"", "\"memory\": \"512\"")
                    .contains("\"id\": \"" + reply.requestId() + "\"", "function:tell\"")
                    .contains("\"group\": \"/aws/lambda/tell\"", "/[$LATEST]", "\"trace\": \"Root=1-")
                    .contains("\"identity\": null", "\"client\": null", "\"version_info\": [3, 11]")
                    .contains("\"runtime\": \"AWS_Lambda_python3.11\"", "127.0.0.1 localhost sandbox.localdomain");
            assertThat(reply.log())
                    .containsPattern("\\[INFO]\t\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z\t"
                            + reply.requestId() + "\ttold 7\n");
        }
    }

    @Test
    void shouldWordPythonsFaultsAsTheServiceDoes() throws IOException {
        requireRuntime("python3.11");
        Path code = code("python", "app.py", PYTHON);
        try (RunningServer server = serve(
                function("fail", "python3.11", "app.fail", code, List.of(), Map.of()),
                function("marshal", "python3.11", "app.unserialisable", code, List.of(), Map.of()),
                function("import", "python3.11", "nothing.here", code, List.of(), Map.of()),
                function("missing", "python3.11", "app.missing", code, List.of(), Map.of()))) {
            Reply failed = server.invoke("fail", "{}");
            assertThat(failed.functionError()).isEqualTo("Unhandled");
            assertThat(failed.text())
                    .contains("\"errorMessage\": \"Whoops some problem\"", "\"errorType\": \"ValueError\"")
                    .contains("\"requestId\": \"" + failed.requestId(), "File \\\"/var/task/app.py\\\"");
            assertThat(failed.log()).contains("[ERROR] ValueError: Whoops some problem\nTraceback (most recent call");
            assertThat(server.invoke("marshal", "{}").text()).contains("\"errorType\": \"Runtime.MarshalError\"");
            assertThat(server.invoke("import", "{}").text())
                    .contains(
                            "Runtime.ImportModuleError",
                            "Unable to import module 'nothing': No module named 'nothing'");
            assertThat(server.invoke("missing", "{}").text()).contains("Runtime.HandlerNotFound");
        }
    }

    @Test
    void shouldStartTheRuntimeByTheWrapperOfALayer() throws IOException {
        requireRuntime("python3.11");
        Path code = code("python", "app.py", PYTHON);
        Path layer = code("layer", "wrapper", WRAPPER);
        Map<String, String> wrapper = Map.of("AWS_LAMBDA_EXEC_WRAPPER", "/opt/wrapper");
        try (RunningServer server = serve(
                function("wrapped", "python3.11", "app.tell", code, List.of(layer), wrapper),
                function("unwrapped", "python3.11", "app.tell", code, List.of(), wrapper))) {
            assertThat(server.invoke("wrapped", "{\"n\":1}").text()).contains("\"wrapped\": \"yes\"");
            assertThat(server.awaitLog("wrapped", "wrapped /var/lang/bin/python3.11 "))
                    .contains(" /var/runtime/bootstrap.py");
            assertThat(server.invoke("unwrapped", "{\"n\":1}").text()).contains("Runtime.ExitError");
            server.awaitLog("unwrapped", "/opt/wrapper: does not exist");
        }
    }

    @Test
    void shouldRunTheUnmodifiedJavaClient() throws IOException {
        requireRuntime("java21");
        Path code = Host.example("java");
        Map<String, String> options = Map.of("JAVA_TOOL_OPTIONS", "-Dpassed.on=1");
        try (RunningServer server = serve(
                function("area", "java21", "Area::handleRequest", code, List.of(), options),
                function("upper", "java25", "Upper::handleRequest", code, List.of(), Map.of()),
                function("absent", "java21", "Absent::handleRequest", code, List.of(), Map.of()))) {
            Reply area = server.invoke("area", "{\"length\":6,\"width\":7}");
            assertThat(area.text()).isEqualTo("{\"area\":42.0,\"requestId\":\"" + area.requestId() + "\"}");
            assertThat(area.log()).contains("area of 6.0 by 7.0\n");
            assertThat(server.awaitLog("area", "JAVA_TOOL_OPTIONS")).contains("-Dpassed.on=1");
            Reply negative = server.invoke("area", "{\"length\":-1,\"width\":7}");
            assertThat(negative.functionError()).isEqualTo("Unhandled");
            assertThat(negative.text())
                    .contains("\"errorMessage\":\"length: -1.0, must be 0 or more\"")
                    .contains("\"errorType\":\"java.lang.IllegalArgumentException\"");
            assertThat(server.invoke("upper", "{\"text\":\"abc\"}").text()).isEqualTo("{\"TEXT\":\"ABC\"}");
            assertThat(server.invoke("absent", "{}").text()).contains("ClassNotFoundException");
        }
    }
}
