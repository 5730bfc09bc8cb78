package dev.thaw.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.results.InjectedFault;
import dev.thaw.runtimebridge.FaultRule;
import dev.thaw.scheduler.functions.FunctionConfig;
import dev.thaw.scheduler.functions.LoggingConfig;
import dev.thaw.scheduler.functions.LoggingConfig.Format;
import dev.thaw.scheduler.functions.LoggingConfig.Level;
import dev.thaw.scheduler.live.ThreadLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Response streaming of a whole server (contract.md sections 3.1, 9 and 22). */
@Tag("slow")
final class StreamingContractTest {
    private static final int LIMIT_BYTES = 20 << 20;
    private static final int BURST_BYTES = 6 << 20;

    @TempDir
    static Path directory;

    private static RunningServer server;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        Host.requireSandboxes();
        Host.requireProgram("python3");
        server = RunningServer.start(
                directory,
                _ -> {},
                stream("stream", 60),
                stream("dies", 60),
                stream("hangs", 1),
                stream("gone", 60),
                Functions.of("drip", "x86_64", "drip", 128),
                Functions.echo("echo"));
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    private static FunctionConfig stream(String name, int timeoutSec) {
        return new FunctionConfig(
                name,
                Host.example("stream"),
                "stream",
                "provided.al2023",
                "x86_64",
                256,
                timeoutSec,
                FunctionConfig.DEFAULT_EPHEMERAL_STORAGE_MIB,
                List.of(),
                Map.of(),
                FunctionConfig.UNRESERVED);
    }

    private static EventStream open(String function, String event) throws IOException, InterruptedException {
        return EventStream.open(server.uri(), function, event);
    }

    /** Tells the function that its client has acknowledged what it got. */
    private static void acknowledge(String function) throws IOException, InterruptedException {
        for (long pid : Sandboxes.ours().pids(function)) {
            if (Files.readString(Path.of("/proc", Long.toString(pid), "comm")).startsWith("bootstrap")) {
                new ProcessBuilder("kill", "-USR1", Long.toString(pid)).start().waitFor();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(ThreadLayout.class)
    void shouldForwardTheFirstByteBeforeTheSecondIsProduced(ThreadLayout layout)
            throws IOException, InterruptedException {
        String name = "first-" + layout.key();
        try (RunningServer own = RunningServer.start(
                directory.resolve(name), options -> options.layout = layout.key(), stream(name, 60))) {
            try (EventStream answer =
                    EventStream.open(own.uri(), name, "{\"parts\":[\"one\",\"two\"],\"await\":true}")) {
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.header("content-type")).isEqualTo("application/vnd.amazon.eventstream");
                assertThat(answer.header("x-thaw-response-content-type")).isEqualTo("text/plain");
                assertThat(answer.next("PayloadChunk")).isEqualTo("one");
                acknowledge(name);
                assertThat(answer.next("PayloadChunk")).isEqualTo("two");
                assertThat(answer.next("InvokeComplete")).isEqualTo("{}");
            }
        }
    }

    /** Wire.md W3: spans and bytes of a stream, whose second part is made once the first has arrived. */
    @Test
    void shouldTellOfAStreamWhenItsFirstByteCameAndHowManyCame() throws IOException, InterruptedException {
        FunctionConfig told =
                stream("told", 60).withLogging(new LoggingConfig(Format.JSON, Level.INFO, Level.DEBUG, null));
        try (RunningServer own = RunningServer.start(directory.resolve("told"), _ -> {}, told);
                EventStream answer =
                        EventStream.open(own.uri(), "told", "{\"parts\":[\"one\",\"two\"],\"await\":true}")) {
            assertThat(answer.next("PayloadChunk")).isEqualTo("one");
            acknowledge("told");
            assertThat(answer.rest()).isEqualTo("two");
            String log = own.awaitLog("told", "platform.report");
            String line = log.lines()
                    .filter(text -> text.contains("platform.runtimeDone"))
                    .findFirst()
                    .orElseThrow();
            JsonNode done = JsonMapper.shared().readTree(line).path("record");
            assertThat(done.at("/metrics/producedBytes").intValue()).isEqualTo(6);
            assertThat(done.at("/spans/0/name").stringValue()).isEqualTo("responseLatency");
            assertThat(done.at("/spans/1/name").stringValue()).isEqualTo("responseDuration");
            assertThat(done.at("/spans/1/durationMs").doubleValue()).isPositive();
        }
    }

    @Test
    void shouldPassAnHttpIntegrationsPreludeOn() throws IOException, InterruptedException {
        try (EventStream answer = open("stream", "{\"prelude\":{\"statusCode\":201},\"parts\":[\"body\"]}")) {
            assertThat(answer.header("x-thaw-response-content-type"))
                    .isEqualTo("application/vnd.awslambda.http-integration-response");
            assertThat(answer.rest()).isEqualTo("{\"statusCode\": 201}\0\0\0\0\0\0\0\0body");
            assertThat(answer.completion()).isEqualTo("{}");
        }
    }

    /** With a runtime client in C, which ends its connection with each response, as documented. */
    @Test
    void shouldStreamFromAFunctionInC() throws IOException, InterruptedException {
        try (EventStream answer = open("drip", "{\"parts\":3,\"bytes\":5}")) {
            assertThat(answer.header("x-thaw-response-content-type")).isEqualTo("text/plain");
            assertThat(answer.rest()).isEqualTo("aaaaabbbbbccccc");
            assertThat(answer.completion()).isEqualTo("{}");
        }
        try (EventStream answer = open("drip", "{\"bytes\":2,\"error\":\"Function.Half\"}")) {
            assertThat(answer.rest()).isEqualTo("aa");
            assertThat(answer.completion()).contains("\"ErrorCode\":\"Unhandled\"", "Function.Half", "told to");
        }
        assertThat(server.invoke("drip", "{\"parts\":2,\"bytes\":3}").text()).isEqualTo("aaabbb");
        assertThat(server.invoke("drip", "{\"bytes\":-1}").text()).contains("Function.InvalidEvent");
        assertThat(Sandboxes.ours().pids("drip")).isNotEmpty();
    }

    @Test
    void shouldTellAnErrorMidway() throws IOException, InterruptedException {
        String error = "{\"errorType\":\"Function.Half\",\"errorMessage\":\"no more\"}";
        try (EventStream answer = open("stream", "{\"parts\":[\"half\"],\"error\":" + error + "}")) {
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.rest()).isEqualTo("half");
            assertThat(answer.completion())
                    .startsWith("{\"ErrorCode\":\"Unhandled\",\"ErrorDetails\":")
                    .contains("Function.Half", "no more");
        }
    }

    @Test
    void shouldRefuseAnErrorReportAfterTheFirstChunk() throws IOException, InterruptedException {
        try (EventStream answer = open("stream", "{\"parts\":[\"one \"],\"then\":\"error\"}")) {
            assertThat(answer.rest()).isEqualTo("one status 400");
            assertThat(answer.completion()).isEqualTo("{}");
        }
    }

    @Test
    void shouldTellAnErrorBeforeTheFirstChunk() throws IOException, InterruptedException {
        try (EventStream answer = open("stream", "{\"refuse\":true}")) {
            assertThat(answer.rest()).isEmpty();
            assertThat(answer.completion()).contains("\"ErrorCode\":\"Unhandled\"", "refused before the response");
        }
    }

    @Test
    void shouldEndAStreamOfNothing() throws IOException, InterruptedException {
        try (EventStream answer = open("stream", "{\"parts\":[]}")) {
            assertThat(answer.rest()).isEmpty();
            assertThat(answer.completion()).isEqualTo("{}");
        }
    }

    @Test
    void shouldSendAWholeResponseAsOneEvent() throws IOException, InterruptedException {
        try (EventStream answer = open("echo", "{\"whole\":1}")) {
            assertThat(answer.next("PayloadChunk")).isEqualTo("{\"whole\":1}");
            assertThat(answer.next("InvokeComplete")).isEqualTo("{}");
        }
    }

    @Test
    void shouldBufferForAnInvokeWithoutStream() {
        assertThat(server.invoke("stream", "{\"parts\":[\"one\",\"two\"],\"bytes\":100000}")
                        .text())
                .hasSize(100_006)
                .startsWith("onetwoxxx");
        Reply failed = server.invoke("stream", "{\"parts\":[\"half\"],\"error\":{\"errorType\":\"Function.Half\"}}");
        assertThat(failed.status()).isEqualTo(200);
        assertThat(failed.functionError()).isEqualTo("Unhandled");
        assertThat(failed.text()).isEqualTo("half");
    }

    @Test
    void shouldBoundABufferedStream() {
        Reply reply = server.invoke("stream", "{\"bytes\":" + ((6 << 20) + 101) + "}");

        assertThat(reply.functionError()).isEqualTo("Unhandled");
        assertThat(reply.text()).contains("Function.ResponseSizeTooLarge");
    }

    @Test
    void shouldNotThrottleFiveMebibytes() throws IOException, InterruptedException {
        try (EventStream answer = open("stream", "{\"bytes\":" + (5 << 20) + "}")) {
            long startNs = System.nanoTime();
            assertThat(answer.rest()).hasSize(5 << 20);
            // At 2 MiB/s it were 2.5 s: far from what an idle machine needs, and from what a busy one does.
            assertThat(System.nanoTime() - startNs).isLessThan(TimeUnit.MILLISECONDS.toNanos(2_500));
        }
    }

    @Test
    void shouldPassTwentyMebibytesInSevenSecondsAndCutTheNextByte() {
        CompletableFuture<long[]> longer = CompletableFuture.supplyAsync(() -> measure(LIMIT_BYTES + 1, true));
        long[] limit = measure(LIMIT_BYTES, false);
        long[] cut = longer.join();

        assertThat(limit[1]).as("all").isBetween(7_000_000_000L, 9_000_000_000L);
        assertThat(BURST_BYTES * 1e9 / limit[0]).as("rate of the first 6 MiB").isGreaterThan(2 << 20);
        assertThat(cut[1]).as("all, one byte more").isBetween(7_000_000_000L - 40_000_000L, 9_000_000_000L);
    }

    /** Returns when the burst was there, and when everything was, since the head. */
    private static long[] measure(int bytes, boolean tooLong) {
        try (EventStream answer = open("stream", "{\"bytes\":" + bytes + "}")) {
            long startNs = System.nanoTime();
            int received = 0;
            while (received < BURST_BYTES) {
                received += answer.next("PayloadChunk").length();
            }
            long burstNs = System.nanoTime() - startNs;
            received += answer.rest().length();
            assertThat(received).isEqualTo(LIMIT_BYTES);
            if (tooLong) {
                assertThat(answer.completion()).contains("Function.ResponseSizeTooLarge", "20971520");
            } else {
                assertThat(answer.completion()).isEqualTo("{}");
            }
            return new long[] {burstNs, System.nanoTime() - startNs};
        } catch (IOException | InterruptedException e) {
            throw new CompletionException(e);
        }
    }

    @Test
    void shouldTellThatTheRuntimeEndedMidway() throws IOException, InterruptedException {
        try (EventStream answer = open("dies", "{\"parts\":[\"half\"],\"then\":\"exit\"}")) {
            assertThat(answer.rest()).isEqualTo("half");
            assertThat(answer.completion()).contains("Runtime.ExitError", "exit status 3");
        }
        assertThat(server.invoke("dies", "{\"parts\":[\"again\"]}").text()).isEqualTo("again");
        assertThat(server.awaitLog("dies", "REPORT").split("INIT_START", -1)).hasSizeLessThanOrEqualTo(2);
        server.awaitFleet("nothing is busy", fleet -> fleet.busy() == 0);
    }

    /** Faults befall an event before its runtime sees it: the stream of a 200 has no part, and says why at its end. */
    @Test
    void shouldTellFaultsOnPurposeInTheStreamThatTheyBefall() throws IOException, InterruptedException {
        try (RunningServer own = RunningServer.start(
                directory.resolve("faulty"),
                options -> options.faults = List.of(
                        FaultRule.parse("crash@invoke:100%,function=crashes"),
                        FaultRule.parse("hang@invoke:100%,function=stuck")),
                stream("crashes", 60),
                stream("stuck", 1))) {
            try (EventStream answer = EventStream.open(own.uri(), "crashes", "{\"parts\":[\"one\"]}")) {
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.rest()).isEmpty();
                assertThat(answer.completion())
                        .contains("\"ErrorCode\":\"Unhandled\"", "Runtime.ExitError", "signal: killed");
            }
            try (EventStream answer = EventStream.open(own.uri(), "stuck", "{\"parts\":[\"one\"]}")) {
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.rest()).isEmpty();
                assertThat(answer.completion()).contains("Sandbox.Timedout", "Task timed out after 1.00 seconds");
            }
            own.awaitFleet("nothing is busy", fleet -> fleet.busy() == 0);
        }
    }

    /** The same after a first part, which the client has by then. */
    @Test
    void shouldTellFaultsOnPurposeAfterTheFirstPart() throws IOException, InterruptedException {
        try (RunningServer own = RunningServer.start(
                directory.resolve("broken"),
                options -> options.faults = List.of(
                        FaultRule.parse("crash@stream:100%,function=crashes"),
                        FaultRule.parse("hang@stream:100%,function=stuck")),
                stream("crashes", 60),
                stream("stuck", 1))) {
            for (String parts : List.of("[\"one\"]", "[\"one\",\"two\"]")) {
                try (EventStream answer = EventStream.open(own.uri(), "crashes", "{\"parts\":" + parts + "}")) {
                    assertThat(answer.rest()).isEqualTo("one");
                    assertThat(answer.completion())
                            .contains("\"ErrorCode\":\"Unhandled\"", "Runtime.ExitError", "signal: killed");
                }
            }
            Reply whole = own.invoke("stuck", "{\"parts\":[\"one\",\"two\"]}");
            assertThat(whole.text()).contains("Sandbox.Timedout");
            assertThat(whole.server().faults).isEqualTo(InjectedFault.HANG_STREAM.bit());
            try (EventStream answer = EventStream.open(own.uri(), "stuck", "{\"parts\":[\"one\",\"two\"]}")) {
                assertThat(answer.rest()).isEqualTo("one");
                assertThat(answer.completion()).contains("Sandbox.Timedout", "Task timed out after 1.00 seconds");
            }
            own.awaitFleet("nothing is busy", fleet -> fleet.busy() == 0);
        }
    }

    @Test
    void shouldTellThatTheConnectionEndedMidway() throws IOException, InterruptedException {
        try (EventStream answer = open("stream", "{\"parts\":[\"half\"],\"then\":\"close\"}")) {
            assertThat(answer.rest()).isEqualTo("half");
            assertThat(answer.completion()).contains("Runtime.TruncatedResponse");
        }
    }

    @Test
    void shouldTellATimeoutMidway() throws IOException, InterruptedException {
        try (EventStream answer = open("hangs", "{\"parts\":[\"half\"],\"then\":\"hang\"}")) {
            assertThat(answer.rest()).isEqualTo("half");
            assertThat(answer.completion()).contains("Sandbox.Timedout", "Task timed out after 1.00 seconds");
        }
        assertThat(server.invoke("hangs", "{\"parts\":[\"again\"]}").text()).isEqualTo("again");
    }

    /** Of what had come an {@code Invoke} has nothing: the error is its answer. */
    @Test
    void shouldTellAnInvokeWithoutStreamOfEndsMidway() {
        Reply died = server.invoke("dies", "{\"parts\":[\"half\"],\"then\":\"exit\"}");
        assertThat(died.status()).isEqualTo(200);
        assertThat(died.functionError()).isEqualTo("Unhandled");
        assertThat(died.text())
                .startsWith("{\"errorType\":\"Runtime.ExitError\",")
                .contains("exit status 3");
        Reply late = server.invoke("hangs", "{\"parts\":[\"half\"],\"then\":\"hang\"}");
        assertThat(late.functionError()).isEqualTo("Unhandled");
        assertThat(late.text()).startsWith("{\"errorType\":\"Sandbox.Timedout\",");
    }

    @Test
    void shouldLetTheFunctionGoOnWhoseClientHasGone() throws IOException, InterruptedException {
        try (EventStream answer = open("gone", "{\"parts\":[\"one\",\"two\"],\"await\":true,\"bytes\":8000000}")) {
            assertThat(answer.next("PayloadChunk")).isEqualTo("one");
        }
        acknowledge("gone");
        String log = server.logs().await("gone", "its END", text -> text.contains("END RequestId"));
        assertThat(log).doesNotContain("Error Type");
        assertThat(server.invoke("gone", "{\"parts\":[\"again\"]}").text()).isEqualTo("again");
        assertThat(server.logs()
                        .await("gone", "two REPORTs", text -> text.split("\nREPORT ", -1).length == 3)
                        .split("INIT_START", -1))
                .as("inits")
                .hasSize(2);
    }
}
