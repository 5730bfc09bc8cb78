package dev.thaw.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.elasticmq.rest.sqs.SQSRestServer;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.CreateEventSourceMappingResponse;
import software.amazon.awssdk.services.lambda.model.GetEventSourceMappingResponse;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A whole server between a queue of ElasticMQ, a folder, and a function in its sandbox. */
@Tag("slow")
final class EventSourceSdkTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String QUEUE_ARN = "arn:aws:sqs:us-east-1:000000000000:work";

    @TempDir
    static Path directory;

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static SQSRestServer queues;
    private static URI queuesUrl;
    private static RunningServer server;
    private static LambdaClient lambda;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        Host.requireSandboxes();
        queues = SQSRestServerBuilder.withInterface("127.0.0.1")
                .withDynamicPort()
                .start();
        queuesUrl = URI.create(
                "http://127.0.0.1:" + queues.waitUntilStarted().localAddress().getPort());
        EventOptions options = new EventOptions();
        options.endpoints = Map.of("sqs", queuesUrl);
        options.buckets.add("put=" + Files.createDirectories(directory.resolve("bucket")));
        server = RunningServer.startManaged(directory, options, Functions.echo("echo"), Functions.echo("put"));
        lambda = LambdaClient.builder()
                .region(Region.US_EAST_1)
                .endpointOverride(server.uri())
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("id", "secret")))
                .build();
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            lambda.close();
            server.close();
            // The queue still holds the server's last request for a message, and would not end before it is over.
            call("SendMessage", "{'QueueUrl':'" + queuesUrl + "/000000000000/work','MessageBody':'last'}");
            queues.stopAndWait();
        }
        HTTP.close();
    }

    private static JsonNode call(String operation, String body) {
        HttpRequest request = HttpRequest.newBuilder(queuesUrl)
                .header("Content-Type", "application/x-amz-json-1.0")
                .header("X-Amz-Target", "AmazonSQS." + operation)
                .POST(HttpRequest.BodyPublishers.ofString(body.replace('\'', '"')))
                .build();
        try {
            return JSON.readTree(
                    HTTP.send(request, HttpResponse.BodyHandlers.ofString()).body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean isEmpty(String queueUrl) {
        JsonNode attributes = call("GetQueueAttributes", "{'QueueUrl':'" + queueUrl + "','AttributeNames':['All']}")
                .path("Attributes");
        return attributes.path("ApproximateNumberOfMessages").stringValue().equals("0")
                && attributes
                        .path("ApproximateNumberOfMessagesNotVisible")
                        .stringValue()
                        .equals("0");
    }

    @Test
    void shouldTakeMessagesFromAQueueToAFunctionAndDeleteThem() {
        String url = queuesUrl + "/000000000000/work";
        call("CreateQueue", "{'QueueName':'work','Attributes':{'VisibilityTimeout':'600'}}");
        for (int i = 0; i < 25; i++) {
            call("SendMessage", "{'QueueUrl':'" + url + "','MessageBody':'" + i + "'}");
        }
        CreateEventSourceMappingResponse created = lambda.createEventSourceMapping(request ->
                request.functionName("echo").eventSourceArn(QUEUE_ARN).batchSize(10));
        assertThat(created.state()).isEqualTo("Creating");
        assertThat(created.lastModified()).isNotNull();
        Await.until("every message is taken and deleted", () -> isEmpty(url));

        GetEventSourceMappingResponse got = lambda.getEventSourceMapping(request -> request.uuid(created.uuid()));
        assertThat(got.state()).isEqualTo("Enabled");
        assertThat(got.lastProcessingResult()).isNull();
        assertThat(lambda.listEventSourceMappings().eventSourceMappings()).hasSize(1);
        assertThat(lambda.deleteEventSourceMapping(request -> request.uuid(created.uuid()))
                        .state())
                .isEqualTo("Deleting");
        assertThat(lambda.listEventSourceMappings().hasEventSourceMappings()).isTrue();
        assertThat(lambda.listEventSourceMappings().eventSourceMappings()).isEmpty();
    }

    @Test
    void shouldInvokeForAFileThatIsPutIntoABucket() throws IOException {
        Files.writeString(directory.resolve("bucket/picture.jpg"), "pixels");
        server.awaitLog("put", "END RequestId");
    }
}
