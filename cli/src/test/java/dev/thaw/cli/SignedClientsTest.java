package dev.thaw.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.FunctionUrlAuthType;
import software.amazon.awssdk.services.lambda.model.InvokeMode;
import software.amazon.awssdk.services.lambda.model.LambdaException;

/**
 * Unmodified clients against a server with keys: the AWS SDK for Java, {@code aws}, {@code curl --aws-sigv4}. The last
 * two are skipped where they are missing.
 */
@Tag("slow")
@TestMethodOrder(MethodOrderer.MethodName.class)
final class SignedClientsTest {
    private static final String SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

    @TempDir
    static Path directory;

    private static RunningServer server;
    private static LambdaClient admin;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        Host.requireSandboxes();
        Path keys = Files.writeString(directory.resolve("keys.yaml"), """
                Keys:
                  - {AccessKeyId: AKIDADMIN, SecretAccessKey: SECRET, Principal: admin}
                  - AccessKeyId: AKIDREADER
                    SecretAccessKey: SECRET
                    Principal: reader
                    Statement:
                      - {Effect: Allow, Action: ["lambda:Get*", "lambda:List*"], Resource: "*"}
                """.replace("SECRET", SECRET));
        Files.setPosixFilePermissions(keys, PosixFilePermissions.fromString("rw-------"));
        server = RunningServer.startGuarded(directory, keys, Functions.echo("echo"));
        admin = client("AKIDADMIN", SECRET);
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            admin.close();
            server.close();
        }
    }

    private static LambdaClient client(String keyId, String secret) {
        return LambdaClient.builder()
                .region(Region.US_EAST_1)
                .endpointOverride(server.uri())
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(keyId, secret)))
                .build();
    }

    private static String run(List<String> command, Map<String, String> environment)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output.strip();
    }

    private static String aws(String keyId, String secret, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                "aws",
                "--endpoint-url",
                server.uri().toString(),
                "--region",
                "us-east-1",
                "--output",
                "text",
                "lambda"));
        command.addAll(Arrays.asList(arguments));
        return run(command, Map.of("AWS_ACCESS_KEY_ID", keyId, "AWS_SECRET_ACCESS_KEY", secret, "AWS_PAGER", ""));
    }

    private static String curl(String secret, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of("curl", "-s", "--max-time", "20", "--aws-sigv4", "aws:amz:us-east-1:lambda", "--user"));
        command.add("AKIDADMIN:" + secret);
        command.addAll(Arrays.asList(arguments));
        return run(command, Map.of());
    }

    @Test
    void shouldServeTheSdk() {
        String arn = "arn:aws:lambda:us-east-1:000000000000:function:echo";
        assertThat(admin.invoke(request -> request.functionName(arn)
                                .qualifier("$LATEST")
                                .payload(SdkBytes.fromUtf8String("{\"a\":1}")))
                        .payload()
                        .asUtf8String())
                .isEqualTo("{\"a\":1}");
        assertThat(admin.listFunctions().functions()).hasSize(1);
    }

    @Test
    void shouldTellTheSdkWhy() {
        try (LambdaClient wrong = client("AKIDADMIN", "wrong");
                LambdaClient unknown = client("AKIDNOBODY", SECRET);
                LambdaClient reader = client("AKIDREADER", SECRET)) {
            assertCode(wrong, "InvalidSignatureException", "does not match the signature you provided");
            assertCode(unknown, "UnrecognizedClientException", "security token included in the request is invalid");
            assertCode(
                    reader,
                    "AccessDeniedException",
                    "User: arn:aws:iam::000000000000:user/reader is not authorized to perform: lambda:InvokeFunction");
            assertThat(reader.listFunctions().functions()).hasSize(1);
        }
    }

    private static void assertCode(LambdaClient client, String code, String message) {
        LambdaException refused = catchThrowableOfType(
                LambdaException.class, () -> client.invoke(request -> request.functionName("echo")));
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.awsErrorDetails().errorCode()).isEqualTo(code);
        assertThat(refused.awsErrorDetails().errorMessage()).contains(message);
    }

    @Test
    void shouldServeTheCommandLineClient() throws IOException, InterruptedException {
        Host.requireProgram("aws");
        assertThat(aws(
                        "AKIDADMIN",
                        SECRET,
                        "get-function-configuration",
                        "--function-name",
                        "echo",
                        "--query",
                        "State"))
                .isEqualTo("Active");
        String byArn = "arn:aws:lambda:us-east-1:000000000000:function:echo";
        assertThat(aws("AKIDADMIN", SECRET, "get-function-configuration", "--function-name", byArn, "--query", "State"))
                .isEqualTo("Active");
        assertThat(aws("AKIDADMIN", "wrong", "list-functions"))
                .contains("An error occurred (InvalidSignatureException) when calling the ListFunctions operation:"
                        + " The request signature we calculated does not match");
        assertThat(aws("AKIDREADER", SECRET, "delete-function", "--function-name", "echo"))
                .contains("An error occurred (AccessDeniedException) when calling the DeleteFunction operation:");
    }

    @Test
    void shouldServeCurl() throws IOException, InterruptedException {
        Host.requireProgram("curl");
        String url =
                server.uri().resolve("/2015-03-31/functions/echo/invocations").toString();
        assertThat(curl(SECRET, "-H", "Content-Type: application/json", "-d", "{\"b\":2}", url))
                .isEqualTo("{\"b\":2}");
        assertThat(curl("wrong", "-H", "Content-Type: application/json", "-d", "{}", url))
                .contains("The request signature we calculated does not match");
        assertThat(run(List.of("curl", "-s", "-d", "{}", url), Map.of()))
                .isEqualTo("{\"message\":\"Missing Authentication Token\"}");
    }

    @Test
    void shouldLetCurlFetchAPackageByItsLocation() throws IOException, InterruptedException {
        Host.requireProgram("curl");
        String location = admin.getFunction(request -> request.functionName("echo"))
                .code()
                .location();
        assertThat(run(
                        List.of("curl", "-s", "-o", "/dev/null", "-w", "%{http_code} %{content_type}", location),
                        Map.of()))
                .isEqualTo("200 application/zip");
        String unsigned = location.substring(0, location.indexOf('?'));
        assertThat(run(List.of("curl", "-s", "-w", " %{http_code}", unsigned), Map.of()))
                .endsWith(" 403");
    }

    /** Contract.md section 1.13: a URL of type AWS_IAM, called as the tutorial does. */
    @Test
    void shouldServeAUrlToSigners() throws IOException, InterruptedException {
        Host.requireProgram("curl");
        URI url = URI.create(admin.createFunctionUrlConfig(request -> request.functionName("echo")
                        .authType(FunctionUrlAuthType.AWS_IAM)
                        .invokeMode(InvokeMode.BUFFERED))
                .functionUrl());
        assertThat(curl(SECRET, url + "a/b?c=d")).contains("\"rawPath\":\"/a/b\"", "\"rawQueryString\":\"c=d\"");
        assertThat(run(List.of("curl", "-s", "-w", " %{http_code}", url.toString()), Map.of()))
                .isEqualTo("{\"Message\":\"Forbidden\"} 403");
        admin.updateFunctionUrlConfig(request -> request.functionName("echo").authType(FunctionUrlAuthType.NONE));
        assertThat(run(List.of("curl", "-s", url.toString()), Map.of())).isEqualTo("{\"Message\":\"Forbidden\"}");
        admin.addPermission(request -> request.functionName("echo")
                .statementId("everybody")
                .action("lambda:InvokeFunctionUrl")
                .principal("*")
                .functionUrlAuthType(FunctionUrlAuthType.NONE));
        assertThat(run(List.of("curl", "-s", url.toString()), Map.of())).contains("\"accountId\":\"anonymous\"");
        admin.deleteFunctionUrlConfig(request -> request.functionName("echo"));
        assertThat(run(List.of("curl", "-s", url.toString()), Map.of())).isEqualTo("{\"Message\":null}");
    }
}
