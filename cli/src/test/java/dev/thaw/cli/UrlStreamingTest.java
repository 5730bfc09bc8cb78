package dev.thaw.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.FunctionUrlAuthType;
import software.amazon.awssdk.services.lambda.model.InvokeMode;

/** Function URLs of type RESPONSE_STREAM, from functions on npm's client in their sandboxes (contract.md section 1.13). */
@Tag("slow")
final class UrlStreamingTest {
    private static final String RUNTIME = "nodejs20.x";
    private static final String CODE = """
            exports.whole = awslambda.streamifyResponse(async (event, response) => {
                const out = awslambda.HttpResponseStream.from(response, {
                    statusCode: 201,
                    headers: {"Content-Type": "text/plain", "X-Said": event.requestContext.http.method},
                    cookies: ["a=b"]})
                for (const word of event.body.split(" ")) {
                    out.write(word + ";")
                    await new Promise((resolve) => setTimeout(resolve, 20))
                }
                out.end()
            })
            exports.endless = awslambda.streamifyResponse(async (event, response) => {
                response.setContentType("text/plain")
                response.write("first")
                await new Promise((resolve) => setTimeout(resolve, 60000))
            })
            exports.fails = awslambda.streamifyResponse(async (event, response) => {
                response.setContentType("text/plain")
                response.write("first")
                await new Promise((resolve) => setTimeout(resolve, 50))
                if (event.rawPath == "/exit") process.exit(3)
                throw new Error("no more")
            })
            exports.plain = async (event) => ({statusCode: 202, headers: {"X-A": "b"}, body: "not streamed"})
            """;

    @TempDir
    static Path folder;

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static RunningServer server;
    private static LambdaClient lambda;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        Host.requireSandboxes();
        Host.requireRuntime(RUNTIME);
        Path code = Functions.file(folder, "code", "app.js", CODE);
        server = RunningServer.startManaged(
                folder.resolve("server"),
                Functions.managed("whole", RUNTIME, "app.whole", code, List.of(), Map.of()),
                Functions.managed("endless", RUNTIME, "app.endless", code, List.of(), Map.of()),
                Functions.managed("fails", RUNTIME, "app.fails", code, List.of(), Map.of()),
                Functions.managed("plain", RUNTIME, "app.plain", code, List.of(), Map.of()));
        lambda = LambdaClient.builder()
                .region(Region.US_EAST_1)
                .endpointOverride(server.uri())
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("id", "secret")))
                .build();
    }

    @AfterAll
    static void stop() {
        HTTP.close();
        if (server != null) {
            lambda.close();
            server.close();
        }
    }

    private static HttpRequest.Builder streamed(String function) {
        String url = lambda.createFunctionUrlConfig(request -> request.functionName(function)
                        .authType(FunctionUrlAuthType.NONE)
                        .invokeMode(InvokeMode.RESPONSE_STREAM))
                .functionUrl();
        String id = URI.create(url).getHost().split("\\.", 2)[0];
        return HttpRequest.newBuilder(server.uri().resolve("/_url/" + id + "/"));
    }

    @Test
    void shouldStreamWithTheHeadThatTheFunctionGives() throws IOException, InterruptedException {
        HttpRequest.Builder url = streamed("whole")
                .setHeader("Content-Type", "text/plain")
                .POST(BodyPublishers.ofString("one two three"));
        HttpResponse<String> answer = HTTP.send(url.build(), BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(201);
        assertThat(answer.headers().map())
                .containsEntry("x-said", List.of("POST"))
                .containsEntry("content-type", List.of("text/plain"))
                .containsEntry("set-cookie", List.of("a=b"))
                .containsEntry("transfer-encoding", List.of("chunked"));
        assertThat(answer.body()).isEqualTo("one;two;three;");
        HttpResponse<String> head =
                HTTP.send(url.method("HEAD", BodyPublishers.ofString("one")).build(), BodyHandlers.ofString());
        assertThat(head.statusCode()).isEqualTo(201);
        assertThat(head.headers().map()).containsEntry("x-said", List.of("HEAD"));
        assertThat(head.body()).isEmpty();
    }

    /** It never ends by itself: what comes, comes before its end; at its timeout the stream breaks off. */
    @Test
    void shouldSendWhatIsThereBeforeTheFunctionEnds() throws IOException, InterruptedException {
        lambda.updateFunctionConfiguration(
                request -> request.functionName("endless").timeout(3));
        HttpResponse<InputStream> answer = HTTP.send(streamed("endless").build(), BodyHandlers.ofInputStream());
        assertThat(answer.statusCode()).isEqualTo(200);
        try (InputStream body = answer.body()) {
            assertThat(new String(body.readNBytes(5), StandardCharsets.UTF_8)).isEqualTo("first");
            assertThatThrownBy(body::readAllBytes).isInstanceOf(IOException.class);
        }
        assertThat(server.awaitLog("endless", "Status: timeout")).contains("Task timed out after 3.00 seconds");
    }

    /** An error that the runtime tells is beside a whole body; where it ends instead, the body is not whole. */
    @Test
    void shouldTellOrBreakOffWhereTheFunctionFailsAfterTheFirstPart() throws IOException, InterruptedException {
        HttpRequest.Builder url = streamed("fails");
        URI root = url.build().uri();
        HttpResponse<String> told = HTTP.send(url.uri(root.resolve("throw")).build(), BodyHandlers.ofString());
        assertThat(told.statusCode()).isEqualTo(200);
        assertThat(told.body()).isEqualTo("first");
        Process curl = new ProcessBuilder("curl", "-si", root.resolve("throw").toString())
                .redirectErrorStream(true)
                .start();
        assertThat(new String(curl.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .contains("HTTP/1.1 200 OK", "Lambda-Runtime-Function-Error-Type: ");
        HttpResponse<InputStream> broken =
                HTTP.send(url.uri(root.resolve("exit")).build(), BodyHandlers.ofInputStream());
        assertThat(broken.statusCode()).isEqualTo(200);
        try (InputStream body = broken.body()) {
            assertThat(new String(body.readNBytes(5), StandardCharsets.UTF_8)).isEqualTo("first");
            assertThatThrownBy(body::readAllBytes).isInstanceOf(IOException.class);
        }
        assertThat(server.awaitLog("fails", "exit status 3")).contains("no more");
    }

    @Test
    void shouldSendAResponseThatIsNotStreamed() throws IOException, InterruptedException {
        HttpResponse<String> answer = HTTP.send(streamed("plain").build(), BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("\"statusCode\":202", "not streamed");
    }
}
