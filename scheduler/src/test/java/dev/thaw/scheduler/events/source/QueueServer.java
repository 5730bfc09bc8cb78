package dev.thaw.scheduler.events.source;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Objects;
import org.elasticmq.rest.sqs.SQSRestServer;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** ElasticMQ in this process, at a port of the kernel's choice. */
final class QueueServer implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String ACCOUNT = "000000000000";

    private final HttpClient client = HttpClient.newHttpClient();
    private @Nullable SQSRestServer server;
    private int port;

    void start() {
        SQSRestServer started = SQSRestServerBuilder.withInterface("127.0.0.1")
                .withDynamicPort()
                .withAWSRegion("us-east-1")
                .withAWSAccountId(ACCOUNT)
                .start();
        port = started.waitUntilStarted().localAddress().getPort();
        server = started;
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + port);
    }

    static String arn(String queue) {
        return "arn:aws:sqs:us-east-1:" + ACCOUNT + ":" + queue;
    }

    String urlOf(String queue) {
        return url() + "/" + ACCOUNT + "/" + queue;
    }

    void send(String queue, String body) throws IOException, InterruptedException {
        call("SendMessage", "{'QueueUrl':'" + urlOf(queue) + "','MessageBody':'" + body + "'}");
    }

    /** How many there are, hidden ones included. */
    int messages(String queue) throws IOException, InterruptedException {
        JsonNode attributes = call("GetQueueAttributes", "{'QueueUrl':'" + urlOf(queue) + "','AttributeNames':['All']}")
                .path("Attributes");
        return Integer.parseInt(attributes.path("ApproximateNumberOfMessages").stringValue())
                + Integer.parseInt(
                        attributes.path("ApproximateNumberOfMessagesNotVisible").stringValue());
    }

    /** An operation of the protocol; the body is JSON with single quotes. */
    JsonNode call(String operation, String body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(url())
                .header("Content-Type", "application/x-amz-json-1.0")
                .header("X-Amz-Target", "AmazonSQS." + operation)
                .POST(HttpRequest.BodyPublishers.ofString(body.replace('\'', '"')))
                .build();
        HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IOException(operation + ": " + response.statusCode() + " " + response.body());
        }
        return JSON.readTree(response.body());
    }

    @Override
    public void close() {
        Objects.requireNonNull(server).stopAndWait();
        client.close();
    }
}
