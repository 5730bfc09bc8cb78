package dev.thaw.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.InvalidRequestContentException;
import software.amazon.awssdk.services.lambda.model.InvocationType;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;
import software.amazon.awssdk.services.lambda.model.LogType;
import software.amazon.awssdk.services.lambda.model.RequestTooLargeException;
import software.amazon.awssdk.services.lambda.model.ResourceNotFoundException;
import software.amazon.awssdk.services.lambda.model.ThrottleReason;
import software.amazon.awssdk.services.lambda.model.TooManyRequestsException;

/** The AWS SDK for Java, unmodified, against a whole server. */
@Tag("slow")
final class SdkTest {
    private static final int ACCOUNT_CONCURRENCY = 3;
    private static final int PAYLOAD_LIMIT_BYTES = 6 << 20;

    @TempDir
    static Path directory;

    private static RunningServer server;
    private static LambdaClient lambda;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        Host.requireSandboxes();
        server = RunningServer.start(
                directory,
                options -> options.accountConcurrency = ACCOUNT_CONCURRENCY,
                Functions.echo("echo"),
                Functions.probe("probe", 10),
                Functions.probe("held", 60),
                Functions.reserved("off", 0));
        lambda = server.sdk();
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            lambda.close();
            server.close();
        }
    }

    private static InvokeResponse invoke(String function, String payload) {
        return lambda.invoke(request -> request.functionName(function).payload(SdkBytes.fromUtf8String(payload)));
    }

    @Test
    void shouldInvoke() {
        InvokeResponse response = invoke("echo", "{\"text\": \"Grüße\"}");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.payload().asUtf8String()).isEqualTo("{\"text\": \"Grüße\"}");
        assertThat(response.functionError()).isNull();
        assertThat(response.executedVersion()).isEqualTo("$LATEST");
        assertThat(response.logResult()).isNull();
    }

    @Test
    void shouldInvokeByArn() {
        assertThat(invoke("arn:aws:lambda:us-east-1:000000000000:function:echo", "7")
                        .payload()
                        .asUtf8String())
                .isEqualTo("7");
    }

    @Test
    void shouldReturnAFunctionErrorAsSuch() {
        InvokeResponse response = invoke("probe", "{\"do\":\"error\",\"type\":\"My.Type\",\"message\":\"no\"}");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.functionError()).isEqualTo("Unhandled");
        assertThat(response.payload().asUtf8String())
                .isEqualTo("{\"errorMessage\":\"no\",\"errorType\":\"My.Type\",\"stackTrace\":[]}");
    }

    @Test
    void shouldRefuseAFunctionWhoseConcurrencyIsZero() {
        TooManyRequestsException refusal =
                catchThrowableOfType(TooManyRequestsException.class, () -> invoke("off", "{}"));

        assertThat(refusal.statusCode()).isEqualTo(429);
        assertThat(refusal.reason()).isEqualTo(ThrottleReason.RESERVED_FUNCTION_CONCURRENT_INVOCATION_LIMIT_EXCEEDED);
        assertThat(refusal.type()).isEqualTo("User");
        assertThat(refusal.retryAfterSeconds()).isNotBlank();
    }

    @Test
    void shouldRefuseWhatIsBeyondTheAccountsConcurrency() throws IOException, InterruptedException {
        List<CompletableFuture<Reply>> held = IntStream.range(0, ACCOUNT_CONCURRENCY)
                .mapToObj(_ -> server.send("held", "{\"do\":\"hang\"}"))
                .toList();
        server.awaitFleet("all concurrency is used", fleet -> fleet.busy() == ACCOUNT_CONCURRENCY);

        TooManyRequestsException refusal =
                catchThrowableOfType(TooManyRequestsException.class, () -> invoke("echo", "{}"));
        Sandboxes.ours().kill("held");
        held.forEach(CompletableFuture::join);

        assertThat(refusal.statusCode()).isEqualTo(429);
        assertThat(refusal.reason()).isEqualTo(ThrottleReason.CONCURRENT_INVOCATION_LIMIT_EXCEEDED);
        assertThat(invoke("echo", "1").payload().asUtf8String()).isEqualTo("1");
    }

    @Test
    void shouldRefuseAFunctionThatIsNotThere() {
        ResourceNotFoundException refusal =
                catchThrowableOfType(ResourceNotFoundException.class, () -> invoke("missing", "{}"));

        assertThat(refusal.statusCode()).isEqualTo(404);
        assertThat(refusal.getMessage()).contains("Function not found: arn:aws:lambda:us-east-1:", ":function:missing");
    }

    @Test
    void shouldReturnTheLogsTail() {
        InvokeResponse response = lambda.invoke(request -> request.functionName("probe")
                .logType(LogType.TAIL)
                .payload(SdkBytes.fromUtf8String("{\"do\":\"print\",\"bytes\":8000}")));
        byte[] log = Base64.getDecoder().decode(response.logResult());
        List<String> lines = new String(log, StandardCharsets.UTF_8).lines().toList();

        assertThat(log.length).isBetween(3_900, 4_096);
        assertThat(lines.getFirst()).matches("\\.{1,79}");
        assertThat(lines.getLast()).startsWith("REPORT RequestId: ");
    }

    @Test
    void shouldCheckWithoutInvoking() {
        InvokeResponse response =
                lambda.invoke(request -> request.functionName("echo").invocationType(InvocationType.DRY_RUN));

        assertThat(response.statusCode()).isEqualTo(204);
    }

    @Test
    void shouldRefuseWhatIsNotJson() {
        InvalidRequestContentException refusal =
                catchThrowableOfType(InvalidRequestContentException.class, () -> invoke("echo", "value"));

        assertThat(refusal.statusCode()).isEqualTo(400);
        assertThat(refusal.getMessage()).contains("Unrecognized token 'value'");
    }

    @Test
    void shouldTakeSixMegabytesAndNoByteMore() {
        String limit = "\"" + "x".repeat(PAYLOAD_LIMIT_BYTES - 2) + "\"";

        assertThat(invoke("echo", limit).payload().asUtf8String()).isEqualTo(limit);
        RequestTooLargeException refusal =
                catchThrowableOfType(RequestTooLargeException.class, () -> invoke("echo", limit + " "));
        assertThat(refusal.statusCode()).isEqualTo(413);
    }
}
