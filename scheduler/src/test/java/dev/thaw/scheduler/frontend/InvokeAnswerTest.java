package dev.thaw.scheduler.frontend;

import static dev.thaw.scheduler.frontend.EmbeddedFrontEnd.ECHO;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.results.ServerRecord;
import dev.thaw.scheduler.functions.FunctionConfig;
import dev.thaw.scheduler.live.ThreadLayout;
import io.netty.util.ResourceLeakDetector;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an invocation's request may say, and what its answer says. */
@SuppressWarnings("NullAway.Init")
final class InvokeAnswerTest {
    private static final String TRACE_PATTERN = "Root=1-5f-a;Sampled=1;Lineage=[0-9a-f]{8}:1";
    private static final String UUID_PATTERN = "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}";

    private static TestServer server;

    @BeforeAll
    static void start() throws IOException {
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
        server = new TestServer(ThreadLayout.FUSED)
                .with("echo")
                .with("off", 3, 0)
                .with("hasty", 1, FunctionConfig.UNRESERVED);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void shouldAnswerWithTheDocumentedHeaders() throws IOException {
        RawClient.Answer answer = server.post(ECHO, "", "{\"a\":1}");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("{\"a\":1}");
        assertThat(answer.header("Content-Type")).isEqualTo("application/json");
        assertThat(answer.header("X-Amz-Executed-Version")).isEqualTo("$LATEST");
        assertThat(answer.header("x-amzn-RequestId")).matches(UUID_PATTERN);
        assertThat(answer.header("X-Amzn-Trace-Id"))
                .matches("Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0");
        assertThat(answer.headers())
                .doesNotContainKeys("x-amz-function-error", "x-amz-log-result", "x-thaw-record", "connection");
    }

    @Test
    void shouldPassTraceContextAndRequestIdOn() throws IOException {
        String context = "{\"custom\":{\"k\":\"v\"}}";
        RawClient.Answer answer = server.post(
                ECHO,
                "X-Amzn-Trace-Id: Root=1-5f-a;Sampled=1\r\nX-Amz-Client-Context: "
                        + Base64.getEncoder().encodeToString(context.getBytes(StandardCharsets.UTF_8)) + "\r\n",
                "\"context\"");
        assertThat(answer.header("X-Amzn-Trace-Id")).matches(TRACE_PATTERN);
        assertThat(answer.body())
                .isEqualTo(context + " " + answer.header("X-Amzn-Trace-Id") + " " + answer.header("x-amzn-RequestId"));
    }

    /** A function that invokes itself passes on the trace header that it was given. */
    @Test
    void shouldEndAChainAfterSixteenInvocationsUnlessItIsAllowed() throws IOException {
        String traceId = "Root=1-5f-a;Sampled=1";
        for (int invocation = 0; invocation < 16; invocation++) {
            RawClient.Answer answer = server.post(ECHO, "X-Amzn-Trace-Id: " + traceId + "\r\n", "1");
            assertThat(answer.status()).isEqualTo(200);
            traceId = answer.header("X-Amzn-Trace-Id");
        }
        RawClient.Answer dropped = server.post(ECHO, "X-Amzn-Trace-Id: " + traceId + "\r\n", "1");
        assertThat(dropped.status()).isEqualTo(400);
        assertThat(dropped.header("x-amzn-ErrorType")).isEqualTo("RecursiveInvocationException");
        assertThat(dropped.body()).startsWith("{\"Type\":\"User\",\"Message\":\"");
        assertThat(server.get("/_thaw/metrics").body())
                .contains("thaw_recursive_invocations_dropped_total{function=\"echo\"} 1.0\n");

        server.functions.loops().allow("echo", true);

        assertThat(server.post(ECHO, "X-Amzn-Trace-Id: " + traceId + "\r\n", "1")
                        .status())
                .isEqualTo(200);
        assertThat(server.post(ECHO, "", "1").header("X-Amzn-Trace-Id"))
                .as("begins a chain")
                .doesNotContain("Lineage");
    }

    @Test
    void shouldSayFunctionErrorWithStatus200() throws IOException {
        RawClient.Answer answer = server.post(ECHO, "", "\"fail\"");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("X-Amz-Function-Error")).isEqualTo("Unhandled");
        assertThat(answer.body()).isEqualTo("{\"errorMessage\":\"it broke\",\"errorType\":\"Oops\"}");
    }

    @Test
    void shouldWordAnExit() throws IOException {
        RawClient.Answer answer = server.post(ECHO, "", "\"exit\"");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("X-Amz-Function-Error")).isEqualTo("Unhandled");
        assertThat(answer.body())
                .isEqualTo("{\"errorType\":\"Runtime.ExitError\",\"errorMessage\":\"RequestId: "
                        + answer.header("x-amzn-RequestId")
                        + " Error: Runtime exited without providing a reason\"}");
    }

    @Test
    void shouldWordATimeout() throws IOException {
        RawClient.Answer answer = server.post("/2015-03-31/functions/hasty/invocations", "", "\"hold\"");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("X-Amz-Function-Error")).isEqualTo("Unhandled");
        assertThat(answer.body())
                .isEqualTo("{\"errorType\":\"Sandbox.Timedout\",\"errorMessage\":\"RequestId: "
                        + answer.header("x-amzn-RequestId") + " Error: Task timed out after 1.00 seconds\"}");
        server.environments.held.clear();
    }

    @Test
    void shouldReturnTheLogTail() throws IOException {
        RawClient.Answer answer = server.post(ECHO, "X-Amz-Log-Type: Tail\r\n", "1");
        String log = new String(
                Base64.getDecoder().decode(answer.headers().get("x-amz-log-result")), StandardCharsets.UTF_8);
        assertThat(log).isEqualTo("START RequestId: " + answer.header("x-amzn-RequestId"));
    }

    @Test
    void shouldCarryTheRecordWhereAskedFor() throws IOException {
        RawClient.Answer answer = server.post(ECHO, "X-Thaw-Record: 1\r\n", "1");
        ServerRecord record = new ServerRecord();
        String header = answer.headers().getOrDefault("x-thaw-record", "");
        assertThat(record.decode(header)).isTrue();
        assertThat(record.memoryMib).isEqualTo(128);
        assertThat(record.environmentId).isNotNegative();
    }

    @Test
    void shouldOnlyValidateOnDryRun() throws IOException {
        int before = server.environments.dispatched.get();
        RawClient.Answer answer = server.post(ECHO, "X-Amz-Invocation-Type: DryRun\r\n", "{}");
        assertThat(answer.status()).isEqualTo(204);
        assertThat(answer.body()).isEmpty();
        assertThat(server.environments.dispatched.get()).isEqualTo(before);
        assertThat(server.post(ECHO, "X-Amz-Invocation-Type: DryRun\r\n", "{").status())
                .isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "X-Amz-Invocation-Type: Event|500|ServiceException|takes no asynchronous events",
                "X-Amz-Invocation-Type: Sync|400|ValidationException|Value 'Sync' at 'invocationType' failed to satisfy constraint: Member must satisfy enum value set: [Event, RequestResponse, DryRun]",
                "X-Amz-Log-Type: All|400|ValidationException|Value 'All' at 'logType'",
                "X-Amz-Client-Context: %%%|400|InvalidRequestContentException|Client context must be a valid Base64-encoded JSON object.",
                "Content-Type: text/plain|415|UnsupportedMediaTypeException|text/plain, must be application/json",
                "Content-Type: application/x-www-form-urlencoded|415|UnsupportedMediaTypeException|must be application/json",
            })
    void shouldRefuseBadHeaders(String header, int status, String type, String message) throws IOException {
        RawClient.Answer answer = server.post(ECHO, header + "\r\n", "{}");
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.header("x-amzn-ErrorType")).isEqualTo(type);
        assertThat(answer.body()).contains(message);
        assertThat(answer.header("x-amzn-RequestId")).matches(UUID_PATTERN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "Application/JSON; charset=utf-8", "application/cloudevents+json"})
    void shouldTakeJsonContentTypes(String type) throws IOException {
        assertThat(server.post(ECHO, "Content-Type: " + type + "\r\n", "1").status())
                .isEqualTo(200);
    }

    @Test
    void shouldBoundTheClientContext() throws IOException {
        String fits = Base64.getEncoder()
                .encodeToString(("{\"a\":\"" + "x".repeat(2_678) + "\"}").getBytes(StandardCharsets.UTF_8));
        assertThat(fits.length()).isEqualTo(3_584);
        RawClient.Answer answer = server.post(ECHO, "X-Amz-Client-Context: " + fits + "\r\n", "1");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).contains("Client context is 3584 bytes, must be at most 3583 bytes of base64");
        String shorter = Base64.getEncoder()
                .withoutPadding()
                .encodeToString(("{\"a\":\"" + "x".repeat(2_677) + "\"}").getBytes(StandardCharsets.UTF_8));
        assertThat(server.post(ECHO, "X-Amz-Client-Context: " + shorter + "\r\n", "1")
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nope|arn:aws:lambda:us-east-1:000000000000:function:nope:$LATEST",
                "echo:7|arn:aws:lambda:us-east-1:000000000000:function:echo:7",
                "echo?Qualifier=BLUE|arn:aws:lambda:us-east-1:000000000000:function:echo:BLUE",
                "function|arn:aws:lambda:us-east-1:000000000000:function:function:$LATEST",
                "echo?Qualifier=$latest|arn:aws:lambda:us-east-1:000000000000:function:echo:$latest",
                "e.cho|arn:aws:lambda:us-east-1:000000000000:function:e.cho:$LATEST",
            })
    void shouldNotFindFunctions(String name, String arn) throws IOException {
        RawClient.Answer answer = server.post(pathOf(name), "", "{}");
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.header("x-amzn-ErrorType")).isEqualTo("ResourceNotFoundException");
        assertThat(answer.body()).isEqualTo("{\"Type\":\"User\",\"Message\":\"Function not found: " + arn + "\"}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "echo?Qualifier=$LATEST",
                "echo?Qualifier=%24LATEST",
                "echo:$LATEST",
                "echo%3A%24LATEST?Qualifier=%24LATEST",
                "000000000000:function:echo",
                "us-east-1:000000000000:echo",
                "arn:aws:lambda:echo",
                "arn:aws:lambda:us-east-1:000000000000:function:echo",
                "arn%3Aaws%3Alambda%3Aus-east-1%3A000000000000%3Afunction%3Aecho%3A%24LATEST"
            })
    void shouldFindFunctionsByEverySpelling(String name) throws IOException {
        assertThat(server.post(pathOf(name), "", "1").status()).isEqualTo(200);
    }

    /** As the management API does, which reads names by the same rules. */
    @Test
    void shouldRefuseFunctionsOfOtherAccounts() throws IOException {
        for (String name :
                List.of("123456789012:function:echo", "arn:aws:lambda:us-east-1:123456789012:function:echo")) {
            RawClient.Answer answer = server.post(pathOf(name), "", "1");
            assertThat(answer.status()).isEqualTo(403);
            assertThat(answer.header("x-amzn-ErrorType")).isEqualTo("AccessDeniedException");
            assertThat(answer.body()).isEqualTo("{\"Message\":\"Functions of other accounts cannot be reached here\"}");
        }
    }

    @Test
    void shouldNameTheRegionOfAFunctionElsewhere() throws IOException {
        RawClient.Answer answer = server.post(
                "/2015-03-31/functions/arn:aws:lambda:eu-west-1:000000000000:function:echo/invocations", "", "1");
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.body())
                .isEqualTo("{\"Type\":\"User\",\"Message\":\"Functions from 'eu-west-1' are not reachable in this"
                        + " region ('us-east-1')\"}");
    }

    @Test
    void shouldRefuseNamesThatBreakTheModel() throws IOException {
        RawClient.Answer pattern = server.post(pathOf("a%20b"), "", "{}");
        assertThat(pattern.status()).isEqualTo(400);
        assertThat(pattern.header("x-amzn-ErrorType")).isEqualTo("ValidationException");
        assertThat(pattern.body()).contains("Value 'a b' at 'functionName'");
        RawClient.Answer both = server.post(pathOf("a%20b?Qualifier=c!"), "", "{}");
        assertThat(both.status()).isEqualTo(400);
        assertThat(both.body())
                .contains(
                        "2 validation errors detected: ", "Value 'c!' at 'qualifier'", "Value 'a b' at 'functionName'");
        RawClient.Answer mismatch = server.post(pathOf("echo:1?Qualifier=2"), "", "{}");
        assertThat(mismatch.status()).isEqualTo(400);
        assertThat(mismatch.body())
                .isEqualTo("{\"Type\":\"User\",\"message\":\"The derived qualifier from the function name does not"
                        + " match the specified qualifier.\"}");
    }

    @Test
    void shouldThrottleWhereConcurrencyIsZero() throws IOException {
        RawClient.Answer answer = server.post(pathOf("off"), "", "{}");
        assertThat(answer.status()).isEqualTo(429);
        assertThat(answer.header("x-amzn-ErrorType")).isEqualTo("TooManyRequestsException");
        assertThat(answer.header("Retry-After")).isEqualTo("1");
        assertThat(answer.body())
                .isEqualTo("{\"Reason\":\"ReservedFunctionConcurrentInvocationLimitExceeded\",\"Type\":\"User\","
                        + "\"message\":\"Rate Exceeded.\"}");
    }

    @Test
    void shouldThrottleAtOnceWhereTheInboxIsFull() throws IOException {
        server.inboxOpen = false;
        try {
            RawClient.Answer answer = server.post(ECHO, "", "{}");
            assertThat(answer.status()).isEqualTo(429);
            assertThat(answer.body()).contains("\"Reason\":\"CallerRateLimitExceeded\"");
        } finally {
            server.inboxOpen = true;
        }
    }

    private static String pathOf(String name) {
        int query = name.indexOf('?');
        return query < 0
                ? "/2015-03-31/functions/" + name + "/invocations"
                : "/2015-03-31/functions/" + name.substring(0, query) + "/invocations" + name.substring(query);
    }
}
