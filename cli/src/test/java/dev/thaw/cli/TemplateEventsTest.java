package dev.thaw.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.scheduler.functions.SamTemplate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.EventSourceMappingConfiguration;

/** Events of a template, from a queue of ElasticMQ and a folder to a function in its sandbox. */
@Tag("slow")
final class TemplateEventsTest {
    private static final StaticCredentialsProvider KEY =
            StaticCredentialsProvider.create(AwsBasicCredentials.create("AKIDEXAMPLE", "secret"));

    private static TestQueues queues;

    @TempDir
    private Path directory;

    private Path buckets = Path.of("");

    private final List<String> notes = new ArrayList<>();

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        Host.requireSandboxes();
        queues = new TestQueues();
    }

    @AfterAll
    static void stop() {
        if (queues != null) {
            queues.close();
        }
    }

    @BeforeEach
    void makeBucket() throws IOException {
        buckets = directory.resolve("buckets");
        Files.createDirectories(buckets.resolve("pictures"));
    }

    private RunningServer serve(ServedAccess access, String events) throws IOException {
        Path template = Files.writeString(
                directory.resolve("template.yaml"),
                """
                Resources:
                  Work: {Type: AWS::SQS::Queue, Properties: {QueueName: work}}
                  Pictures: {Type: AWS::S3::Bucket, Properties: {BucketName: pictures}}
                  echo:
                    Type: AWS::Serverless::Function
                    Properties:
                      CodeUri: CODE
                      Handler: echo
                      Runtime: provided.al2023
                      AutoPublishAlias: live
                """.replace("CODE", Host.example("x86_64").toString()) + events);
        EventOptions options = new EventOptions();
        options.endpoints = Map.of("sqs", queues.url());
        return RunningServer.startTemplate(
                directory, options, access, buckets, SamTemplate.readAll(template), notes::add);
    }

    /** Of the event source mappings that there are. */
    private static List<Integer> batchSizes(RunningServer server) {
        try (LambdaClient lambda = LambdaClient.builder()
                .region(Region.US_EAST_1)
                .endpointOverride(server.uri())
                .credentialsProvider(KEY)
                .build()) {
            return lambda.listEventSourceMappings().eventSourceMappings().stream()
                    .map(EventSourceMappingConfiguration::batchSize)
                    .toList();
        }
    }

    @Test
    void shouldTakeMessagesFromTheQueueOfItsTemplate() throws IOException {
        String events = """
                      Events:
                        Jobs: {Type: SQS, Properties: {Queue: !GetAtt Work.Arn, BatchSize: 5}}
                        Stream:
                          Type: SelfManagedKafka
                          Properties: {KafkaBootstrapServers: ["127.0.0.1:1"], Topics: [t], BatchSize: 7}
                """;
        String url = queues.create("work");
        queues.send(url, "a job");
        try (RunningServer server = serve(ServedAccess.of(null), events)) {
            server.awaitLog("echo", "END RequestId");
            Await.until("the message is deleted", () -> queues.isEmpty(url));
            assertThat(batchSizes(server)).containsExactlyInAnyOrder(5, 7);
        }
        try (RunningServer server = serve(ServedAccess.of(null), events.replace("BatchSize: 5", "BatchSize: 6"))) {
            assertThat(batchSizes(server)).containsExactlyInAnyOrder(6, 7);
        }
        // What is said no more is as if it had never been: a property, and an event.
        String less = "      Events: {Jobs: {Type: SQS, Properties: {Queue: !GetAtt Work.Arn}}}\n";
        try (RunningServer server = serve(ServedAccess.of(null), less)) {
            assertThat(batchSizes(server)).containsExactly(10);
        }
        try (RunningServer server = serve(ServedAccess.of(null), "")) {
            assertThat(batchSizes(server)).isEmpty();
        }
        assertThat(notes).isEmpty();
    }

    /** With keys too: the template grants the bucket what its events need. */
    @Test
    void shouldInvokeForAFileInTheBucketOfItsTemplate() throws IOException {
        Path keys = Files.writeString(
                directory.resolve("keys.yaml"),
                "Keys: [{AccessKeyId: AKIDEXAMPLE, SecretAccessKey: secret, Principal: admin}]");
        Files.setPosixFilePermissions(keys, PosixFilePermissions.fromString("rw-------"));
        try (RunningServer server = serve(
                ServedAccess.of(keys), "      Events: {Put: {Type: S3, Properties: {Bucket: !Ref Pictures}}}\n")) {
            Files.writeString(buckets.resolve("pictures/cat.jpg"), "pixels");
            server.awaitLog("echo", "END RequestId");
        }
        assertThat(notes).isEmpty();
    }

    @Test
    void shouldSayWhereABucketWouldBe() throws IOException {
        try (RunningServer _ =
                serve(ServedAccess.of(null), "      Events: {Put: {Type: S3, Properties: {Bucket: other}}}\n")) {
            assertThat(notes)
                    .singleElement()
                    .asString()
                    .endsWith("Events.Put of echo: " + buckets.resolve("other")
                            + " is no folder: it would be the bucket");
        }
    }
}
