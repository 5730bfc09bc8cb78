package dev.thaw.scheduler.control;

import dev.thaw.scheduler.functions.LoggingConfig;

/**
 * {@code LoggingConfig} of a function (contract.md section 1.14).
 *
 * @param format {@code Text} or {@code JSON}
 * @param applicationLevel empty where the format is {@code Text}
 * @param systemLevel empty where the format is {@code Text}
 */
record LoggingSettings(String format, String group, String applicationLevel, String systemLevel) {
    static final String TEXT = "Text";
    static final String JSON = "JSON";

    /** What a function has that asks for nothing. */
    static LoggingSettings of(String functionName) {
        return new LoggingSettings(TEXT, "/aws/lambda/" + functionName, "", "");
    }

    /** As a template has it. */
    static LoggingSettings of(String functionName, LoggingConfig config) {
        return new LoggingSettings(
                config.format().key,
                config.groupOf(functionName),
                config.applicationLevel().name(),
                config.systemLevel().name());
    }

    /** Levels go with JSON only. */
    LoggingSettings {
        boolean levels = format.equals(JSON);
        applicationLevel = levels ? (applicationLevel.isEmpty() ? "INFO" : applicationLevel) : "";
        systemLevel = levels ? (systemLevel.isEmpty() ? "INFO" : systemLevel) : "";
    }
}
