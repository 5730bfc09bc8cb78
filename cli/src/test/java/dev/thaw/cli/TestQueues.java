package dev.thaw.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.elasticmq.rest.sqs.SQSRestServer;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** ElasticMQ in this process, and a client of it. */
final class TestQueues implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();

    private final List<String> created = new ArrayList<>();
    private final HttpClient http = HttpClient.newHttpClient();
    private final SQSRestServer server =
            SQSRestServerBuilder.withInterface("127.0.0.1").withDynamicPort().start();
    private final URI url = URI.create(
            "http://127.0.0.1:" + server.waitUntilStarted().localAddress().getPort());

    URI url() {
        return url;
    }

    /** The URL of a new queue. */
    String create(String name) {
        call("CreateQueue", "{'QueueName':'" + name + "','Attributes':{'VisibilityTimeout':'600'}}");
        String queueUrl = url + "/000000000000/" + name;
        created.add(queueUrl);
        return queueUrl;
    }

    void send(String queueUrl, String message) {
        call("SendMessage", "{'QueueUrl':'" + queueUrl + "','MessageBody':'" + message + "'}");
    }

    /** Nothing waits there, and nobody has anything of it. */
    boolean isEmpty(String queueUrl) {
        JsonNode attributes = call("GetQueueAttributes", "{'QueueUrl':'" + queueUrl + "','AttributeNames':['All']}")
                .path("Attributes");
        return attributes.path("ApproximateNumberOfMessages").stringValue().equals("0")
                && attributes
                        .path("ApproximateNumberOfMessagesNotVisible")
                        .stringValue()
                        .equals("0");
    }

    private JsonNode call(String operation, String body) {
        HttpRequest request = HttpRequest.newBuilder(url)
                .header("Content-Type", "application/x-amz-json-1.0")
                .header("X-Amz-Target", "AmazonSQS." + operation)
                .POST(HttpRequest.BodyPublishers.ofString(body.replace('\'', '"')))
                .build();
        try {
            return JSON.readTree(
                    http.send(request, HttpResponse.BodyHandlers.ofString()).body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        // A queue still holds its reader's last request for a message, and would not end before that is over.
        created.forEach(queueUrl -> send(queueUrl, "last"));
        http.close();
        server.stopAndWait();
    }
}
