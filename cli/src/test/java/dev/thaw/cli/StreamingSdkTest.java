package dev.thaw.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.lambda.LambdaAsyncClient;
import software.amazon.awssdk.services.lambda.model.InvokeWithResponseStreamCompleteEvent;
import software.amazon.awssdk.services.lambda.model.InvokeWithResponseStreamResponse;
import software.amazon.awssdk.services.lambda.model.InvokeWithResponseStreamResponseHandler;
import software.amazon.awssdk.services.lambda.model.LogType;
import software.amazon.awssdk.services.lambda.model.ResourceNotFoundException;

/** {@code invokeWithResponseStream} of the AWS SDK for Java, unmodified, against a whole server. */
@Tag("slow")
final class StreamingSdkTest {
    @TempDir
    static Path directory;

    private static RunningServer server;
    private static LambdaAsyncClient lambda;

    /** What came, in order. */
    private static final class Received {
        final StringBuilder text = new StringBuilder();
        final List<InvokeWithResponseStreamCompleteEvent> completions = new ArrayList<>();
        final List<InvokeWithResponseStreamResponse> heads = new ArrayList<>();
    }

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        Host.requireSandboxes();
        Host.requireProgram("python3");
        server = RunningServer.start(
                directory, _ -> {}, Functions.of("stream", Host.example("stream"), Map.of()), Functions.echo("echo"));
        URI uri = server.uri();
        lambda = LambdaAsyncClient.builder()
                .region(Region.US_EAST_1)
                .endpointOverride(uri)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("id", "secret")))
                .build();
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            lambda.close();
            server.close();
        }
    }

    private static Received invoke(String function, String event) {
        Received received = new Received();
        InvokeWithResponseStreamResponseHandler handler = InvokeWithResponseStreamResponseHandler.builder()
                .onResponse(received.heads::add)
                .subscriber(InvokeWithResponseStreamResponseHandler.Visitor.builder()
                        .onPayloadChunk(
                                chunk -> received.text.append(chunk.payload().asUtf8String()))
                        .onInvokeComplete(received.completions::add)
                        .build())
                .build();
        lambda.invokeWithResponseStream(
                        request -> request.functionName(function)
                                .logType(LogType.TAIL)
                                .payload(SdkBytes.fromUtf8String(event)),
                        handler)
                .join();
        return received;
    }

    @Test
    void shouldStream() {
        Received received = invoke("stream", "{\"parts\":[\"Grüße, \",\"world\"],\"bytes\":100000}");

        assertThat(received.heads.getFirst().statusCode()).isEqualTo(200);
        assertThat(received.heads.getFirst().executedVersion()).isEqualTo("$LATEST");
        assertThat(received.text).hasToString("Grüße, world" + "x".repeat(100_000));
        assertThat(received.completions).hasSize(1);
        assertThat(received.completions.getFirst().errorCode()).isNull();
        assertThat(received.completions.getFirst().logResult()).isNotBlank();
    }

    @Test
    void shouldReturnAnErrorMidwayAsSuch() {
        Received received = invoke("stream", "{\"parts\":[\"half\"],\"error\":{\"errorType\":\"Function.Half\"}}");

        assertThat(received.text).hasToString("half");
        assertThat(received.completions.getFirst().errorCode()).isEqualTo("Unhandled");
        assertThat(received.completions.getFirst().errorDetails()).isEqualTo("{\"errorType\": \"Function.Half\"}");
    }

    @Test
    void shouldReturnTheEndOfTheRuntimeMidwayAsSuch() {
        Received received = invoke("stream", "{\"parts\":[\"half\"],\"then\":\"exit\"}");

        assertThat(received.text).hasToString("half");
        assertThat(received.completions.getFirst().errorCode()).isEqualTo("Unhandled");
        assertThat(received.completions.getFirst().errorDetails())
                .contains("Runtime.ExitError", "Runtime exited with error: exit status 3");
    }

    @Test
    void shouldStreamAFunctionThatDoesNot() {
        assertThat(invoke("echo", "{\"a\":1}").text).hasToString("{\"a\":1}");
    }

    @Test
    void shouldRefuseAFunctionThatIsNotThere() {
        assertThatThrownBy(() -> invoke("missing", "{}"))
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(ResourceNotFoundException.class);
    }
}
