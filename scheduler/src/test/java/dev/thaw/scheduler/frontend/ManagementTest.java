package dev.thaw.scheduler.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.scheduler.control.ControlPlane;
import dev.thaw.scheduler.control.OperationHandler;
import dev.thaw.scheduler.control.OperationInput;
import dev.thaw.scheduler.control.ServiceFault;
import dev.thaw.scheduler.live.ThreadLayout;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ResourceLeakDetector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

@SuppressWarnings("NullAway.Init")
final class ManagementTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String FUNCTIONS = "/2015-03-31/functions";
    private static final Queue<Throwable> ERRORS = new ConcurrentLinkedQueue<>();

    @TempDir
    static Path folder;

    private static TestServer server;
    private static ControlPlane control;

    @BeforeAll
    static void start() throws IOException {
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
        Map<String, OperationHandler> handlers = Map.of(
                "CreateFunction",
                ManagementTest::describe,
                "GetFunctionConfiguration",
                ManagementTest::describe,
                "DeleteFunction",
                input -> null,
                "GetPolicy",
                input -> {
                    throw new ServiceFault(
                            Integer.parseInt(input.label("FunctionName")),
                            String.valueOf(input.query("Qualifier")),
                            "no");
                },
                "ListTags",
                input -> {
                    throw new IllegalStateException("secret");
                });
        control = new ControlPlane(List.of(handlers), ERRORS::add);
        server = new TestServer(ThreadLayout.FUSED, new Management() {
            @Override
            public CompletableFuture<@Nullable JsonNode> call(String operation, Supplier<OperationInput> input) {
                return control.call(operation, input);
            }

            @Override
            public Optional<Path> packageOf(String sha256) {
                return Optional.of(folder.resolve(sha256));
            }
        });
    }

    @AfterAll
    static void stop() {
        server.close();
        control.close();
    }

    /** Everything that the handler was given, and where. */
    private static JsonNode describe(OperationInput input) {
        ObjectNode output = JSON.createObjectNode();
        output.put("thread", Thread.currentThread().getName());
        output.put("requestId", input.requestId());
        input.labels().forEach(output::put);
        input.query().forEach((name, values) -> output.put("?" + name, String.join("|", values)));
        JsonNode zip = input.body().path("Code").path("ZipFile");
        output.put("zipBytes", zip.isBinary() ? zip.binaryValue().length : 0);
        output.put("bodyMembers", String.join(",", input.body().propertyNames()));
        return output;
    }

    @Test
    void shouldCallTheOperationOnTheControlThread() throws IOException {
        RawClient.Answer answer = server.get(
                FUNCTIONS
                        + "/arn%3Aaws%3Alambda%3Aus-east-1%3A000000000000%3Afunction%3Aa/configuration?Qualifier=%24LATEST&x=1&x=2");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).isEqualTo("application/json");
        assertThat(JSON.readTree(answer.body()))
                .isEqualTo(JSON.readTree(
                        "{\"thread\":\"thaw-control\",\"requestId\":\"" + answer.header("x-amzn-RequestId")
                                + "\",\"FunctionName\":\"arn:aws:lambda:us-east-1:000000000000:function:a\","
                                + "\"?Qualifier\":\"$LATEST\",\"?x\":\"1|2\",\"zipBytes\":0,\"bodyMembers\":\"\"}"));
    }

    @Test
    void shouldAnswerWithTheOperationsStatus() throws IOException {
        RawClient.Answer created =
                server.post(FUNCTIONS, "", "{\"FunctionName\":\"f\",\"Code\":{\"ZipFile\":\"AAEC\"}}");
        assertThat(created.status()).isEqualTo(201);
        assertThat(JSON.readTree(created.body()).path("zipBytes").intValue()).isEqualTo(3);
        assertThat(JSON.readTree(created.body()).path("bodyMembers").stringValue())
                .isEqualTo("FunctionName,Code");
    }

    @Test
    void shouldAnswer204WithoutBodyAndKeepTheConnection() throws IOException {
        try (RawClient client = server.connect()) {
            for (int i = 0; i < 2; i++) {
                client.send("DELETE " + FUNCTIONS + "/f HTTP/1.1\r\nHost: x\r\n\r\n");
                RawClient.Answer deleted = client.read();
                assertThat(deleted.status()).isEqualTo(204);
                assertThat(deleted.headers()).containsOnlyKeys("x-amzn-requestid");
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "404 | ResourceNotFoundException | {\"Type\":\"User\",\"Message\":\"no\"}",
                "400 | InvalidParameterValueException | {\"Type\":\"User\",\"message\":\"no\"}",
                "409 | ResourceConflictException | {\"Type\":\"User\",\"message\":\"no\"}",
                "412 | PreconditionFailedException | {\"Type\":\"User\",\"message\":\"no\"}",
                "400 | ValidationException | {\"message\":\"no\"}",
                "429 | TooManyRequestsException | {\"Reason\":\"CallerRateLimitExceeded\",\"Type\":\"User\",\"message\":\"no\"}",
                "500 | ServiceException | {\"Type\":\"Service\",\"Message\":\"no\"}",
            })
    void shouldAnswerFaultsAsTheServiceShapesThem(int status, String type, String body) throws IOException {
        RawClient.Answer answer = server.get(FUNCTIONS + "/" + status + "/policy?Qualifier=" + type);
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.header("x-amzn-ErrorType")).isEqualTo(type);
        assertThat(answer.body()).isEqualTo(body);
    }

    @Test
    void shouldNameAnOperationThatIsNotServed() throws IOException {
        RawClient.Answer answer = server.get("/2018-10-31/layers?find=LayerVersion&Arn=a");
        assertThat(answer.status()).isEqualTo(501);
        assertThat(answer.header("x-amzn-ErrorType")).isEqualTo("NotImplementedException");
        assertThat(answer.body())
                .isEqualTo("{\"Type\":\"User\",\"message\":\"GetLayerVersionByArn is not served here\"}");
    }

    @Test
    void shouldNotTellWhatBrokeInside() throws IOException {
        RawClient.Answer answer = server.get("/2017-03-31/tags/arn");
        assertThat(answer.status()).isEqualTo(500);
        assertThat(answer.body()).doesNotContain("secret", "IllegalState");
        assertThat(ERRORS).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "[]", "1", "\"a\"", "{} {}", "{\"Code\":{\"ZipFile\":\"%%%\"}}", "{\"a\":tru}"})
    void shouldRefuseABodyThatIsNotOneObject(String body) throws IOException {
        RawClient.Answer answer = server.post(FUNCTIONS, "", body);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.header("x-amzn-ErrorType")).isEqualTo("InvalidRequestContentException");
        assertThat(answer.body()).contains("Could not parse request body into json: ");
    }

    @Test
    void shouldRefuseAWrongMethodAndAQueryThatIsNotText() throws IOException {
        try (RawClient client = server.connect()) {
            client.send("PATCH " + FUNCTIONS + " HTTP/1.1\r\nHost: x\r\n\r\n");
            RawClient.Answer answer = client.read();
            assertThat(answer.status()).isEqualTo(405);
            assertThat(answer.header("Allow")).isEqualTo("POST, GET");
        }
        assertThat(server.get(FUNCTIONS + "?Marker=%zz").status()).isEqualTo(400);
    }

    @Test
    void shouldTakeFiftyMegabytesOfZip() throws IOException {
        byte[] zip = new byte[52_428_800];
        String body = "{\"Code\":{\"ZipFile\":\"" + Base64.getEncoder().encodeToString(zip) + "\"}}";
        RawClient.Answer answer = server.post(FUNCTIONS, "", body);
        assertThat(answer.status()).isEqualTo(201);
        assertThat(JSON.readTree(answer.body()).path("zipBytes").intValue()).isEqualTo(zip.length);
    }

    @Test
    void shouldRefuseMoreThanTheServiceTakes() throws IOException {
        try (RawClient client = server.connect()) {
            client.send("POST " + FUNCTIONS + " HTTP/1.1\r\nHost: x\r\nContent-Length: 70167212\r\n\r\n{");
            RawClient.Answer answer = client.read();
            assertThat(answer.status()).isEqualTo(413);
            assertThat(answer.header("x-amzn-ErrorType")).isEqualTo("RequestEntityTooLargeException");
            assertThat(answer.body())
                    .isEqualTo(
                            "{\"message\":\"Request must be smaller than 70167211 bytes for the CreateFunction operation\"}");
        }
    }

    @Test
    void shouldGiveOutPackagesByTheirHashAlone() throws IOException {
        String hash = "0123456789abcdef".repeat(4);
        String zip = "PK" + "z".repeat(3 << 20);
        Files.writeString(folder.resolve(hash), zip);
        RawClient.Answer answer = server.get("/_thaw/code/" + hash);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).isEqualTo("application/zip");
        assertThat(answer.body()).isEqualTo(zip);
        assertThat(server.get("/_thaw/code/" + "f".repeat(64)).status()).isEqualTo(404);
        assertThat(server.get("/_thaw/code/..%2F" + hash).status()).isEqualTo(404);
        assertThat(server.get("/_thaw/code/../" + hash).status()).isEqualTo(404);
    }

    @Test
    void shouldGiveTheBudgetBackOnEveryWay() {
        List<Supplier<OperationInput>> calls = new ArrayList<>();
        List<CompletableFuture<@Nullable JsonNode>> answers = new ArrayList<>();
        EmbeddedFrontEnd front = new EmbeddedFrontEnd(1 << 20, (operation, input) -> {
            calls.add(input);
            answers.add(new CompletableFuture<>());
            return answers.getLast();
        });
        String head = "POST " + FUNCTIONS + " HTTP/1.1\r\nHost: x\r\nContent-Length: ";

        EmbeddedChannel served = front.connect();
        EmbeddedFrontEnd.send(served, head + "12\r\n\r\n{\"a\":");
        assertThat(front.budget.heldBytes()).isPositive();
        EmbeddedFrontEnd.send(served, "\"bcde\"}");
        assertThat(calls.getLast().get().body().path("a").stringValue()).isEqualTo("bcde");
        assertThat(front.budget.heldBytes()).isZero();
        answers.getLast().complete(JSON.createObjectNode());
        assertThat(EmbeddedFrontEnd.read(served)).startsWith("HTTP/1.1 201 ");

        EmbeddedChannel neverRun = front.connect();
        EmbeddedFrontEnd.send(neverRun, head + "2\r\n\r\n{}");
        answers.getLast().completeExceptionally(ServiceFault.tooManyRequests());
        assertThat(EmbeddedFrontEnd.read(neverRun)).startsWith("HTTP/1.1 429 ");

        EmbeddedChannel leaves = front.connect();
        EmbeddedFrontEnd.send(leaves, head + "99\r\n\r\n{");
        leaves.finishAndReleaseAll();

        EmbeddedChannel leavesLater = front.connect();
        EmbeddedFrontEnd.send(leavesLater, head + "2\r\n\r\n{}");
        leavesLater.finishAndReleaseAll();
        assertThat(calls.getLast().get().body()).isEmpty();
        answers.getLast().complete(JSON.createObjectNode());

        EmbeddedChannel greedy = front.connect();
        EmbeddedFrontEnd.send(greedy, head + (2 << 20) + "\r\n\r\n");
        EmbeddedFrontEnd.send(greedy, 2 << 20);
        assertThat(EmbeddedFrontEnd.read(greedy)).startsWith("HTTP/1.1 429 ");

        EmbeddedChannel silent = front.connect();
        EmbeddedFrontEnd.send(silent, head + "99\r\n\r\n{");
        front.clock.advance(SlowClients.WINDOW_NS);
        front.loop.slowClients.expire(front.clock.nanoTime());
        silent.runPendingTasks();
        assertThat(EmbeddedFrontEnd.read(silent)).startsWith("HTTP/1.1 408 ");

        assertThat(front.budget.heldBytes()).isZero();
    }
}
