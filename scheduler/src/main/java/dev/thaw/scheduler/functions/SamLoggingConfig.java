package dev.thaw.scheduler.functions;

import dev.thaw.scheduler.functions.LoggingConfig.Format;
import dev.thaw.scheduler.functions.LoggingConfig.Level;
import dev.thaw.scheduler.functions.TemplateNodes.Entry;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads {@code LoggingConfig} of a function in a template; what is read later overrides, key by key. */
final class SamLoggingConfig {
    private final TemplateNodes nodes;
    private Format format = Format.TEXT;
    private @Nullable Level applicationLevel;
    private @Nullable Level systemLevel;
    private @Nullable String logGroup;

    SamLoggingConfig(TemplateNodes nodes) {
        this.nodes = nodes;
    }

    void read(Node node) {
        for (Entry entry : nodes.mapping("LoggingConfig", node).values()) {
            String key = "LoggingConfig." + entry.key();
            switch (entry.key()) {
                case "LogFormat" -> {
                    String text = text(key, entry, FunctionRules::logFormat);
                    format = Objects.requireNonNull(Format.of(text));
                }
                case "ApplicationLogLevel" ->
                    applicationLevel = Level.valueOf(text(key, entry, FunctionRules::applicationLogLevel));
                case "SystemLogLevel" -> systemLevel = Level.valueOf(text(key, entry, FunctionRules::systemLogLevel));
                case "LogGroup" -> logGroup = text(key, entry, FunctionRules::logGroup);
                default ->
                    throw nodes.refusal(
                            entry.keyNode(),
                            "LoggingConfig",
                            entry.key(),
                            "must be LogFormat, ApplicationLogLevel, SystemLogLevel or LogGroup");
            }
        }
    }

    private String text(String key, Entry entry, Rule rule) {
        String text = nodes.string(key, entry.value());
        nodes.check(entry.value(), key, text, rule.broken(text));
        return text;
    }

    /** Everything is read; {@code at} is where the function stands. */
    LoggingConfig toConfig(Node at) {
        boolean leveled = applicationLevel != null || systemLevel != null;
        nodes.check(at, "LoggingConfig.LogFormat", format.key, FunctionRules.logLevelsOf(format, leveled));
        return new LoggingConfig(
                format,
                Objects.requireNonNullElse(applicationLevel, Level.INFO),
                Objects.requireNonNullElse(systemLevel, Level.INFO),
                logGroup);
    }

    @FunctionalInterface
    private interface Rule {
        @Nullable
        String broken(String text);
    }
}
