package dev.thaw.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.AddLayerVersionPermissionResponse;
import software.amazon.awssdk.services.lambda.model.CreateFunctionResponse;
import software.amazon.awssdk.services.lambda.model.CreateFunctionUrlConfigResponse;
import software.amazon.awssdk.services.lambda.model.FunctionConfiguration;
import software.amazon.awssdk.services.lambda.model.FunctionUrlAuthType;
import software.amazon.awssdk.services.lambda.model.FunctionVersion;
import software.amazon.awssdk.services.lambda.model.InvalidParameterValueException;
import software.amazon.awssdk.services.lambda.model.InvocationType;
import software.amazon.awssdk.services.lambda.model.InvokeMode;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;
import software.amazon.awssdk.services.lambda.model.LambdaException;
import software.amazon.awssdk.services.lambda.model.PreconditionFailedException;
import software.amazon.awssdk.services.lambda.model.PublishLayerVersionResponse;
import software.amazon.awssdk.services.lambda.model.ResourceConflictException;
import software.amazon.awssdk.services.lambda.model.ResourceNotFoundException;
import software.amazon.awssdk.services.lambda.model.Runtime;
import software.amazon.awssdk.services.lambda.model.State;
import software.amazon.awssdk.services.lambda.model.UpdateAliasResponse;

/** The documents' examples once more, through the AWS SDK for Java, unmodified. */
@Tag("slow")
final class SdkManagementTest {
    private static final String ROLE = "arn:aws:iam::123456789012:role/lambda-role";
    private static final String HELLO = "{\"text\":\"Hello\"}";

    @TempDir
    static Path folder;

    private static RunningServer server;
    private static LambdaClient lambda;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        Host.requireSandboxes();
        Host.requireProgram("curl");
        server = RunningServer.startManaged(folder);
        lambda = server.sdk();
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            lambda.close();
            server.close();
        }
    }

    private static SdkBytes zip(Map<String, String> files) throws IOException {
        return SdkBytes.fromByteArray(AwsCli.zipped(files));
    }

    private static CreateFunctionResponse create(String name, Map<String, String> files, String handler)
            throws IOException {
        SdkBytes code = zip(files);
        CreateFunctionResponse created = lambda.createFunction(request -> request.functionName(name)
                .handler(handler)
                .runtime(Runtime.PROVIDED_AL2023)
                .role(ROLE)
                .code(source -> source.zipFile(code)));
        lambda.waiter().waitUntilFunctionActiveV2(request -> request.functionName(name));
        return created;
    }

    private static void awaitUpdated(String name) {
        lambda.waiter().waitUntilFunctionUpdatedV2(request -> request.functionName(name));
    }

    private static InvokeResponse invoke(String name, String event) {
        return lambda.invoke(request -> request.functionName(name).payload(SdkBytes.fromUtf8String(event)));
    }

    @Test
    void shouldCreateAndInvokeTheHashFunction() throws IOException {
        Map<String, String> files = Map.of("bootstrap", TutorialCode.BOOTSTRAP, "functions.sh", TutorialCode.HASH);
        CreateFunctionResponse created = create("hash", files, "functions.hash");
        assertThat(created.timeout()).isEqualTo(3);
        assertThat(created.memorySize()).isEqualTo(128);
        assertThat(created.version()).isEqualTo("$LATEST");
        InvokeResponse invoked = invoke("hash", "{\"x\":5}");
        assertThat(invoked.statusCode()).isEqualTo(200);
        assertThat(invoked.executedVersion()).isEqualTo("$LATEST");
        assertThat(invoked.payload().asUtf8String())
                .isEqualTo("\"dd9446a11b2021b753a5df48d11f339055375b59cd81d7559d36b652aaff849d\"");
        ResourceConflictException again =
                catchThrowableOfType(ResourceConflictException.class, () -> create("hash", files, "functions.hash"));
        assertThat(again.awsErrorDetails().errorMessage()).isEqualTo("Function already exist: hash");
    }

    /** Seed 002: a Python function, its update and its end. */
    @Test
    void shouldFollowThePythonTutorial() throws IOException {
        Host.requireRuntime("python3.11");
        SdkBytes code = zip(Map.of(
                "hello_handler.py", "def hello_handler(event, context):\n    return 'Hello ' + event['firstname']\n"));
        lambda.createFunction(request -> request.functionName("hello")
                .handler("hello_handler.hello_handler")
                .runtime(Runtime.PYTHON3_11)
                .role("arn:aws:iam::123456789012:role/hello-ex")
                .code(source -> source.zipFile(code)));
        lambda.waiter().waitUntilFunctionActiveV2(request -> request.functionName("hello"));
        String event = "{\"firstname\":\"Ada\",\"surname\":\"Lovelace\"}";
        assertThat(invoke("hello", event).payload().asUtf8String()).isEqualTo("\"Hello Ada\"");
        lambda.updateFunctionCode(request -> request.functionName("hello").zipFile(code));
        awaitUpdated("hello");
        assertThat(invoke("hello", event).payload().asUtf8String()).isEqualTo("\"Hello Ada\"");
        lambda.deleteFunction(request -> request.functionName("hello"));
        assertThat(catchThrowableOfType(ResourceNotFoundException.class, () -> invoke("hello", event)))
                .isNotNull();
    }

    @Test
    void shouldRefuseABombAndLeaveNothingOfIt() throws IOException {
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bomb)) {
            zip.setLevel(Deflater.BEST_SPEED);
            zip.putNextEntry(new ZipEntry("zeros"));
            byte[] zeros = new byte[1 << 20];
            for (int i = 0; i < 300; i++) {
                zip.write(zeros);
            }
        }
        List<Path> before = packages();
        InvalidParameterValueException refused = catchThrowableOfType(
                InvalidParameterValueException.class,
                () -> lambda.createFunction(request -> request.functionName("bomb")
                        .handler("h")
                        .runtime(Runtime.PROVIDED_AL2023)
                        .role(ROLE)
                        .code(source -> source.zipFile(SdkBytes.fromByteArray(bomb.toByteArray())))));
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.awsErrorDetails().errorMessage())
                .isEqualTo("Unzipped size must be smaller than 262144000 bytes");
        assertThat(packages()).isEqualTo(before);
    }

    private static List<Path> packages() throws IOException {
        try (Stream<Path> packages = Files.list(folder.resolve("state/code"))) {
            return packages.sorted().toList();
        }
    }

    /** Until the same is uploaded again, which the service cannot tell from an update either. */
    @Test
    void shouldFailTheInitOfAPackageThatWasAlteredOnThisServer() throws IOException {
        Map<String, String> files = TutorialCode.whole(TutorialCode.ECHO + "# altered later");
        String sha256 = create("altered", files, "function.handler").codeSha256();
        Path stored = folder.resolve(
                "state/code/" + HexFormat.of().formatHex(Base64.getDecoder().decode(sha256)));
        Files.writeString(stored.resolve("files/bootstrap"), "");
        InvokeResponse failed = invoke("altered", HELLO);
        assertThat(failed.statusCode()).isEqualTo(200);
        assertThat(failed.functionError()).isEqualTo("Unhandled");
        assertThat(failed.payload().asUtf8String())
                .contains("\"errorType\":\"Runtime.InvalidTaskConfig\"", "bootstrap was altered: 0 bytes")
                .doesNotContain(folder.toString());
        assertThat(server.awaitLog("altered", "INIT_REPORT"))
                .contains("The package that was uploaded is not what lies on this server: bootstrap was altered")
                .containsPattern("INIT_REPORT .*Status: error\tError Type: Runtime.InvalidTaskConfig");
        SdkBytes again = zip(files);
        lambda.updateFunctionCode(request -> request.functionName("altered").zipFile(again));
        awaitUpdated("altered");
        assertThat(invoke("altered", HELLO).payload().asUtf8String()).isEqualTo("Echoing request: '" + HELLO + "'");
    }

    /** From the update on; what an earlier environment still writes stays where it was. */
    @Test
    void shouldLogToTheGroupThatAnUpdateNames() throws IOException {
        create("grouped", TutorialCode.whole(TutorialCode.ECHO), "function.handler");
        String before = invoke("grouped", HELLO).responseMetadata().requestId();
        assertThat(server.awaitLog("grouped", "REPORT RequestId: " + before)).contains("START RequestId: " + before);
        lambda.updateFunctionConfiguration(
                request -> request.functionName("grouped").loggingConfig(logging -> logging.logGroup("team/shared")));
        awaitUpdated("grouped");
        String after = invoke("grouped", HELLO).responseMetadata().requestId();
        assertThat(server.awaitLog("group=team=shared", "REPORT RequestId: " + after))
                .startsWith("INIT_START")
                .doesNotContain(before);
        lambda.updateFunctionConfiguration(request ->
                request.functionName("grouped").loggingConfig(logging -> logging.logGroup("/aws/lambda/grouped")));
        awaitUpdated("grouped");
        String last = invoke("grouped", HELLO).responseMetadata().requestId();
        assertThat(server.awaitLog("grouped", "REPORT RequestId: " + last))
                .contains(before)
                .doesNotContain(after);
    }

    @Test
    void shouldFollowTheRuntimeTutorial() throws IOException {
        create("bash-runtime", TutorialCode.whole(TutorialCode.ECHO), "function.handler");
        assertThat(invoke("bash-runtime", HELLO).payload().asUtf8String())
                .isEqualTo("Echoing request: '" + HELLO + "'");

        SdkBytes runtime = zip(Map.of("bootstrap", TutorialCode.BOOTSTRAP));
        SdkBytes handler = zip(Map.of("function.sh", TutorialCode.ECHO));
        PublishLayerVersionResponse layer = lambda.publishLayerVersion(
                request -> request.layerName("bash-runtime").content(content -> content.zipFile(runtime)));
        lambda.updateFunctionConfiguration(
                request -> request.functionName("bash-runtime").layers(layer.layerVersionArn()));
        awaitUpdated("bash-runtime");
        lambda.updateFunctionCode(
                request -> request.functionName("bash-runtime").zipFile(handler));
        awaitUpdated("bash-runtime");
        assertThat(invoke("bash-runtime", HELLO).payload().asUtf8String())
                .isEqualTo("Echoing request: '" + HELLO + "'");

        AddLayerVersionPermissionResponse shared =
                lambda.addLayerVersionPermission(request -> request.layerName("bash-runtime")
                        .versionNumber(layer.version())
                        .statementId("xaccount")
                        .action("lambda:GetLayerVersion")
                        .principal("111122223333"));
        assertThat(shared.statement()).contains("arn:aws:iam::111122223333:root");
        lambda.deleteLayerVersion(request -> request.layerName("bash-runtime").versionNumber(layer.version()));
        assertThat(invoke("bash-runtime", HELLO).payload().asUtf8String()).startsWith("Echoing request");
        lambda.deleteFunction(request -> request.functionName("bash-runtime"));
        ResourceNotFoundException gone =
                catchThrowableOfType(ResourceNotFoundException.class, () -> invoke("bash-runtime", HELLO));
        assertThat(gone.awsErrorDetails().errorMessage()).startsWith("Function not found: arn:aws:lambda:");
    }

    @Test
    void shouldConfigureEnvironmentVariables() throws IOException {
        create("variables", TutorialCode.whole(TutorialCode.VERSION), "function.handler");
        lambda.updateFunctionConfiguration(request -> request.functionName("variables")
                .environment(environment -> environment.variables(Map.of("BUCKET", "my-bucket", "KEY", "file.txt"))));
        awaitUpdated("variables");
        assertThat(lambda.getFunctionConfiguration(request -> request.functionName("variables"))
                        .environment()
                        .variables())
                .isEqualTo(Map.of("BUCKET", "my-bucket", "KEY", "file.txt"));
        assertThat(invoke("variables", "{}").payload().asUtf8String())
                .isEqualTo("{\"version\":\"$LATEST\",\"bucket\":\"my-bucket\",\"key\":\"file.txt\"}");
        PreconditionFailedException refusal = catchThrowableOfType(
                PreconditionFailedException.class,
                () -> lambda.updateFunctionConfiguration(
                        request -> request.functionName("variables").timeout(5).revisionId("wrong")));
        assertThat(refusal.statusCode()).isEqualTo(412);
    }

    @Test
    void shouldPublishVersionsAndRouteByAlias() throws IOException {
        create("my-function", TutorialCode.whole(TutorialCode.VERSION), "function.handler");
        assertThat(lambda.publishVersion(request -> request.functionName("my-function"))
                        .version())
                .isEqualTo("1");
        lambda.updateFunctionConfiguration(request -> request.functionName("my-function")
                .environment(environment -> environment.variables(Map.of("KEY", "two"))));
        awaitUpdated("my-function");
        assertThat(lambda.publishVersion(request -> request.functionName("my-function"))
                        .version())
                .isEqualTo("2");
        lambda.createAlias(request -> request.functionName("my-function")
                .name("routing-alias")
                .functionVersion("1")
                .routingConfig(routing -> routing.additionalVersionWeights(Map.of("2", 0.03))));
        UpdateAliasResponse updated = lambda.updateAlias(request -> request.functionName("my-function")
                .name("routing-alias")
                .functionVersion("2")
                .routingConfig(routing -> routing.additionalVersionWeights(Map.of())));
        assertThat(updated.functionVersion()).isEqualTo("2");
        InvokeResponse invoked =
                lambda.invoke(request -> request.functionName("my-function").qualifier("routing-alias"));
        assertThat(invoked.executedVersion()).isEqualTo("2");
        assertThat(invoked.payload().asUtf8String()).isEqualTo("{\"version\":\"2\",\"bucket\":\"\",\"key\":\"two\"}");
        Set<String> arns = new HashSet<>();
        lambda
                .listFunctionsPaginator(
                        request -> request.functionVersion(FunctionVersion.ALL).maxItems(1))
                .functions()
                .stream()
                .map(FunctionConfiguration::functionArn)
                .forEach(arns::add);
        String arn = "arn:aws:lambda:us-east-1:000000000000:function:my-function:";
        assertThat(arns).contains(arn + "$LATEST", arn + "1", arn + "2");
        lambda.deleteAlias(request -> request.functionName("my-function").name("routing-alias"));
    }

    @Test
    void shouldGrantAccessAndConfigureAUrl() throws IOException {
        create("my-url", TutorialCode.whole(TutorialCode.ECHO), "function.handler");
        lambda.addPermission(request -> request.functionName("my-url")
                .statementId("url")
                .action("lambda:InvokeFunctionUrl")
                .principal("123456789012")
                .functionUrlAuthType(FunctionUrlAuthType.AWS_IAM));
        assertThat(lambda.getPolicy(request -> request.functionName("my-url")).policy())
                .contains("\"lambda:FunctionUrlAuthType\":\"AWS_IAM\"");
        CreateFunctionUrlConfigResponse url = lambda.createFunctionUrlConfig(request -> request.functionName("my-url")
                .authType(FunctionUrlAuthType.AWS_IAM)
                .invokeMode(InvokeMode.RESPONSE_STREAM));
        assertThat(url.invokeMode()).isEqualTo(InvokeMode.RESPONSE_STREAM);
        assertThat(url.functionUrl()).startsWith("http");
        assertThat(lambda.listFunctionUrlConfigs(request -> request.functionName("my-url"))
                        .functionUrlConfigs())
                .hasSize(1);
    }

    @Test
    void shouldInvokeAsynchronously() throws IOException {
        create("my-async", TutorialCode.whole(TutorialCode.ECHO), "function.handler");
        InvokeResponse accepted = lambda.invoke(request -> request.functionName("my-async")
                .invocationType(InvocationType.EVENT)
                .payload(SdkBytes.fromUtf8String(HELLO)));
        assertThat(accepted.statusCode()).isEqualTo(202);
        assertThat(server.awaitLog("my-async", "REPORT RequestId: ")).contains(HELLO);
    }

    @Test
    void shouldListGetAndNameWhatIsNotServed() throws IOException {
        create("listed", TutorialCode.whole(TutorialCode.ECHO), "function.handler");
        String location = lambda.getFunction(request -> request.functionName("listed"))
                .code()
                .location();
        try (InputStream code = URI.create(location).toURL().openStream()) {
            assertThat(code.readNBytes(4)).isEqualTo(new byte[] {'P', 'K', 3, 4});
        }
        assertThat(lambda.getFunction(request -> request.functionName("listed"))
                        .configuration()
                        .state())
                .isEqualTo(State.ACTIVE);
        assertThat(lambda.listFunctions().functions())
                .extracting(FunctionConfiguration::functionName)
                .contains("listed");
        LambdaException refusal =
                catchThrowableOfType(LambdaException.class, () -> lambda.listCapacityProviders(request -> {}));
        assertThat(refusal.statusCode()).isEqualTo(501);
        assertThat(refusal.awsErrorDetails().errorCode()).isEqualTo("NotImplementedException");
        assertThat(refusal.awsErrorDetails().errorMessage()).isEqualTo("ListCapacityProviders is not served here");
    }
}
