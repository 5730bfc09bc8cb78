package dev.thaw.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallLocation;
import software.amazon.awssdk.services.lambda.model.InvocationType;
import software.amazon.awssdk.services.lambda.model.InvokeRequest;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;
import software.amazon.awssdk.services.lambda.model.InvokeWithResponseStreamCompleteEvent;
import software.amazon.awssdk.services.lambda.model.InvokeWithResponseStreamRequest;
import software.amazon.awssdk.services.lambda.model.InvokeWithResponseStreamResponse;
import software.amazon.awssdk.services.lambda.model.LogType;
import software.amazon.awssdk.services.lambda.model.ResponseStreamingInvocationType;
import tools.jackson.databind.json.JsonMapper;

/**
 * The two operations whose input travels in headers, by the model of them that the AWS SDK for Java holds: each value of
 * a member that there is, and each way to break one. {@link ServiceModelTest} asks {@code InvokeAsync}, which has none.
 */
@Tag("slow")
final class InvokeModelTest {
    private static final Map<String, Integer> STATUS_BY_TYPE =
            Map.of("RequestResponse", 200, "Event", 202, "DryRun", 204);

    /** Members that no function here can make use of. */
    private static final Set<String> PASSED_OVER = Set.of("TenantId", "DurableExecutionName");

    @TempDir
    static Path folder;

    private static RunningServer server;
    private static HttpClient client;

    /** An operation, as the SDK holds it. */
    record Operation(String path, SdkPojo input, SdkPojo output, Set<String> types) {
        String header(String member) {
            return input.sdkFields().stream()
                    .filter(field -> field.memberName().equals(member) && field.location() == MarshallLocation.HEADER)
                    .findFirst()
                    .orElseThrow()
                    .locationName();
        }
    }

    static List<Operation> operations() {
        return List.of(
                new Operation(
                        "/2015-03-31/functions/%s/invocations",
                        InvokeRequest.builder().build(),
                        InvokeResponse.builder().build(),
                        words(InvocationType.knownValues())),
                new Operation(
                        "/2021-11-15/functions/%s/response-streaming-invocations",
                        InvokeWithResponseStreamRequest.builder().build(),
                        InvokeWithResponseStreamResponse.builder().build(),
                        words(ResponseStreamingInvocationType.knownValues())));
    }

    private static Set<String> words(Set<?> known) {
        return known.stream().map(Object::toString).collect(Collectors.toSet());
    }

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        Host.requireSandboxes();
        server = RunningServer.startManaged(folder, Functions.echo("echo"));
        client = HttpClient.newHttpClient();
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            client.close();
            server.close();
        }
    }

    private static HttpResponse<String> send(Operation operation, String function, String payload, String... headers) {
        String name = URLEncoder.encode(function.split("\\?", 2)[0], StandardCharsets.UTF_8);
        String query = function.contains("?") ? function.substring(function.indexOf('?')) : "";
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        server.uri().resolve(operation.path.formatted(name) + query))
                .POST(BodyPublishers.ofString(payload));
        try {
            return client.send(
                    (headers.length == 0 ? request : request.headers(headers)).build(), BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(function, e);
        }
    }

    /** Headers that the model has for members, in lower case. */
    private static Set<String> headersOf(SdkPojo output) {
        return output.sdkFields().stream()
                .filter(field -> field.location() == MarshallLocation.HEADER)
                .map(field -> field.locationName().toLowerCase(Locale.ROOT))
                .collect(Collectors.toSet());
    }

    private static Stream<String> serviceHeaders(HttpResponse<String> answer) {
        return answer.headers().map().keySet().stream().filter(header -> header.startsWith("x-amz-"));
    }

    /** A member that comes to be with a newer model is looked at here, or not at all. */
    @ParameterizedTest
    @MethodSource("operations")
    void shouldKnowEveryMemberOfTheInput(Operation operation) {
        assertThat(operation.input.sdkFields().stream()
                        .map(field -> field.memberName())
                        .filter(member -> !PASSED_OVER.contains(member)))
                .containsExactlyInAnyOrder(
                        "FunctionName", "InvocationType", "LogType", "ClientContext", "Payload", "Qualifier");
    }

    @ParameterizedTest
    @MethodSource("operations")
    void shouldAnswerEachTypeWithItsStatusAndMembersOfTheOutputAlone(Operation operation) {
        for (String type : operation.types) {
            for (LogType logType : LogType.knownValues()) {
                HttpResponse<String> answer = send(
                        operation,
                        "echo?Qualifier=$LATEST",
                        "{\"a\":1}",
                        operation.header("InvocationType"),
                        type,
                        operation.header("LogType"),
                        logType.toString(),
                        operation.header("ClientContext"),
                        "eyJhIjoxfQ==");
                assertThat(answer.statusCode()).as(type).isEqualTo(STATUS_BY_TYPE.get(type));
                assertThat(serviceHeaders(answer)).as(type).isSubsetOf(headersOf(operation.output));
                assertThat(answer.headers().firstValue("x-amz-executed-version"))
                        .as(type)
                        .isEqualTo(type.equals("Event") ? Optional.empty() : Optional.of("$LATEST"));
                boolean whole = operation.types.contains("Event") && type.equals("RequestResponse");
                assertThat(answer.headers().firstValue("x-amz-log-result").isPresent())
                        .as(type + logType)
                        .isEqualTo(whole && logType == LogType.TAIL);
                assertThat(answer.body().isEmpty()).as(type).isNotEqualTo(type.equals("RequestResponse"));
            }
        }
    }

    /** A stream has the rest of the output in its last event. */
    @Test
    void shouldEndAStreamWithMembersOfTheModel() throws IOException, InterruptedException {
        Set<String> members = InvokeWithResponseStreamCompleteEvent.builder().build().sdkFields().stream()
                .map(field -> field.memberName())
                .collect(Collectors.toSet());
        assertThat(members).containsExactlyInAnyOrder("ErrorCode", "ErrorDetails", "LogResult");
        for (String payload : List.of("{\"a\":1}", "{}")) {
            try (EventStream stream = EventStream.open(server.uri(), "echo", payload)) {
                assertThat(stream.rest()).isEqualTo(payload);
                assertThat(members)
                        .containsAll(JsonMapper.shared()
                                .readTree(stream.completion())
                                .propertyNames());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("operations")
    void shouldRefuseEachMemberThatBreaksItsConstraint(Operation operation) {
        assertInvalid(send(operation, "a!b", "{}"), "Value 'a!b' at 'functionName'", "regular expression pattern");
        assertInvalid(send(operation, "echo?Qualifier=a!b", "{}"), "Value 'a!b' at 'qualifier'", "pattern");
        assertInvalid(
                send(operation, "echo?Qualifier=" + "q".repeat(129), "{}"),
                "at 'qualifier'",
                "length less than or equal to 128");
        assertInvalid(
                send(operation, "echo", "{}", operation.header("InvocationType"), "Later"),
                "Value 'Later' at 'invocationType'",
                "enum value set: [");
        assertInvalid(
                send(operation, "echo", "{}", operation.header("LogType"), "Head"),
                "Value 'Head' at 'logType'",
                "enum value set: [None, Tail]");
        assertFault(send(operation, "nothing", "{}"), 404, "ResourceNotFoundException");
        assertFault(send(operation, "echo?Qualifier=7", "{}"), 404, "ResourceNotFoundException");
        assertFault(send(operation, "echo:1?Qualifier=2", "{}"), 400, "InvalidParameterValueException");
        assertFault(send(operation, "echo", "no json"), 400, "InvalidRequestContentException");
        assertFault(
                send(operation, "echo", "{}", operation.header("ClientContext"), "a".repeat(3_584)),
                400,
                "InvalidRequestContentException");
        assertFault(send(operation, "echo", "{}", "Content-Type", "text/plain"), 415, "UnsupportedMediaTypeException");
        assertFault(send(operation, "echo", "\"" + "a".repeat(6_291_456) + "\""), 413, "RequestTooLargeException");
    }

    private static void assertInvalid(HttpResponse<String> answer, String... parts) {
        assertFault(answer, 400, "ValidationException");
        assertThat(answer.body())
                .startsWith("{\"message\":\"1 validation error detected: ")
                .contains(parts);
    }

    private static void assertFault(HttpResponse<String> answer, int status, String type) {
        assertThat(answer.headers().firstValue("x-amzn-ErrorType"))
                .as(answer.body())
                .contains(type);
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(serviceHeaders(answer)).isEmpty();
    }
}
