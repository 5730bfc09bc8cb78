package dev.thaw.scheduler.functions;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Bounds of a function's settings (contract.md sections 1.1 to 1.10 and 18). Each rule returns null where the value may
 * stand, or the bound that it breaks, worded to follow {@code key: value, }.
 */
final class FunctionRules {
    static final int MAX_LAYERS = 5;
    static final int MAX_IMAGE_WORDS = 1_500;
    static final int MAX_ENVIRONMENT_BYTES = 4_096;

    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9-_]{1,64}");
    private static final Pattern HANDLER = Pattern.compile("[^\\s\\x00]{1,128}");
    private static final Pattern ENVIRONMENT_KEY = Pattern.compile("[A-Za-z][A-Za-z0-9_]+");
    private static final Pattern LOG_GROUP = Pattern.compile("[.\\-_/#A-Za-z0-9]{1,512}");
    private static final Set<String> APPLICATION_LEVELS = Set.of("TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL");
    private static final Set<String> SYSTEM_LEVELS = Set.of("DEBUG", "INFO", "WARN");
    private static final Set<String> ARCHITECTURES = Set.of("x86_64", "arm64");

    /** Those that may still be configured; retired ones are refused, as the service does. */
    private static final List<String> RUNTIMES = List.of(
            "provided.al2023",
            "provided.al2",
            "java25",
            "java21",
            "java17",
            "java11",
            "java8.al2",
            "python3.14",
            "python3.13",
            "python3.12",
            "python3.11",
            "python3.10",
            "python3.9",
            "python3.8",
            "nodejs24.x",
            "nodejs22.x",
            "nodejs20.x",
            "nodejs18.x",
            "nodejs16.x",
            "dotnet10",
            "dotnet8",
            "dotnet6",
            "ruby3.4",
            "ruby3.3",
            "ruby3.2");

    /** Set by the platform, never by the owner (contract.md section 1.5). */
    static final Set<String> RESERVED = Set.of(
            "_HANDLER",
            "_X_AMZN_TRACE_ID",
            "AWS_DEFAULT_REGION",
            "AWS_REGION",
            "AWS_EXECUTION_ENV",
            "AWS_LAMBDA_FUNCTION_NAME",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
            "AWS_LAMBDA_FUNCTION_VERSION",
            "AWS_LAMBDA_INITIALIZATION_TYPE",
            "AWS_LAMBDA_LOG_GROUP_NAME",
            "AWS_LAMBDA_LOG_STREAM_NAME",
            "AWS_ACCESS_KEY",
            "AWS_ACCESS_KEY_ID",
            "AWS_SECRET_ACCESS_KEY",
            "AWS_SESSION_TOKEN",
            "AWS_LAMBDA_RUNTIME_API",
            "LAMBDA_TASK_ROOT",
            "LAMBDA_RUNTIME_DIR");

    private FunctionRules() {}

    static @Nullable String name(String name) {
        return matches(NAME, name, "must be 1..64 of a-z, A-Z, 0-9, - and _");
    }

    static @Nullable String handler(String handler) {
        return matches(HANDLER, handler, "must be 1..128 characters without white space");
    }

    static @Nullable String runtime(String runtime) {
        return RUNTIMES.contains(runtime) ? null : "must be one of " + String.join(", ", RUNTIMES);
    }

    static @Nullable String notOfImages(boolean given) {
        return given ? "must not be given with PackageType Image" : null;
    }

    static @Nullable String absolutePath(String path) {
        return path.startsWith("/") ? null : "must be an absolute path";
    }

    static @Nullable String imageWords(int words) {
        return words <= MAX_IMAGE_WORDS ? null : "must be at most " + MAX_IMAGE_WORDS;
    }

    static @Nullable String architecture(String architecture) {
        return ARCHITECTURES.contains(architecture) ? null : "must be x86_64 or arm64";
    }

    static @Nullable String memoryMib(long memoryMib) {
        return within(memoryMib, 128, 10_240);
    }

    static @Nullable String timeoutSec(long timeoutSec) {
        return within(timeoutSec, 1, 900);
    }

    static @Nullable String ephemeralStorageMib(long ephemeralStorageMib) {
        return within(ephemeralStorageMib, 512, 10_240);
    }

    static @Nullable String reservedConcurrency(long reservedConcurrency) {
        return reservedConcurrency >= 0 && reservedConcurrency <= Integer.MAX_VALUE ? null : "must be 0 or more";
    }

    static @Nullable String logFormat(String format) {
        return LoggingConfig.Format.of(format) == null ? "must be Text or JSON" : null;
    }

    static @Nullable String applicationLogLevel(String level) {
        return APPLICATION_LEVELS.contains(level) ? null : "must be TRACE, DEBUG, INFO, WARN, ERROR or FATAL";
    }

    static @Nullable String systemLogLevel(String level) {
        return SYSTEM_LEVELS.contains(level) ? null : "must be DEBUG, INFO or WARN";
    }

    /** Levels are for JSON only. */
    static @Nullable String logLevelsOf(LoggingConfig.Format format, boolean leveled) {
        return leveled && format != LoggingConfig.Format.JSON ? "must be JSON where a log level is given" : null;
    }

    static @Nullable String logGroup(String group) {
        return matches(LOG_GROUP, group, "must be 1..512 of a-z, A-Z, 0-9, ., -, _, / and #");
    }

    static @Nullable String layerCount(int layers) {
        return layers <= MAX_LAYERS ? null : "must be at most " + MAX_LAYERS;
    }

    static @Nullable String environmentKey(String key) {
        if (RESERVED.contains(key)) {
            return "is reserved, the platform sets it";
        }
        return matches(ENVIRONMENT_KEY, key, "must be a letter and at least one more letter, digit or _");
    }

    static @Nullable String environmentBytes(long bytes) {
        return bytes <= MAX_ENVIRONMENT_BYTES ? null : "must be at most " + MAX_ENVIRONMENT_BYTES + " bytes in all";
    }

    /** The kernel's texts end at a zero character. Which value is not said: it may be a secret. */
    static @Nullable String environmentValues(Collection<String> values) {
        return values.stream().anyMatch(value -> value.indexOf('\0') >= 0)
                ? "must not have a value with the character U+0000"
                : null;
    }

    /** Keys and values together, as the service counts them. */
    static long bytesOf(Map<String, String> environment) {
        long bytes = 0;
        for (Map.Entry<String, String> variable : environment.entrySet()) {
            bytes += variable.getKey().getBytes(StandardCharsets.UTF_8).length;
            bytes += variable.getValue().getBytes(StandardCharsets.UTF_8).length;
        }
        return bytes;
    }

    private static @Nullable String within(long value, long least, long most) {
        return value >= least && value <= most ? null : "must be " + least + ".." + most;
    }

    private static @Nullable String matches(Pattern pattern, String value, String bound) {
        return pattern.matcher(value).matches() ? null : bound;
    }
}
