package dev.thaw.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thaw.scheduler.functions.FunctionConfig;
import java.io.IOException;
import java.nio.file.Path;
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

            def leave(event, context):
                print("half a line", end="")
                os._exit(1)

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

    private RunningServer serve(FunctionConfig... functions) throws IOException {
        return RunningServer.start(folder.resolve("server"), _ -> {}, functions);
    }

    @Test
    void shouldRefuseAFunctionWhoseRuntimeCannotRunHere() {
        for (String runtime : List.of("dotnet8", "ruby3.2", "nodejs16.x", "java17")) {
            FunctionConfig config = Functions.managed("f", runtime, "h.h", folder, List.of(), Map.of());
            assertThatThrownBy(() -> serve(config))
                    .isInstanceOf(WrongUse.class)
                    .hasMessageStartingWith("Runtime of function f: " + runtime + ", cannot be used here: ");
        }
    }

    @Test
    void shouldRunPythonWithItsWholeContext() throws IOException {
        Host.requireRuntime("python3.11");
        Path code = Functions.file(folder, "python", "app.py", PYTHON);
        try (RunningServer server =
                serve(Functions.managed("tell", "python3.11", "app.tell", code, List.of(), Map.of()))) {
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
        Host.requireRuntime("python3.11");
        Path code = Functions.file(folder, "python", "app.py", PYTHON);
        try (RunningServer server = serve(
                Functions.managed("fail", "python3.11", "app.fail", code, List.of(), Map.of()),
                Functions.managed("leave", "python3.11", "app.leave", code, List.of(), Map.of()),
                Functions.managed("marshal", "python3.11", "app.unserialisable", code, List.of(), Map.of()),
                Functions.managed("import", "python3.11", "nothing.here", code, List.of(), Map.of()),
                Functions.managed("missing", "python3.11", "app.missing", code, List.of(), Map.of()))) {
            Reply failed = server.invoke("fail", "{}");
            assertThat(failed.functionError()).isEqualTo("Unhandled");
            assertThat(failed.text())
                    .contains("\"errorMessage\": \"Whoops some problem\"", "\"errorType\": \"ValueError\"")
                    .contains("\"requestId\": \"" + failed.requestId(), "File \\\"/var/task/app.py\\\"");
            assertThat(failed.log()).contains("[ERROR] ValueError: Whoops some problem\nTraceback (most recent call");
            assertThat(server.invoke("leave", "{}").log())
                    .as("what was written before an exit")
                    .contains("half a line");
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
        Host.requireRuntime("python3.11");
        Path code = Functions.file(folder, "python", "app.py", PYTHON);
        Path layer = Functions.file(folder, "layer", "wrapper", WRAPPER);
        Map<String, String> wrapper = Map.of("AWS_LAMBDA_EXEC_WRAPPER", "/opt/wrapper");
        try (RunningServer server = serve(
                Functions.managed("wrapped", "python3.11", "app.tell", code, List.of(layer), wrapper),
                Functions.managed("unwrapped", "python3.11", "app.tell", code, List.of(), wrapper))) {
            assertThat(server.invoke("wrapped", "{\"n\":1}").text()).contains("\"wrapped\": \"yes\"");
            assertThat(server.awaitLog("wrapped", "wrapped /var/lang/bin/python3.11 "))
                    .contains(" /var/runtime/bootstrap.py");
            assertThat(server.invoke("unwrapped", "{\"n\":1}").text()).contains("Runtime.ExitError");
            server.awaitLog("unwrapped", "/opt/wrapper: does not exist");
        }
    }
}
