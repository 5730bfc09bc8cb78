package dev.thaw.runtimebridge;

import dev.thaw.scheduler.core.InitializationType;
import dev.thaw.scheduler.core.Outcome;
import dev.thaw.scheduler.functions.LoggingConfig.Level;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/**
 * Words the events of the platform by their schema (wire.md W3, contract.md section 18), each with its level in a log in
 * JSON, as the service assigns it. Pure; safe on any thread.
 */
final class TelemetryEvents {
    private static final String TRACING_TYPE = "X-Amzn-Trace-Id";
    private static final ObjectReader WHOLE =
            JsonMapper.shared().reader().with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private static final long NS_PER_MS = 1_000_000;

    private TelemetryEvents() {}

    /** How a phase went: {@code success}, {@code error}, {@code failure} or {@code timeout}, and why. */
    record Status(String key, @Nullable String errorType) {
        static final Status SUCCESS = new Status("success", null);
        static final Status TIMEOUT = new Status("timeout", null);

        /** An init that failed. */
        static Status error(String errorType) {
            return new Status("error", errorType);
        }

        static Status of(Outcome outcome, @Nullable String errorType) {
            return switch (outcome) {
                case RESPONSE -> SUCCESS;
                case FUNCTION_ERROR -> new Status("error", errorType);
                case RUNTIME_EXITED, INIT_FAILED -> new Status("failure", errorType);
                case TIMED_OUT -> TIMEOUT;
            };
        }
    }

    /** {@code invoke} for an init that is part of an invocation (contract.md section 2.4). */
    static String phase(boolean suppressed) {
        return suppressed ? "invoke" : "init";
    }

    /** The environment's log and telemetry know it by the same id. */
    static TelemetryEvent initStart(long epochMs, EnvironmentLaunch launch, boolean suppressed) {
        TelemetryWriter writer =
                TelemetryWriter.event(epochMs, "platform.initStart").open("{");
        writer.text("initializationType", launch.type().key()).text("phase", phase(suppressed));
        boolean versioned = instance(writer, launch);
        return newer(versioned && !suppressed ? Level.INFO : Level.DEBUG, writer.end("}}"));
    }

    /** Returns whether it has a runtime version, which an image has not. */
    private static boolean instance(TelemetryWriter writer, EnvironmentLaunch launch) {
        DeployedFunction function = launch.function();
        String runtime = function.config().runtime();
        writer.text("functionName", function.config().name()).text("functionVersion", function.version());
        writer.text("instanceId", launch.logId())
                .number("instanceMaxMemory", (long) function.config().memoryMib() << 20);
        if (!runtime.isEmpty()) {
            writer.text("runtimeVersion", LogLines.runtimeVersion(runtime));
            writer.text("runtimeVersionArn", LogLines.runtimeVersionArn(runtime, function.region()));
        }
        return !runtime.isEmpty();
    }

    /** In place of an init's start, where the environment goes on from a snapshot. */
    static TelemetryEvent restoreStart(long epochMs, EnvironmentLaunch launch) {
        TelemetryWriter writer =
                TelemetryWriter.event(epochMs, "platform.restoreStart").open("{");
        boolean versioned = instance(writer, launch);
        return newer(versioned ? Level.INFO : Level.DEBUG, writer.end("}}"));
    }

    static TelemetryEvent restoreRuntimeDone(long epochMs, Status status) {
        TelemetryWriter writer =
                TelemetryWriter.event(epochMs, "platform.restoreRuntimeDone").open("{");
        return newer(levelOf(status, Level.DEBUG), status(writer, status).end("}}"));
    }

    static TelemetryEvent restoreReport(long epochMs, Status status, long durationNs) {
        TelemetryWriter writer =
                TelemetryWriter.event(epochMs, "platform.restoreReport").open("{");
        return newer(
                levelOf(status, Level.DEBUG),
                duration(status(writer, status), durationNs).end("}}"));
    }

    static TelemetryEvent initRuntimeDone(
            long epochMs, InitializationType initialization, boolean suppressed, Status status) {
        TelemetryWriter writer = init(epochMs, "platform.initRuntimeDone", initialization, suppressed, status);
        return newer(levelOf(status, Level.DEBUG), writer.end("}}"));
    }

    static TelemetryEvent initReport(
            long epochMs, InitializationType initialization, boolean suppressed, Status status, long durationNs) {
        TelemetryWriter writer = init(epochMs, "platform.initReport", initialization, suppressed, status);
        return newer(levelOf(status, Level.DEBUG), duration(writer, durationNs).end("}}"));
    }

    private static Level levelOf(Status status, Level ofSuccess) {
        return status.equals(Status.SUCCESS) ? ofSuccess : Level.WARN;
    }

    private static TelemetryWriter init(
            long epochMs, String type, InitializationType initialization, boolean suppressed, Status status) {
        TelemetryWriter writer = TelemetryWriter.event(epochMs, type).open("{");
        writer.text("initializationType", initialization.key()).text("phase", phase(suppressed));
        return status(writer, status);
    }

    private static TelemetryWriter status(TelemetryWriter writer, Status status) {
        return writer.text("status", status.key()).text("errorType", status.errorType());
    }

    private static TelemetryWriter duration(TelemetryWriter writer, long durationNs) {
        return writer.name("metrics").open("{").millis("durationMs", durationNs).close("}");
    }

    static TelemetryEvent start(long epochMs, String requestId, String version, String traceId) {
        TelemetryWriter writer =
                TelemetryWriter.event(epochMs, "platform.start").open("{");
        writer.text("requestId", requestId).text("version", version);
        return both(Level.INFO, tracing(writer, traceId).end("}}"));
    }

    private static TelemetryWriter tracing(TelemetryWriter writer, String traceId) {
        if (traceId.isEmpty()) {
            return writer;
        }
        writer.name("tracing").open("{").text("type", TRACING_TYPE).text("value", traceId);
        return writer.close("}");
    }

    /** The runtime is done with an invocation, at {@code epochMs}. */
    static TelemetryEvent runtimeDone(long epochMs, InvocationFigures figures) {
        TelemetryWriter writer =
                TelemetryWriter.event(epochMs, "platform.runtimeDone").open("{");
        status(writer.text("requestId", figures.requestId()), figures.status());
        writer.name("metrics").open("{").millis("durationMs", figures.invokeNs());
        writer.number("producedBytes", figures.producedBytes()).close("}");
        spans(writer, epochMs, figures);
        return both(
                levelOf(figures.status(), Level.DEBUG),
                tracing(writer, figures.traceId()).end("}}"));
    }

    /** From the event to the first byte of the response, and from that to its last. */
    private static void spans(TelemetryWriter writer, long doneEpochMs, InvocationFigures figures) {
        if (!figures.status().equals(Status.SUCCESS)) {
            return;
        }
        writer.name("spans").open("[");
        long latencyNs = figures.invokeNs() - figures.responseNs();
        span(writer, "responseLatency", doneEpochMs - figures.invokeNs() / NS_PER_MS, latencyNs);
        span(writer, "responseDuration", doneEpochMs - figures.responseNs() / NS_PER_MS, figures.responseNs());
        writer.close("]");
    }

    private static void span(TelemetryWriter writer, String name, long startEpochMs, long durationNs) {
        writer.comma().open("{").text("name", name).time("start", startEpochMs);
        writer.millis("durationMs", durationNs).close("}");
    }

    /** Only the older API tells of the end; the newer one says the same by {@code platform.runtimeDone}. */
    static TelemetryEvent end(long epochMs, String requestId) {
        TelemetryWriter writer = TelemetryWriter.event(epochMs, "platform.end").open("{");
        byte[] json = writer.text("requestId", requestId).end("}}");
        return new TelemetryEvent(TelemetryType.PLATFORM, TelemetryApi.LOGS, Level.DEBUG, json);
    }

    static TelemetryEvent report(long epochMs, InvocationFigures figures) {
        TelemetryWriter writer =
                TelemetryWriter.event(epochMs, "platform.report").open("{");
        status(writer.text("requestId", figures.requestId()), figures.status());
        writer.name("metrics").open("{").millis("durationMs", figures.durationNs());
        writer.number("billedDurationMs", figures.billedMs()).number("memorySizeMB", figures.memoryMib());
        writer.number("maxMemoryUsedMB", LogLines.usedMib(figures.peakBytes(), figures.memoryMib()));
        if (figures.initNs() != LogLines.NO_INIT) {
            writer.millis("initDurationMs", figures.initNs());
        }
        if (figures.restoreNs() != LogLines.NO_INIT) {
            writer.millis("restoreDurationMs", figures.restoreNs());
        }
        byte[] json = tracing(writer.close("}"), figures.traceId()).end("}}");
        return both(levelOf(figures.status(), Level.INFO), json);
    }

    static TelemetryEvent extension(
            long epochMs, String name, String state, List<String> events, @Nullable String errorType) {
        TelemetryWriter writer =
                TelemetryWriter.event(epochMs, "platform.extension").open("{");
        names(writer.text("name", name).text("state", state), "events", events);
        return both(
                errorType == null ? Level.INFO : Level.WARN,
                writer.text("errorType", errorType).end("}}"));
    }

    static TelemetryEvent subscription(
            long epochMs, TelemetryApi api, String name, String state, Collection<TelemetryType> types) {
        TelemetryWriter writer =
                TelemetryWriter.event(epochMs, api.subscriptionEvent).open("{");
        List<String> keys = types.stream().sorted().map(type -> type.key).toList();
        names(writer.text("name", name).text("state", state), "types", keys);
        return new TelemetryEvent(TelemetryType.PLATFORM, api, Level.INFO, writer.end("}}"));
    }

    private static void names(TelemetryWriter writer, String field, List<String> names) {
        writer.name(field).open("[");
        names.forEach(writer::element);
        writer.close("]");
    }

    static TelemetryEvent logsDropped(long epochMs, long droppedBytes, long droppedRecords, String reason) {
        TelemetryWriter writer =
                TelemetryWriter.event(epochMs, "platform.logsDropped").open("{");
        writer.number("droppedBytes", droppedBytes).number("droppedRecords", droppedRecords);
        return both(Level.WARN, writer.text("reason", reason).end("}}"));
    }

    /** A line that a function or an extension wrote. */
    static TelemetryEvent line(long epochMs, TelemetryType writer, String line) {
        return output(writer, TelemetryWriter.line(epochMs, writer.key, line));
    }

    /** The same where logs are JSON: a line that is an object is told as that. */
    static TelemetryEvent jsonLine(long epochMs, TelemetryType writer, String line) {
        return isObject(line)
                ? output(writer, TelemetryWriter.object(epochMs, writer.key, line))
                : line(epochMs, writer, line);
    }

    private static boolean isObject(String line) {
        try {
            return line.startsWith("{") && WHOLE.readTree(line).isObject();
        } catch (JacksonException e) {
            return false;
        }
    }

    private static TelemetryEvent output(TelemetryType writer, byte[] json) {
        return new TelemetryEvent(writer, null, Level.INFO, json);
    }

    private static TelemetryEvent newer(Level level, byte[] json) {
        return new TelemetryEvent(TelemetryType.PLATFORM, TelemetryApi.TELEMETRY, level, json);
    }

    private static TelemetryEvent both(Level level, byte[] json) {
        return new TelemetryEvent(TelemetryType.PLATFORM, null, level, json);
    }
}
