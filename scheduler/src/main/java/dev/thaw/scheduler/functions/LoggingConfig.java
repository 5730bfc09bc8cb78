package dev.thaw.scheduler.functions;

import org.jspecify.annotations.Nullable;

/**
 * How a function's log is written (contract.md section 1.14).
 *
 * @param applicationLevel what the runtime is told to leave out; {@link Level#INFO} unless the format is JSON
 * @param systemLevel the least that the platform's own lines must have: DEBUG, INFO or WARN
 * @param logGroup instead of {@code /aws/lambda/<function>}, or null
 */
public record LoggingConfig(
        Format format,
        Level applicationLevel,
        Level systemLevel,
        @Nullable String logGroup) {
    /** As the service has it where nothing is said. */
    public static final LoggingConfig DEFAULT = new LoggingConfig(Format.TEXT, Level.INFO, Level.INFO, null);

    /** What the platform's lines, and those of runtimes that can, look like. */
    public enum Format {
        TEXT("Text"),
        JSON("JSON");

        /** As the service writes it. */
        public final String key;

        Format(String key) {
            this.key = key;
        }

        static @Nullable Format of(String key) {
            for (Format format : values()) {
                if (format.key.equals(key)) {
                    return format;
                }
            }
            return null;
        }
    }

    /** From the most detail to the least. */
    public enum Level {
        TRACE,
        DEBUG,
        INFO,
        WARN,
        ERROR,
        FATAL
    }

    public LoggingConfig {
        FunctionConfig.require("systemLevel", systemLevel, FunctionRules.systemLogLevel(systemLevel.name()));
        boolean leveled = applicationLevel != Level.INFO || systemLevel != Level.INFO;
        FunctionConfig.require("format", format, FunctionRules.logLevelsOf(format, leveled));
        if (logGroup != null) {
            FunctionConfig.require("logGroup", logGroup, FunctionRules.logGroup(logGroup));
        }
    }

    /** Whether every line of the platform is a JSON object. */
    public boolean isJson() {
        return format == Format.JSON;
    }

    /** The log group of {@code function}. */
    public String groupOf(String function) {
        return logGroup == null ? "/aws/lambda/" + function : logGroup;
    }
}
