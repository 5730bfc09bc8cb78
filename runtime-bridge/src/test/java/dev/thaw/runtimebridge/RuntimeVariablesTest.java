package dev.thaw.runtimebridge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.scheduler.core.InitializationType;
import dev.thaw.scheduler.functions.LoggingConfig;
import dev.thaw.scheduler.functions.LoggingConfig.Format;
import dev.thaw.scheduler.functions.LoggingConfig.Level;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class RuntimeVariablesTest {
    private static final String LOG_ID = "4fd4ab7fefa54c869f54ad55ec6fbb1c";
    private static final LocalDate TODAY = LocalDate.of(2022, 8, 3);

    @Test
    void shouldSetTheReservedVariables() {
        assertThat(variables(Map.of(), Map.of()))
                .containsEntry("_HANDLER", "function.handler")
                .containsEntry("AWS_REGION", "us-east-1")
                .containsEntry("AWS_DEFAULT_REGION", "us-east-1")
                .containsEntry("AWS_LAMBDA_FUNCTION_NAME", "echo")
                .containsEntry("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
                .containsEntry("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256")
                .containsEntry("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand")
                .containsEntry("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/echo")
                .containsEntry("AWS_LAMBDA_LOG_STREAM_NAME", "2022/08/03/[$LATEST]4fd4ab7fefa54c869f54ad55ec6fbb1c")
                .containsEntry("LAMBDA_TASK_ROOT", "/var/task")
                .containsEntry("LAMBDA_RUNTIME_DIR", "/var/runtime")
                .containsEntry("TZ", "UTC")
                .containsEntry("LANG", "en_US.UTF-8")
                .containsEntry("AWS_XRAY_CONTEXT_MISSING", "LOG_ERROR")
                .containsKeys("AWS_ACCESS_KEY", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
                .doesNotContainKeys("_X_AMZN_TRACE_ID", "AWS_EXECUTION_ENV");
    }

    @Test
    void shouldNameThePublishedVersionAndWhyItIsInitialised() {
        DeployedFunction function =
                Functions.of("f", Path.of("/nowhere"), 3, Map.of()).at("42");
        assertThat(RuntimeVariables.of(function, Map.of(), InitializationType.PROVISIONED_CONCURRENCY, LOG_ID, TODAY))
                .containsEntry("AWS_LAMBDA_FUNCTION_VERSION", "42")
                .containsEntry("AWS_LAMBDA_INITIALIZATION_TYPE", "provisioned-concurrency")
                .containsEntry("AWS_LAMBDA_LOG_STREAM_NAME", "2022/08/03/[42]" + LOG_ID);
    }

    @Test
    void shouldNameTheRuntimeOnlyWhereItIsManaged() {
        assertThat(of("java21"))
                .containsEntry("AWS_EXECUTION_ENV", "AWS_Lambda_java21")
                .doesNotContainKeys("_X_AMZN_TRACE_ID", "PYTHONPATH", "NODE_PATH");
        assertThat(of("python3.11"))
                .containsEntry("AWS_EXECUTION_ENV", "AWS_Lambda_python3.11")
                .containsEntry("PYTHONPATH", "/var/runtime");
        assertThat(of("nodejs20.x").get("NODE_PATH")).startsWith("/opt/nodejs/node20/node_modules:");
        assertThat(of("nodejs20.x").get("PATH")).startsWith("/var/lang/bin:").endsWith(":/opt/bin");
        assertThat(of("provided.al2")).doesNotContainKeys("_X_AMZN_TRACE_ID", "AWS_EXECUTION_ENV", "PYTHONPATH");
    }

    private static Map<String, String> of(String runtime) {
        DeployedFunction function = Functions.of(runtime, "f", Path.of("/nowhere"), 3, Map.of());
        return RuntimeVariables.of(function, Map.of(), InitializationType.ON_DEMAND, LOG_ID, TODAY);
    }

    /** The level is for runtimes that write JSON alone. */
    @Test
    void shouldTellTheRuntimeHowToLog() {
        LoggingConfig json = new LoggingConfig(Format.JSON, Level.ERROR, Level.WARN, "/my/group");
        assertThat(RuntimeVariables.of(
                        Functions.of("f", Path.of("/"), 3, json),
                        Map.of(),
                        InitializationType.ON_DEMAND,
                        LOG_ID,
                        TODAY))
                .containsEntry("AWS_LAMBDA_LOG_FORMAT", "JSON")
                .containsEntry("AWS_LAMBDA_LOG_LEVEL", "ERROR")
                .containsEntry("AWS_LAMBDA_LOG_GROUP_NAME", "/my/group");
        assertThat(of("python3.11"))
                .containsEntry("AWS_LAMBDA_LOG_FORMAT", "Text")
                .doesNotContainKey("AWS_LAMBDA_LOG_LEVEL");
    }

    @Test
    void shouldLetTheFunctionOverrideDefaults() {
        Map<String, String> variables =
                variables(Map.of("LANG", "C", "PATH", "/opt/x", "LITERAL", "$HOME/x"), Map.of());
        assertThat(variables)
                .containsEntry("LANG", "C")
                .containsEntry("PATH", "/opt/x")
                .containsEntry("LITERAL", "$HOME/x");
        assertThat(variables(Map.of(), Map.of()).get("PATH")).endsWith("/opt/bin");
    }

    @Test
    void shouldUseConfiguredCredentialsAlone() {
        assertThat(variables(Map.of(), Map.of("AWS_ACCESS_KEY_ID", "AKIA", "AWS_SECRET_ACCESS_KEY", "s")))
                .containsEntry("AWS_ACCESS_KEY_ID", "AKIA")
                .containsEntry("AWS_ACCESS_KEY", "AKIA")
                .doesNotContainKey("AWS_SESSION_TOKEN");
    }

    private static Map<String, String> variables(Map<String, String> environment, Map<String, String> credentials) {
        DeployedFunction function = Functions.of("echo", Path.of("/nowhere"), 3, environment);
        return RuntimeVariables.of(function, credentials, InitializationType.ON_DEMAND, LOG_ID, TODAY);
    }
}
