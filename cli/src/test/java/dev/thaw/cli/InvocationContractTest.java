package dev.thaw.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Invocations that go well: payloads, logs, environments, every example (contract.md section 22). */
@Tag("slow")
final class InvocationContractTest {
    private static final int REQUEST_LIMIT_BYTES = 6 << 20;
    private static final int RESPONSE_LIMIT_BYTES = (6 << 20) + 100;
    private static final Pattern REPORT =
            Pattern.compile("^REPORT RequestId: [0-9a-f-]{36}\\s+Duration: \\d+\\.\\d\\d ms"
                    + "\\s+Billed Duration: \\d+ ms\\s+Memory Size: \\d+ MB\\s+Max Memory Used: (\\d+) MB"
                    + "(\\s+Init Duration: \\d+\\.\\d\\d ms)?\\s*$");

    @TempDir
    static Path directory;

    private static RunningServer server;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        Host.requireSandboxes();
        server = RunningServer.start(
                directory,
                _ -> {},
                Functions.echo("echo"),
                Functions.echo("echo-sequence"),
                Functions.echo("echo-cold"),
                Functions.probe("probe", 20),
                Functions.probe("probe-many", 30),
                Functions.of("memory", "x86_64", "probe", 256),
                Functions.of("environment", Host.example("x86_64"), Map.of("GREETING", "$HOME/x", "LANG", "C")),
                Functions.of("hash", "x86_64", "hash", 1769),
                Functions.of("dot", "x86_64", "dot", 1769),
                Functions.of("dot-avx2", "x86_64-avx2", "dot", 1769),
                Functions.of("echo-arm64", "arm64", "echo", 512),
                Functions.of("shell-echo", "shell", "function.handler", 512),
                Functions.of("python-area", "python", "lambda_function.lambda_handler", 512));
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    @Test
    void shouldLogEveryInvocationAsDocumented() {
        Reply cold = server.invoke("echo-cold", "1");
        Reply warm = server.invoke("echo-cold", "2");

        assertThat(cold.log().lines().toList())
                .satisfiesExactly(
                        line -> assertThat(line)
                                .isEqualTo("START RequestId: " + cold.requestId() + " Version: $LATEST"),
                        line -> assertThat(line).isEqualTo("END RequestId: " + cold.requestId()),
                        line -> assertThat(line).matches(REPORT).contains("Init Duration: ", "Memory Size: 128 MB"));
        assertThat(warm.report()).matches(REPORT).contains(warm.requestId()).doesNotContain("Init Duration");
        assertThat(cold.server().coldTrigger).isTrue();
        assertThat(warm.server().coldTrigger).isFalse();
        assertThat(server.awaitLog("echo-cold", warm.requestId()))
                .startsWith("INIT_START Runtime Version: provided:al2023")
                .doesNotContain("INIT_REPORT");
    }

    @Test
    void shouldReportTheMemoryThatWasUsed() {
        long before = usedMib(server.invoke("memory", "{\"do\":\"count\"}"));
        long after = usedMib(server.invoke("memory", "{\"do\":\"allocate\",\"mib\":50}"));

        assertThat(after - before).isBetween(45L, 70L);
    }

    private static long usedMib(Reply reply) {
        Matcher report = REPORT.matcher(reply.report());
        assertThat(report.matches()).as(reply.report()).isTrue();
        return Long.parseLong(report.group(1));
    }

    @Test
    void shouldServeOneInvocationAtATimeInEachEnvironment() {
        long createdBefore = server.fleet().created();
        List<CompletableFuture<Reply>> sent = IntStream.range(0, 50)
                .mapToObj(_ -> server.send("probe-many", "{\"do\":\"sleep\",\"ms\":4000}"))
                .toList();
        server.awaitFleet("50 at once", fleet -> fleet.busy() == 50);
        List<Reply> replies = sent.stream().map(CompletableFuture::join).toList();

        assertThat(replies).allSatisfy(reply -> assertThat(reply.text()).startsWith("{\"sleptUs\":"));
        assertThat(replies.stream().map(reply -> reply.server().environmentId).distinct())
                .hasSize(50);
        assertThat(server.fleet().created() - createdBefore).isEqualTo(50);
    }

    @Test
    void shouldReuseOneEnvironment() {
        List<Reply> replies = IntStream.range(0, 100)
                .mapToObj(i -> server.invoke("echo-sequence", Integer.toString(i)))
                .toList();

        assertThat(replies)
                .extracting(Reply::text)
                .containsExactlyElementsOf(
                        IntStream.range(0, 100).mapToObj(Integer::toString).toList());
        assertThat(replies.stream().map(reply -> reply.server().environmentId).distinct())
                .hasSize(1);
        assertThat(replies.getFirst().report()).contains("Init Duration: ");
        assertThat(replies.subList(1, 100))
                .allSatisfy(reply -> assertThat(reply.report()).matches(REPORT).doesNotContain("Init Duration"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":1}",
                " { \"a\" : [1 , 2.50e+3 ]\n}\t",
                "\"\\u00fc ü \\ud83d\\ude00 😀\"",
                "null",
                "[]",
                "0"
            })
    void shouldPassPayloadsByteForByte(String payload) {
        Reply reply = server.invoke("echo", payload);

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body()).isEqualTo(payload.getBytes(StandardCharsets.UTF_8));
        assertThat(reply.functionError()).isEmpty();
    }

    @Test
    void shouldTakeAnEmptyPayload() {
        Reply reply = server.invoke("echo", "");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.functionError()).isEmpty();
        assertThat(reply.text()).isIn("", "{}");
    }

    @Test
    void shouldPassSixMegabytesBothWays() {
        byte[] payload = new byte[REQUEST_LIMIT_BYTES];
        Arrays.fill(payload, (byte) 'y');
        payload[0] = payload[payload.length - 1] = '"';

        assertThat(server.send("echo", payload).join().body()).isEqualTo(payload);
        Reply largest = server.invoke("probe", "{\"do\":\"big\",\"bytes\":" + RESPONSE_LIMIT_BYTES + "}");
        assertThat(largest.body())
                .hasSize(RESPONSE_LIMIT_BYTES)
                .startsWith('"', 'x')
                .endsWith('x', '"');
    }

    @Test
    void shouldFailAResponseThatIsTooLarge() {
        Reply reply = server.invoke("probe", "{\"do\":\"big\",\"bytes\":" + (RESPONSE_LIMIT_BYTES + 1) + "}");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.functionError()).isEqualTo("Unhandled");
        assertThat(reply.text()).contains("\"errorType\":\"Function.ResponseSizeTooLarge\"");
        assertThat(server.invoke("probe", "{\"do\":\"count\"}").functionError()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "_HANDLER, probe",
        "AWS_REGION, us-east-1",
        "AWS_DEFAULT_REGION, us-east-1",
        "AWS_LAMBDA_FUNCTION_NAME, environment",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE, 128",
        "AWS_LAMBDA_FUNCTION_VERSION, $LATEST",
        "AWS_LAMBDA_INITIALIZATION_TYPE, on-demand",
        "AWS_LAMBDA_LOG_GROUP_NAME, /aws/lambda/environment",
        "AWS_LAMBDA_RUNTIME_API, 127.0.0.1:9001",
        "LAMBDA_TASK_ROOT, /var/task",
        "LAMBDA_RUNTIME_DIR, /var/runtime",
        "TZ, UTC",
        "GREETING, $HOME/x",
        "LANG, C"
    })
    void shouldSetTheDocumentedVariables(String name, String value) {
        assertThat(variable(name)).isEqualTo("\"" + value + "\"");
    }

    @Test
    void shouldSetVariablesOfAShape() {
        assertThat(variable("AWS_LAMBDA_LOG_STREAM_NAME"))
                .matches("\"\\d{4}/\\d\\d/\\d\\d/\\[\\$LATEST][0-9a-f]{32}\"");
        assertThat(variable("PATH")).endsWith(":/opt/bin\"");
        assertThat(variable("AWS_ACCESS_KEY_ID")).matches("\".+\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"AWS_EXECUTION_ENV", "JAVA_HOME", "MAVEN_HOME", "THAW_INIT", "SUDO_USER"})
    void shouldNotSetOthers(String name) {
        assertThat(variable(name)).isEqualTo("null");
    }

    private static String variable(String name) {
        return server.invoke("environment", "{\"do\":\"env\",\"name\":\"" + name + "\"}")
                .text();
    }

    @Test
    void shouldTellTheFunctionItsContext() {
        long beforeEpochMs = System.currentTimeMillis();
        Reply reply = server.invoke("probe", "{\"do\":\"context\"}");
        long afterEpochMs = System.currentTimeMillis();
        long deadlineEpochMs = Long.parseLong(reply.text().replaceAll(".*\"deadlineMs\":(\\d+).*", "$1"));

        assertThat(reply.text())
                .contains("\"requestId\":\"" + reply.requestId() + "\"")
                .contains(":function:probe\"")
                .contains("\"traceId\":\"Root=1-");
        // Its timeout is 20 s, from some moment within the request.
        assertThat(deadlineEpochMs).isBetween(beforeEpochMs + 20_000, afterEpochMs + 20_000);
    }

    @Test
    void shouldHashTheEvent() throws Exception {
        byte[] event = "{\"x\":5}".getBytes(StandardCharsets.UTF_8);
        String hash =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(event));

        assertThat(server.send("hash", event).join().text()).isEqualTo("\"" + hash + "\"");
    }

    @Test
    void shouldRunAShellFunction() {
        Host.requireProgram("curl");
        assertThat(server.invoke("shell-echo", "{\"text\":\"Hello\"}").text())
                .isEqualTo("Echoing request: '{\"text\":\"Hello\"}'");
    }

    @Test
    void shouldRunAPythonFunction() {
        Host.requireProgram("python3");
        assertThat(server.invoke("python-area", "{\"length\":6,\"width\":7}").text())
                .isEqualTo("\"{\\\"area\\\": 42}\"");
    }

    @Test
    void shouldRunTheOtherArchitectureEmulated() {
        Host.requireArm64();
        assertThat(server.invoke("echo-arm64", "{\"n\":1}").text()).isEqualTo("{\"n\":1}");
        Reply warm = server.invoke("echo-arm64", "{\"n\":2}");
        assertThat(warm.text()).isEqualTo("{\"n\":2}");
        assertThat(warm.server().emulated).isTrue();
        assertThat(server.invoke("echo", "1").server().emulated).isFalse();
    }

    @Test
    void shouldRunAvx2Code() throws IOException {
        Host.requireAvx2();
        String event = "{\"n\":4096,\"repeat\":2,\"seed\":1}";
        String scalar = server.invoke("dot", event).text();
        String avx2 = server.invoke("dot-avx2", event).text();

        assertThat(scalar).contains("\"kernel\":\"scalar\"", "\"n\":4096");
        assertThat(avx2).contains("\"kernel\":\"avx2\"", "\"n\":4096");
        // The kernels add in different orders; 1e-6 of the sum of 4,096 products of numbers below 1 each.
        assertThat(dot(avx2)).isCloseTo(dot(scalar), within(0.0041));
    }

    private static double dot(String json) {
        return Double.parseDouble(json.replaceAll(".*\"dot\":([-0-9.eE+]+).*", "$1"));
    }
}
