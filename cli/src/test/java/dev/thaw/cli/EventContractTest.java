package dev.thaw.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Asynchronous invocations of real sandboxes, set up as clients set them up. */
@Tag("slow")
final class EventContractTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String FUNCTIONS = "/2015-03-31/functions/";

    @TempDir
    private static Path folder;

    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static RunningServer server;

    @BeforeAll
    static void start() throws Exception {
        Host.requireSandboxes();
        server = RunningServer.startManaged(
                folder, Functions.probe("probe", 10), Functions.probe("off", 10), Functions.echo("echo"));
    }

    @AfterAll
    static void stop() {
        CLIENT.shutdownNow();
        if (server != null) {
            server.close();
        }
    }

    @Test
    void shouldTellTheFailureTargetThatItsOwnerConfigured() throws Exception {
        configure("probe", "OnFailure");
        String requestId = accepted("probe", "{\"do\":\"error\"}");
        JsonNode told = record(requestId);
        assertThat(told.path("version").asString()).isEqualTo("1.0");
        assertThat(told.path("requestContext").path("condition").asString()).isEqualTo("RetriesExhausted");
        assertThat(told.path("requestContext").path("approximateInvokeCount").asInt())
                .isEqualTo(1);
        assertThat(told.path("requestContext").path("functionArn").asString()).endsWith(":function:probe:$LATEST");
        assertThat(told.path("requestPayload").path("do").asString()).isEqualTo("error");
        assertThat(told.path("responseContext").path("functionError").asString())
                .isEqualTo("Unhandled");
        assertThat(told.path("responseContext").path("executedVersion").asString())
                .isEqualTo("$LATEST");
        assertThat(told.path("responsePayload").has("errorMessage")).isTrue();
    }

    @Test
    void shouldTellTheSuccessTarget() throws Exception {
        configure("echo", "OnSuccess");
        JsonNode told = record(accepted("echo", "{\"x\":5}"));
        assertThat(told.path("requestContext").path("condition").asString()).isEqualTo("Success");
        assertThat(told.path("responsePayload")).isEqualTo(JSON.readTree("{\"x\":5}"));
    }

    @Test
    void shouldSendEventsOfAFunctionWithoutConcurrencyStraightToTheFailureTarget() throws Exception {
        configure("off", "OnFailure");
        assertThat(put("/2017-10-31/functions/off/concurrency", "{\"ReservedConcurrentExecutions\":0}"))
                .isEqualTo(200);
        JsonNode context = record(accepted("off", "{}")).path("requestContext");
        assertThat(context.path("condition").asString()).isEqualTo("ZeroReservedConcurrency");
        assertThat(context.path("approximateInvokeCount").asInt()).isZero();
        assertThat(server.invoke("off", "{}").status()).isEqualTo(429);
    }

    private static void configure(String function, String end) throws Exception {
        String body = "{\"MaximumRetryAttempts\":0,\"DestinationConfig\":{\"" + end
                + "\":{\"Destination\":\"arn:aws:file:::" + records() + "\"}}}";
        assertThat(put("/2019-09-25/functions/" + function + "/event-invoke-config", body))
                .isEqualTo(200);
    }

    private static Path records() {
        return folder.resolve("records");
    }

    private static int put(String path, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(server.uri().resolve(path))
                .PUT(BodyPublishers.ofString(body))
                .build();
        return CLIENT.send(request, BodyHandlers.ofString()).statusCode();
    }

    private static String accepted(String function, String event) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(server.uri().resolve(FUNCTIONS + function + "/invocations"))
                .header("X-Amz-Invocation-Type", "Event")
                .POST(BodyPublishers.ofString(event))
                .build();
        HttpResponse<String> response = CLIENT.send(request, BodyHandlers.ofString());
        assertThat(response.statusCode()).isEqualTo(202);
        assertThat(response.body()).isEmpty();
        return response.headers().firstValue("x-amzn-RequestId").orElseThrow();
    }

    private static JsonNode record(String requestId) throws IOException {
        Path file = records().resolve(requestId + ".json");
        Await.file(file);
        return JSON.readTree(Files.readString(file));
    }
}
