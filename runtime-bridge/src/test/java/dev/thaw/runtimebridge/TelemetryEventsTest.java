package dev.thaw.runtimebridge;

import static dev.thaw.scheduler.core.InitializationType.ON_DEMAND;
import static dev.thaw.scheduler.core.InitializationType.PROVISIONED_CONCURRENCY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.scheduler.core.Outcome;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Every event by its schema (wire.md W3, contract.md section 18). */
final class TelemetryEventsTest {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final long AT_MS = 1_668_000_000_000L;
    private static final String TIME = "{\"time\":\"2022-11-09T13:20:00.000Z\",\"type\":\"";
    private static final String TRACE = "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=1";
    private static final EnvironmentLaunch LAUNCH = EnvironmentLaunch.at(
            AT_MS, Functions.of("f", Path.of("/tmp"), 3, Map.of()).at("7"), PROVISIONED_CONCURRENCY, "abc");

    private static InvocationFigures figures(Outcome outcome, @Nullable String errorType, long initNs) {
        return new InvocationFigures(
                "id-1",
                TRACE,
                TelemetryEvents.Status.of(outcome, errorType),
                12_340_000,
                12_340_000,
                2_340_000,
                initNs,
                LogLines.NO_INIT,
                13,
                256,
                20 << 20,
                5);
    }

    @Test
    void shouldTellOfARestore() {
        String instance = "\"functionName\":\"f\",\"functionVersion\":\"7\",\"instanceId\":\"abc\"";
        assertThat(new String(
                        TelemetryEvents.restoreStart(AT_MS, LAUNCH).json(), java.nio.charset.StandardCharsets.UTF_8))
                .contains("platform.restoreStart", instance, "runtimeVersionArn");
        hasJson(
                TelemetryEvents.restoreRuntimeDone(AT_MS, TelemetryEvents.Status.SUCCESS),
                "platform.restoreRuntimeDone",
                "{\"status\":\"success\"}");
        hasJson(
                TelemetryEvents.restoreReport(AT_MS, TelemetryEvents.Status.error("Hook.Bad"), 12_340_000),
                "platform.restoreReport",
                "{\"status\":\"error\",\"errorType\":\"Hook.Bad\",\"metrics\":{\"durationMs\":12.34}}");
    }

    private static void hasJson(TelemetryEvent event, String type, String record) {
        JsonNode read = JSON.readTree(event.json());
        assertThat(read).isEqualTo(JSON.readTree(TIME + type + "\",\"record\":" + record + "}"));
    }

    @Test
    void shouldTellOfTheStartOfInit() {
        String arn = LogLines.runtimeVersionArn("provided.al2023", "us-east-1");
        for (boolean suppressed : new boolean[] {false, true}) {
            TelemetryEvent event = TelemetryEvents.initStart(AT_MS, LAUNCH, suppressed);
            hasJson(
                    event,
                    "platform.initStart",
                    "{\"initializationType\":\"provisioned-concurrency\",\"phase\":\""
                            + (suppressed ? "invoke" : "init")
                            + "\",\"functionName\":\"f\",\"functionVersion\":\"7\",\"instanceId\":\"abc\","
                            + "\"instanceMaxMemory\":268435456,\"runtimeVersion\":\"provided:al2023.v1\","
                            + "\"runtimeVersionArn\":\"" + arn + "\"}");
        }
    }

    @Test
    void shouldTellHowInitEnded() {
        hasJson(
                TelemetryEvents.initRuntimeDone(AT_MS, ON_DEMAND, false, TelemetryEvents.Status.SUCCESS),
                "platform.initRuntimeDone",
                "{\"initializationType\":\"on-demand\",\"phase\":\"init\",\"status\":\"success\"}");
        hasJson(
                TelemetryEvents.initReport(
                        AT_MS, ON_DEMAND, true, TelemetryEvents.Status.error("Runtime.ExitError"), 1_236_040_000L),
                "platform.initReport",
                "{\"initializationType\":\"on-demand\",\"phase\":\"invoke\",\"status\":\"error\","
                        + "\"errorType\":\"Runtime.ExitError\",\"metrics\":{\"durationMs\":1236.04}}");
    }

    @Test
    void shouldTellOfTheStartOfAnInvocation() {
        hasJson(
                TelemetryEvents.start(AT_MS, "id-1", "7", TRACE),
                "platform.start",
                "{\"requestId\":\"id-1\",\"version\":\"7\",\"tracing\":{\"type\":\"X-Amzn-Trace-Id\",\"value\":\""
                        + TRACE + "\"}}");
        hasJson(
                TelemetryEvents.start(AT_MS, "id-1", "7", ""),
                "platform.start",
                "{\"requestId\":\"id-1\",\"version\":\"7\"}");
    }

    @Test
    void shouldTellThatTheRuntimeIsDoneWithSpansAndTracing() {
        hasJson(
                TelemetryEvents.runtimeDone(AT_MS, figures(Outcome.RESPONSE, null, LogLines.NO_INIT)),
                "platform.runtimeDone",
                "{\"requestId\":\"id-1\",\"status\":\"success\",\"metrics\":{\"durationMs\":12.34,\"producedBytes\":5},"
                        + "\"spans\":[{\"name\":\"responseLatency\",\"start\":\"2022-11-09T13:19:59.988Z\",\"durationMs\":10.00},"
                        + "{\"name\":\"responseDuration\",\"start\":\"2022-11-09T13:19:59.998Z\",\"durationMs\":2.34}],"
                        + "\"tracing\":{\"type\":\"X-Amzn-Trace-Id\",\"value\":\"" + TRACE + "\"}}");
    }

    @Test
    void shouldReportFiguresAndOutcome() {
        String metrics = "\"metrics\":{\"durationMs\":12.34,\"billedDurationMs\":13,\"memorySizeMB\":256,"
                + "\"maxMemoryUsedMB\":20";
        String tracing = "\"tracing\":{\"type\":\"X-Amzn-Trace-Id\",\"value\":\"" + TRACE + "\"}}";
        hasJson(
                TelemetryEvents.report(AT_MS, figures(Outcome.RESPONSE, null, 3_150_000)),
                "platform.report",
                "{\"requestId\":\"id-1\",\"status\":\"success\"," + metrics + ",\"initDurationMs\":3.15}," + tracing);
        hasJson(
                TelemetryEvents.report(AT_MS, figures(Outcome.RUNTIME_EXITED, "Runtime.ExitError", LogLines.NO_INIT)),
                "platform.report",
                "{\"requestId\":\"id-1\",\"status\":\"failure\",\"errorType\":\"Runtime.ExitError\"," + metrics + "},"
                        + tracing);
        hasJson(
                TelemetryEvents.report(AT_MS, figures(Outcome.TIMED_OUT, null, LogLines.NO_INIT)),
                "platform.report",
                "{\"requestId\":\"id-1\",\"status\":\"timeout\"," + metrics + "}," + tracing);
        hasJson(
                TelemetryEvents.report(AT_MS, figures(Outcome.FUNCTION_ERROR, "Function.Oops", LogLines.NO_INIT)),
                "platform.report",
                "{\"requestId\":\"id-1\",\"status\":\"error\",\"errorType\":\"Function.Oops\"," + metrics + "},"
                        + tracing);
    }

    @Test
    void shouldTellOfExtensionsSubscriptionsAndLosses() {
        hasJson(
                TelemetryEvents.extension(AT_MS, "e", "Ready", List.of("INVOKE", "SHUTDOWN"), null),
                "platform.extension",
                "{\"name\":\"e\",\"state\":\"Ready\",\"events\":[\"INVOKE\",\"SHUTDOWN\"]}");
        hasJson(
                TelemetryEvents.subscription(
                        AT_MS,
                        TelemetryApi.TELEMETRY,
                        "e",
                        "Subscribed",
                        List.of(TelemetryType.FUNCTION, TelemetryType.PLATFORM)),
                "platform.telemetrySubscription",
                "{\"name\":\"e\",\"state\":\"Subscribed\",\"types\":[\"platform\",\"function\"]}");
        hasJson(
                TelemetryEvents.logsDropped(AT_MS, 100, 2, "slow"),
                "platform.logsDropped",
                "{\"droppedBytes\":100,\"droppedRecords\":2,\"reason\":\"slow\"}");
    }

    @Test
    void shouldPassLinesOnCharacterForCharacter() {
        String line = "a\"b\\c\td\u0001\u00e4\u20ac\ud83d\ude00 \u2028";
        JsonNode read = JSON.readTree(
                TelemetryEvents.line(AT_MS, TelemetryType.FUNCTION, line).json());
        assertThat(read.get("record").stringValue()).isEqualTo(line);
        assertThat(read.get("type").stringValue()).isEqualTo("function");
    }
}
