package dev.thaw.scheduler.events;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Speaks to targets over HTTP: {@code SendMessage} of SQS and {@code PutEvents} of EventBridge in JSON, {@code Publish} of
 * SNS as a form, as AWS's clients do.
 *
 * <p>Threading: safe on any thread; blocks.
 */
final class HttpTargets implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration CONNECT_BOUND = Duration.ofSeconds(2);
    private static final Duration ANSWER_BOUND = Duration.ofSeconds(10);
    private static final String TRACE_HEADER = "X-Amzn-Trace-Id";
    private static final int MAX_PROBLEM_LENGTH = 200;

    private final TargetEndpoints endpoints;
    private @Nullable HttpClient client;

    HttpTargets(TargetEndpoints endpoints) {
        this.endpoints = endpoints;
    }

    /** A message of a standard queue. */
    void sendMessage(Target.Queue queue, Delivery delivery) throws IOException, InterruptedException {
        URI endpoint = required("sqs", endpoints.sqs());
        Map<String, Object> message = new LinkedHashMap<>();
        message.put(
                "QueueUrl",
                endpoint.resolve("/" + queue.account() + "/" + queue.name()).toString());
        message.put("MessageBody", text(delivery));
        Map<String, Object> attributes = attributes(delivery);
        if (!attributes.isEmpty()) {
            message.put("MessageAttributes", attributes);
        }
        if (!delivery.traceId().isEmpty()) {
            message.put(
                    "MessageSystemAttributes",
                    Map.of("AWSTraceHeader", Map.of("DataType", "String", "StringValue", delivery.traceId())));
        }
        postJson(endpoint, "application/x-amz-json-1.0", "AmazonSQS.SendMessage", message);
    }

    /** A message of a standard topic. */
    void publish(Target.Topic topic, Delivery delivery) throws IOException, InterruptedException {
        URI endpoint = required("sns", endpoints.sns());
        Map<String, String> form = new LinkedHashMap<>();
        form.put("Action", "Publish");
        form.put("Version", "2010-03-31");
        form.put("TopicArn", topic.arn());
        form.put("Message", text(delivery));
        int number = 0;
        for (Map.Entry<String, String> each : deadLetterAttributes(delivery).entrySet()) {
            String entry = "MessageAttributes.entry." + ++number + ".";
            form.put(entry + "Name", each.getKey());
            form.put(entry + "Value.DataType", typeOf(each.getKey()));
            form.put(entry + "Value.StringValue", each.getValue());
        }
        String body = form.entrySet().stream()
                .map(each -> each.getKey() + "=" + URLEncoder.encode(each.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        post(endpoint, "application/x-www-form-urlencoded; charset=utf-8", TRACE_HEADER, delivery.traceId(), body);
    }

    /** An event of a bus, the record as its detail. */
    void putEvents(Target.Bus bus, Delivery delivery) throws IOException, InterruptedException {
        URI endpoint = required("events", endpoints.events());
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("Source", "lambda");
        entry.put(
                "DetailType",
                "Lambda Function Invocation Result - "
                        + (delivery.kind() == Delivery.Kind.SUCCESS ? "Success" : "Failure"));
        entry.put("Detail", text(delivery));
        entry.put("Resources", List.of(DestinationRecord.qualified(delivery.functionArn()), bus.arn()));
        entry.put("EventBusName", bus.name());
        String answer = postJson(
                endpoint, "application/x-amz-json-1.1", "AWSEvents.PutEvents", Map.of("Entries", List.of(entry)));
        requireNoneFailed(answer);
    }

    private static void requireNoneFailed(String answer) throws IOException {
        try {
            JsonNode read = JSON.readTree(answer);
            if (read.path("FailedEntryCount").asInt(0) > 0) {
                throw new IOException("PutEvents: " + shortened(answer));
            }
        } catch (JacksonException e) {
            throw new IOException("PutEvents: answer is no JSON: " + shortened(answer), e);
        }
    }

    private static String text(Delivery delivery) {
        return new String(delivery.body(), StandardCharsets.UTF_8);
    }

    /** What tells of the failure beside a dead letter, whose body is the event alone. */
    private static Map<String, String> deadLetterAttributes(Delivery delivery) {
        Map<String, String> attributes = new LinkedHashMap<>();
        if (delivery.kind() == Delivery.Kind.DEAD_LETTER) {
            attributes.put("RequestID", delivery.requestId());
            if (delivery.errorCode() != 0) {
                attributes.put("ErrorCode", String.valueOf(delivery.errorCode()));
            }
            String message = delivery.errorMessage();
            if (message != null && !message.isEmpty()) {
                attributes.put("ErrorMessage", message);
            }
        }
        return attributes;
    }

    private static Map<String, Object> attributes(Delivery delivery) {
        Map<String, Object> attributes = new LinkedHashMap<>();
        deadLetterAttributes(delivery)
                .forEach((name, value) -> attributes.put(name, Map.of("DataType", typeOf(name), "StringValue", value)));
        return attributes;
    }

    private static String typeOf(String attribute) {
        return attribute.equals("ErrorCode") ? "Number" : "String";
    }

    private String postJson(URI endpoint, String contentType, String operation, Map<String, Object> body)
            throws IOException, InterruptedException {
        return post(endpoint, contentType, "X-Amz-Target", operation, JSON.writeValueAsString(body));
    }

    /** {@code value} of one header more; empty for none. */
    private String post(URI endpoint, String contentType, String header, String value, String body)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(endpoint)
                .timeout(ANSWER_BOUND)
                .header("Content-Type", contentType)
                .POST(HttpRequest.BodyPublishers.ofString(body));
        if (!value.isEmpty()) {
            request.header(header, value);
        }
        HttpResponse<String> response = client().send(request.build(), HttpResponse.BodyHandlers.ofString());
        int status = response.statusCode();
        if (status / 100 == 2) {
            return response.body();
        }
        String problem = "status " + status + ": " + shortened(response.body());
        throw status / 100 == 4 && status != 408 && status != 429
                ? new Targets.LastingFailure(problem)
                : new IOException(problem);
    }

    private static String shortened(String text) {
        String line = text.replace('\n', ' ').strip();
        return line.length() <= MAX_PROBLEM_LENGTH ? line : line.substring(0, MAX_PROBLEM_LENGTH);
    }

    private static URI required(String service, @Nullable URI endpoint) throws Targets.LastingFailure {
        if (endpoint == null) {
            throw new Targets.LastingFailure("no endpoint is set for " + service);
        }
        return endpoint;
    }

    /** Made with the first delivery: most servers never need it. */
    private synchronized HttpClient client() {
        HttpClient made = client;
        if (made == null) {
            made = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(CONNECT_BOUND)
                    .build();
            client = made;
        }
        return made;
    }

    @Override
    public synchronized void close() {
        if (client != null) {
            client.shutdownNow();
        }
    }
}
