package dev.thaw.scheduler.events;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.thaw.scheduler.events.TargetSender.Sent;
import dev.thaw.scheduler.functions.RootFolder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What targets receive, checked by a server that answers as the services do. */
final class TargetsTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String FUNCTION = VirtualQueue.FUNCTION + ":live";
    private static final String RECORD = "{\"version\":\"1.0\",\"umlaut\":\"ä & = +\"}";

    private static final String TRACE = "Root=1-2-3;Lineage=0a1b2c3d:4|11111111:1";

    private record Request(String path, String operation, String contentType, String trace, String body) {}

    @TempDir
    private Path folder;

    private final LinkedBlockingQueue<Request> requests = new LinkedBlockingQueue<>();
    private volatile int status = 200;
    private volatile String answer = "{}";
    private HttpServer server;
    private Targets targets;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::onRequest);
        server.start();
        URI endpoint = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        targets = new Targets(new TargetEndpoints(endpoint, endpoint, endpoint, RootFolder.of(folder.resolve("root"))));
    }

    @AfterEach
    void stop() {
        targets.close();
        server.stop(0);
    }

    @Test
    void shouldSendTheRecordAsAMessageOfAQueue() throws Exception {
        assertThat(send(Delivery.Kind.SUCCESS, VirtualQueue.QUEUE)).isEqualTo(new Sent.Done());
        Request request = request();
        assertThat(request.operation).isEqualTo("AmazonSQS.SendMessage");
        assertThat(request.contentType).isEqualTo("application/x-amz-json-1.0");
        JsonNode message = JSON.readTree(request.body);
        assertThat(message.path("QueueUrl").asString()).endsWith("/000000000000/q");
        assertThat(message.path("MessageBody").asString()).isEqualTo(RECORD);
        assertThat(message.has("MessageAttributes")).isFalse();
    }

    @Test
    void shouldPassTheChainOfInvocationsOnToQueuesAndTopics() throws Exception {
        send(Delivery.Kind.SUCCESS, VirtualQueue.QUEUE);
        assertThat(JSON.readTree(request().body).path("MessageSystemAttributes"))
                .isEqualTo(JSON.readTree(
                        "{\"AWSTraceHeader\":{\"DataType\":\"String\",\"StringValue\":\"" + TRACE + "\"}}"));
        send(Delivery.Kind.SUCCESS, VirtualQueue.TOPIC);
        assertThat(request().trace).isEqualTo(TRACE);
    }

    @Test
    void shouldTellOfTheFailureBesideADeadLetter() throws Exception {
        assertThat(send(Delivery.Kind.DEAD_LETTER, VirtualQueue.QUEUE)).isEqualTo(new Sent.Done());
        JsonNode message = JSON.readTree(request().body);
        assertThat(message.path("MessageBody").asString()).isEqualTo(RECORD);
        assertThat(message.path("MessageAttributes")).isEqualTo(JSON.readTree("""
                                {"RequestID":{"DataType":"String","StringValue":"id"},
                                "ErrorCode":{"DataType":"Number","StringValue":"200"},
                                "ErrorMessage":{"DataType":"String","StringValue":"went wrong"}}"""));
    }

    @Test
    void shouldPublishTheRecordToATopic() throws Exception {
        assertThat(send(Delivery.Kind.FAILURE, VirtualQueue.TOPIC)).isEqualTo(new Sent.Done());
        Request request = request();
        assertThat(request.contentType).startsWith("application/x-www-form-urlencoded");
        assertThat(form(request.body))
                .isEqualTo(Map.of(
                        "Action",
                        "Publish",
                        "Version",
                        "2010-03-31",
                        "TopicArn",
                        VirtualQueue.TOPIC,
                        "Message",
                        RECORD));
    }

    @Test
    void shouldPublishADeadLetterWithAttributes() throws Exception {
        assertThat(send(Delivery.Kind.DEAD_LETTER, VirtualQueue.TOPIC)).isEqualTo(new Sent.Done());
        assertThat(form(request().body))
                .containsEntry("MessageAttributes.entry.2.Name", "ErrorCode")
                .containsEntry("MessageAttributes.entry.2.Value.DataType", "Number")
                .containsEntry("MessageAttributes.entry.2.Value.StringValue", "200");
    }

    @ParameterizedTest
    @CsvSource({"SUCCESS,Success", "FAILURE,Failure"})
    void shouldPutTheRecordOnAnEventBus(Delivery.Kind kind, String result) throws Exception {
        String bus = "arn:aws:events:us-east-1:000000000000:event-bus/default";
        assertThat(send(kind, bus)).isEqualTo(new Sent.Done());
        Request request = request();
        assertThat(request.operation).isEqualTo("AWSEvents.PutEvents");
        assertThat(request.contentType).isEqualTo("application/x-amz-json-1.1");
        JsonNode entry = JSON.readTree(request.body).path("Entries").path(0);
        assertThat(entry.path("Source").asString()).isEqualTo("lambda");
        assertThat(entry.path("DetailType").asString()).isEqualTo("Lambda Function Invocation Result - " + result);
        assertThat(entry.path("Detail").asString()).isEqualTo(RECORD);
        assertThat(entry.path("Resources")).isEqualTo(JSON.valueToTree(new String[] {FUNCTION, bus}));
        assertThat(entry.path("EventBusName").asString()).isEqualTo("default");
    }

    @Test
    void shouldTryEventsAgainThatTheBusDidNotTake() throws Exception {
        answer = "{\"FailedEntryCount\":1,\"Entries\":[{\"ErrorCode\":\"ThrottlingException\"}]}";
        assertThat(send(Delivery.Kind.SUCCESS, "arn:aws:events:us-east-1:000000000000:event-bus/b"))
                .isInstanceOfSatisfying(
                        Sent.Failed.class,
                        failed -> assertThat(failed.lasting()).isFalse());
    }

    @ParameterizedTest
    @CsvSource({"500,false", "503,false", "429,false", "400,true", "403,true"})
    void shouldTellFailuresThatLastFromOthers(int code, boolean lasting) throws Exception {
        status = code;
        assertThat(send(Delivery.Kind.SUCCESS, VirtualQueue.QUEUE))
                .isInstanceOfSatisfying(Sent.Failed.class, failed -> {
                    assertThat(failed.lasting()).isEqualTo(lasting);
                    assertThat(failed.problem()).contains("status " + code);
                });
    }

    @Test
    void shouldFailWhereNoEndpointIsSetOrNobodyAnswers() throws Exception {
        try (Targets nowhere = new Targets(TargetEndpoints.NONE)) {
            assertThat(send(nowhere, Delivery.Kind.SUCCESS, VirtualQueue.QUEUE))
                    .isEqualTo(new Sent.Failed("no endpoint is set for sqs", true));
        }
        server.stop(0);
        assertThat(send(Delivery.Kind.SUCCESS, VirtualQueue.QUEUE))
                .isInstanceOfSatisfying(
                        Sent.Failed.class,
                        failed -> assertThat(failed.lasting()).isFalse());
    }

    @Test
    void shouldWriteAFileForEachMessage() throws Exception {
        Path deep = folder.resolve("root/a/b");
        String target = Target.FOLDER_PREFIX + deep;
        assertThat(send(Delivery.Kind.SUCCESS, target)).isEqualTo(new Sent.Done());
        assertThat(send(Delivery.Kind.SUCCESS, target)).isEqualTo(new Sent.Done());
        assertThat(Files.readString(deep.resolve("id.json"))).isEqualTo(RECORD);
        try (var files = Files.list(deep)) {
            assertThat(files).hasSize(1);
        }
    }

    @Test
    void shouldWriteToNoFolderThatLiesOrLeadsElsewhere() throws Exception {
        Path elsewhere = Files.createDirectories(folder.resolve("elsewhere"));
        Path root = Files.createDirectories(folder.resolve("root"));
        Files.createSymbolicLink(root.resolve("link"), elsewhere);
        Files.createSymbolicLink(root.resolve("to-be"), folder.resolve("not-there"));
        Sent refused = new Sent.Failed(Targets.NOT_ALLOWED, true);
        for (Path target : List.of(
                elsewhere,
                folder,
                root.resolve("../elsewhere"),
                root.resolve("link"),
                root.resolve("link/deep"),
                root.resolve("to-be/deep"))) {
            assertThat(send(Delivery.Kind.DEAD_LETTER, Target.FOLDER_PREFIX + target))
                    .isEqualTo(refused);
        }
        try (Targets without = new Targets(TargetEndpoints.NONE)) {
            assertThat(send(without, Delivery.Kind.DEAD_LETTER, Target.FOLDER_PREFIX + root))
                    .isEqualTo(refused);
        }
        assertThat(elsewhere).isEmptyDirectory();
        assertThat(folder.resolve("not-there")).doesNotExist();
    }

    private Sent send(Delivery.Kind kind, String target) throws Exception {
        return send(targets, kind, target);
    }

    private static Sent send(Targets targets, Delivery.Kind kind, String target) throws Exception {
        CompletableFuture<Sent> result = new CompletableFuture<>();
        byte[] body = RECORD.getBytes(StandardCharsets.UTF_8);
        targets.send(new Delivery(kind, "id", FUNCTION, target, body, 200, "went wrong", TRACE), result::complete);
        return result.get(20, TimeUnit.SECONDS);
    }

    private Request request() {
        return Objects.requireNonNull(requests.poll());
    }

    private static Map<String, String> form(String body) {
        return Arrays.stream(body.split("&"))
                .map(pair -> pair.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> URLDecoder.decode(pair[1], StandardCharsets.UTF_8)));
    }

    private void onRequest(HttpExchange exchange) throws IOException {
        String operation = exchange.getRequestHeaders().getFirst("X-Amz-Target");
        requests.add(new Request(
                exchange.getRequestURI().getPath(),
                operation == null ? "" : operation,
                exchange.getRequestHeaders().getFirst("Content-Type"),
                Objects.requireNonNullElse(exchange.getRequestHeaders().getFirst("X-Amzn-Trace-Id"), ""),
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
        byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
