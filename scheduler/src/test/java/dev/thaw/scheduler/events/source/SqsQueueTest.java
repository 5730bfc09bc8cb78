package dev.thaw.scheduler.events.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Against ElasticMQ, a server of others that speaks SQS's protocol. */
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SqsQueueTest {
    private static final JsonMapper JSON = new JsonMapper();

    private final QueueServer server = new QueueServer();
    private final HttpClient client = HttpClient.newHttpClient();

    @BeforeAll
    void start() {
        server.start();
    }

    @AfterAll
    void stop() {
        client.close();
        server.close();
    }

    private SqsQueue queue(String name) throws IOException, InterruptedException {
        server.call("CreateQueue", "{'QueueName':'" + name + "','Attributes':{'VisibilityTimeout':'600'}}");
        return new SqsQueue(QueueServer.arn(name), server.url(), client);
    }

    @Test
    void shouldReceiveARecordAsFunctionsExpectItAndDeleteIt() throws IOException, InterruptedException {
        SqsQueue queue = queue("one");
        server.call(
                "SendMessage",
                "{'QueueUrl':'" + server.urlOf("one") + "','MessageBody':'hello',"
                        + "'MessageAttributes':{'urgency':{'DataType':'String','StringValue':'low'}}}");
        SourceItem item = queue.receive(10, 5).getFirst();
        JsonNode record = JSON.readTree(item.json());
        assertThat(record.path("body").stringValue()).isEqualTo("hello");
        assertThat(record.path("messageId").stringValue()).isEqualTo(item.id());
        assertThat(record.path("eventSource").stringValue()).isEqualTo("aws:sqs");
        assertThat(record.path("eventSourceARN").stringValue()).isEqualTo(QueueServer.arn("one"));
        assertThat(record.path("awsRegion").stringValue()).isEqualTo("us-east-1");
        assertThat(record.path("md5OfBody").stringValue()).isEqualTo("5d41402abc4b2a76b9719d911017c592");
        assertThat(record.at("/attributes/ApproximateReceiveCount").stringValue())
                .isEqualTo("1");
        assertThat(record.at("/messageAttributes/urgency/stringValue").stringValue())
                .isEqualTo("low");
        assertThat(record.at("/messageAttributes/urgency/dataType").stringValue())
                .isEqualTo("String");
        assertThat(item.epochMs()).isPositive();

        queue.delete(List.of(item));
        assertThat(server.messages("one")).isZero();
    }

    @Test
    void shouldShowAgainWhatIsGivenBack() throws IOException, InterruptedException {
        SqsQueue queue = queue("back");
        server.send("back", "again");
        List<SourceItem> first = queue.receive(1, 5);
        assertThat(queue.receive(1, 0)).isEmpty();
        queue.giveBack(first);
        assertThat(queue.receive(1, 5)).hasSize(1);
    }

    @Test
    void shouldReceiveAndDeleteMoreThanOneCallTakes() throws IOException, InterruptedException {
        SqsQueue queue = queue("many");
        Set<String> sent = new HashSet<>();
        for (int i = 0; i < 25; i++) {
            sent.add("message " + i);
            server.send("many", "message " + i);
        }
        List<SourceItem> all = new ArrayList<>();
        while (all.size() < 25) {
            all.addAll(queue.receive(10, 5));
        }
        assertThat(all)
                .hasSize(25)
                .allSatisfy(item -> assertThat(new String(item.json(), StandardCharsets.UTF_8))
                        .contains("message "));
        queue.delete(all);
        assertThat(server.messages("many")).isZero();
        assertThat(sent).hasSize(25);
    }

    @Test
    void shouldTellOfAQueueThatIsNotThere() {
        SqsQueue queue =
                new SqsQueue(QueueServer.arn("nowhere"), URI.create(server.url().toString()), client);
        assertThatThrownBy(() -> queue.receive(1, 0))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("ReceiveMessage: status 400: ")
                .hasMessageContaining("QueueDoesNotExist");
    }
}
