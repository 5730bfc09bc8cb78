package dev.thaw.scheduler.events.source;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A standard queue of a server that speaks SQS's protocol (JSON 1.0): {@code ReceiveMessage}, {@code DeleteMessageBatch}
 * and {@code ChangeMessageVisibilityBatch}. Requests are not signed.
 */
final class SqsQueue implements QueueSource {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration ANSWER_BOUND = Duration.ofSeconds(10);
    private static final int MAX_PROBLEM_LENGTH = 200;

    private final String arn;
    private final String region;
    private final URI endpoint;
    private final String url;
    private final HttpClient client;

    /** The queue of this ARN at this endpoint. */
    SqsQueue(String arn, URI endpoint, HttpClient client) {
        String[] parts = arn.split(":", 6);
        this.arn = arn;
        this.region = parts[3];
        this.endpoint = endpoint;
        this.url = endpoint.resolve("/" + parts[4] + "/" + parts[5]).toString();
        this.client = client;
    }

    @Override
    public List<SourceItem> receive(int maxMessages, int waitSec) throws IOException, InterruptedException {
        ObjectNode request = request();
        request.put("MaxNumberOfMessages", maxMessages);
        request.put("WaitTimeSeconds", waitSec);
        request.putArray("AttributeNames").add("All");
        request.putArray("MessageAttributeNames").add("All");
        JsonNode answer = call("ReceiveMessage", request, ANSWER_BOUND.plusSeconds(waitSec));
        List<SourceItem> items = new ArrayList<>();
        for (JsonNode message : answer.path("Messages")) {
            items.add(item(message));
        }
        return items;
    }

    @Override
    public void delete(List<SourceItem> items) throws IOException, InterruptedException {
        batches("DeleteMessageBatch", items, (item, entry) -> {});
    }

    @Override
    public void giveBack(List<SourceItem> items) throws IOException, InterruptedException {
        batches("ChangeMessageVisibilityBatch", items, (item, entry) -> entry.put("VisibilityTimeout", 0));
    }

    private void batches(String operation, List<SourceItem> items, BiConsumer<SourceItem, ObjectNode> more)
            throws IOException, InterruptedException {
        for (int from = 0; from < items.size(); from += MAX_MESSAGES) {
            ObjectNode request = request();
            ArrayNode entries = request.putArray("Entries");
            for (SourceItem item : items.subList(from, Math.min(items.size(), from + MAX_MESSAGES))) {
                ObjectNode entry = entries.addObject();
                entry.put("Id", Integer.toString(entries.size()));
                entry.put("ReceiptHandle", item.handle());
                more.accept(item, entry);
            }
            JsonNode failed = call(operation, request, ANSWER_BOUND).path("Failed");
            if (!failed.isEmpty()) {
                throw new IOException(operation + ": " + shortened(failed.toString()));
            }
        }
    }

    private ObjectNode request() {
        return JSON.createObjectNode().put("QueueUrl", url);
    }

    private JsonNode call(String operation, ObjectNode request, Duration bound)
            throws IOException, InterruptedException {
        HttpRequest post = HttpRequest.newBuilder(endpoint)
                .timeout(bound)
                .header("Content-Type", "application/x-amz-json-1.0")
                .header("X-Amz-Target", "AmazonSQS." + operation)
                .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(request)))
                .build();
        HttpResponse<String> response = client.send(post, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IOException(operation + ": status " + response.statusCode() + ": " + shortened(response.body()));
        }
        try {
            return response.body().isEmpty() ? JSON.createObjectNode() : JSON.readTree(response.body());
        } catch (JacksonException e) {
            throw new IOException(operation + ": answer is no JSON: " + shortened(response.body()), e);
        }
    }

    /** As a function's event has it (contract.md section 6.5). */
    private SourceItem item(JsonNode message) {
        String id = message.path("MessageId").asString("");
        String handle = message.path("ReceiptHandle").asString("");
        ObjectNode item = JSON.createObjectNode();
        item.put("messageId", id);
        item.put("receiptHandle", handle);
        item.put("body", message.path("Body").asString(""));
        item.set(
                "attributes",
                message.path("Attributes").isObject() ? message.path("Attributes") : JSON.createObjectNode());
        ObjectNode attributes = item.putObject("messageAttributes");
        for (Map.Entry<String, JsonNode> each :
                message.path("MessageAttributes").properties()) {
            attributes.set(each.getKey(), attribute(each.getValue()));
        }
        if (message.has("MD5OfMessageAttributes")) {
            item.set("md5OfMessageAttributes", message.path("MD5OfMessageAttributes"));
        }
        item.put("md5OfBody", message.path("MD5OfBody").asString(""));
        item.put("eventSource", "aws:sqs");
        item.put("eventSourceARN", arn);
        item.put("awsRegion", region);
        long sentMs = message.at("/Attributes/SentTimestamp").asLong(0);
        String traceId = message.at("/Attributes/AWSTraceHeader").asString("");
        return new SourceItem(id, handle, sentMs, traceId, JSON.writeValueAsBytes(item));
    }

    private static ObjectNode attribute(JsonNode given) {
        ObjectNode attribute = JSON.createObjectNode();
        if (given.has("StringValue")) {
            attribute.set("stringValue", given.path("StringValue"));
        }
        if (given.has("BinaryValue")) {
            attribute.set("binaryValue", given.path("BinaryValue"));
        }
        attribute.putArray("stringListValues");
        attribute.putArray("binaryListValues");
        attribute.set("dataType", given.path("DataType"));
        return attribute;
    }

    private static String shortened(String text) {
        String line = text.replace('\n', ' ').strip();
        return line.length() <= MAX_PROBLEM_LENGTH ? line : line.substring(0, MAX_PROBLEM_LENGTH);
    }
}
