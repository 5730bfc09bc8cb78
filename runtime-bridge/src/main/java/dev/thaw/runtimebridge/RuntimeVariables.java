package dev.thaw.runtimebridge;

import dev.thaw.sandbox.ImageProcess;
import dev.thaw.sandbox.image.ContainerImage;
import dev.thaw.scheduler.core.InitializationType;
import dev.thaw.scheduler.functions.FunctionConfig;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Map;

/**
 * The environment variables of a runtime (contract.md section 1.5): defaults that the function may override, the
 * function's own, and the reserved ones, which it may not. {@code AWS_EXECUTION_ENV} is absent
 * where the function brings its own runtime; {@code _X_AMZN_TRACE_ID} is the runtime's to set, for each invocation. Pure.
 */
final class RuntimeVariables {
    private static final DateTimeFormatter STREAM_DAY = DateTimeFormatter.ofPattern("yyyy/MM/dd");

    /** Credentials of nobody: SDKs inside a function start with them and are refused by any real service. */
    private static final Map<String, String> DUMMY_CREDENTIALS = Map.of(
            "AWS_ACCESS_KEY_ID", "AKIDTHAWEXAMPLE",
            "AWS_SECRET_ACCESS_KEY", "thaw-example-secret-key",
            "AWS_SESSION_TOKEN", "thaw-example-session-token");

    private RuntimeVariables() {}

    /** {@code credentials} are AWS variables that take the place of the dummy ones; {@code logId} is 32 hex digits. */
    static Map<String, String> of(
            DeployedFunction function,
            Map<String, String> credentials,
            InitializationType type,
            String logId,
            LocalDate today) {
        Map<String, String> variables = defaults(function.config().runtime());
        ContainerImage image = function.image();
        if (image != null) {
            // An image knows where its own libraries lie.
            variables.remove("LD_LIBRARY_PATH");
            variables.putAll(image.environment());
        }
        variables.putAll(function.config().environment());
        variables.putAll(credentials.isEmpty() ? DUMMY_CREDENTIALS : credentials);
        String accessKey = variables.get("AWS_ACCESS_KEY_ID");
        if (accessKey != null) {
            variables.put("AWS_ACCESS_KEY", accessKey);
        }
        reserved(variables, function, type, logId, today);
        return variables;
    }

    static String logStream(String version, String logId, LocalDate today) {
        return STREAM_DAY.format(today) + "/[" + version + "]" + logId;
    }

    /** No path names a version but the runtime's own (contract.md C25). */
    private static Map<String, String> defaults(String runtime) {
        Map<String, String> variables = new HashMap<>();
        variables.put("LANG", "en_US.UTF-8");
        variables.put("TZ", "UTC");
        boolean provided = isProvided(runtime);
        variables.put("PATH", (provided ? "" : "/var/lang/bin:") + "/usr/local/bin:/usr/bin/:/bin:/opt/bin");
        variables.put(
                "LD_LIBRARY_PATH",
                "/var/lang/lib:/lib64:/usr/lib64:/var/runtime:/var/runtime/lib:/var/task:/var/task/lib:/opt/lib");
        variables.put("AWS_XRAY_CONTEXT_MISSING", "LOG_ERROR");
        if (runtime.startsWith("python")) {
            variables.put("PYTHONPATH", "/var/runtime");
        } else if (runtime.startsWith("nodejs")) {
            String version = runtime.substring("nodejs".length()).replace(".x", "");
            variables.put(
                    "NODE_PATH",
                    "/opt/nodejs/node" + version
                            + "/node_modules:/opt/nodejs/node_modules:/var/runtime/node_modules:/var/runtime:/var/task");
        }
        return variables;
    }

    /** An image has no runtime of ours either. */
    private static boolean isProvided(String runtime) {
        return runtime.isEmpty() || runtime.startsWith("provided");
    }

    private static void reserved(
            Map<String, String> variables,
            DeployedFunction function,
            InitializationType type,
            String logId,
            LocalDate today) {
        FunctionConfig config = function.config();
        variables.put("_HANDLER", handler(function));
        variables.put("AWS_REGION", function.region());
        variables.put("AWS_DEFAULT_REGION", function.region());
        variables.put("AWS_LAMBDA_FUNCTION_NAME", config.name());
        variables.put("AWS_LAMBDA_FUNCTION_VERSION", function.version());
        variables.put("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", Integer.toString(config.memoryMib()));
        variables.put("AWS_LAMBDA_INITIALIZATION_TYPE", type.key());
        if (type != InitializationType.SNAP_START) {
            variables.put("AWS_LAMBDA_LOG_GROUP_NAME", config.logging().groupOf(config.name()));
            variables.put("AWS_LAMBDA_LOG_STREAM_NAME", logStream(function.version(), logId, today));
        }
        variables.put("AWS_LAMBDA_LOG_FORMAT", config.logging().format().key);
        if (config.logging().isJson()) {
            variables.put(
                    "AWS_LAMBDA_LOG_LEVEL", config.logging().applicationLevel().name());
        }
        if (!isProvided(config.runtime())) {
            variables.put("AWS_EXECUTION_ENV", "AWS_Lambda_" + config.runtime());
        }
        variables.put("LAMBDA_TASK_ROOT", "/var/task");
        variables.put("LAMBDA_RUNTIME_DIR", "/var/runtime");
    }

    /** An image's handler is the first word of its command, as its own entry script takes it. */
    private static String handler(DeployedFunction function) {
        ImageProcess image = function.imageProcess();
        return image == null
                ? function.config().handler()
                : image.command().stream().findFirst().orElse("");
    }
}
