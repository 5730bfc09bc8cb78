package dev.thaw.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.CreateEventSourceMappingResponse;
import software.amazon.awssdk.services.lambda.model.GetEventSourceMappingResponse;

/** A whole server between a queue of ElasticMQ, a folder, and a function in its sandbox. */
@Tag("slow")
final class EventSourceSdkTest {
    private static final String QUEUE_ARN = "arn:aws:sqs:us-east-1:000000000000:work";

    @TempDir
    static Path directory;

    private static TestQueues queues;
    private static RunningServer server;
    private static LambdaClient lambda;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        Host.requireSandboxes();
        queues = new TestQueues();
        EventOptions options = new EventOptions();
        options.endpoints = Map.of("sqs", queues.url());
        options.buckets.add("put=" + Files.createDirectories(directory.resolve("bucket")));
        server = RunningServer.startManaged(directory, options, Functions.echo("echo"), Functions.echo("put"));
        lambda = server.sdk();
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            lambda.close();
            server.close();
            queues.close();
        }
    }

    @Test
    void shouldTakeMessagesFromAQueueToAFunctionAndDeleteThem() {
        String url = queues.create("work");
        for (int i = 0; i < 25; i++) {
            queues.send(url, String.valueOf(i));
        }
        CreateEventSourceMappingResponse created = lambda.createEventSourceMapping(request ->
                request.functionName("echo").eventSourceArn(QUEUE_ARN).batchSize(10));
        assertThat(created.state()).isEqualTo("Creating");
        assertThat(created.lastModified()).isNotNull();
        Await.until("every message is taken and deleted", () -> queues.isEmpty(url));

        GetEventSourceMappingResponse got = lambda.getEventSourceMapping(request -> request.uuid(created.uuid()));
        assertThat(got.state()).isEqualTo("Enabled");
        assertThat(got.lastProcessingResult()).isNull();
        assertThat(lambda.listEventSourceMappings().eventSourceMappings()).hasSize(1);
        assertThat(liveEvent())
                .contains("\"events\":{\"waiting\":0,\"underWay\":0,\"deliveries\":0,\"oldestSeconds\":null}")
                .contains("\"sources\":[{\"source\":\"" + QUEUE_ARN + "\",", "\"state\":\"Enabled\"");
        assertThat(lambda.deleteEventSourceMapping(request -> request.uuid(created.uuid()))
                        .state())
                .isEqualTo("Deleting");
        assertThat(lambda.listEventSourceMappings().hasEventSourceMappings()).isTrue();
        assertThat(lambda.listEventSourceMappings().eventSourceMappings()).isEmpty();
    }

    /** The first one of the live page. */
    private static String liveEvent() {
        HttpRequest request = HttpRequest.newBuilder(server.uri().resolve("/_thaw/live"))
                .header("Accept", "text/event-stream")
                .build();
        try (HttpClient client = HttpClient.newHttpClient();
                Stream<String> lines =
                        client.sendAsync(request, BodyHandlers.ofLines()).join().body()) {
            return lines.filter(line -> line.startsWith("data: ")).findFirst().orElse("none");
        }
    }

    @Test
    void shouldInvokeForAFileThatIsPutIntoABucket() throws IOException {
        Files.writeString(directory.resolve("bucket/picture.jpg"), "pixels");
        server.awaitLog("put", "END RequestId");
    }
}
