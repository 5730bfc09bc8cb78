package dev.thaw.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.lambda.LambdaClient;
import tools.jackson.databind.JsonNode;

/**
 * What functions of managed runtimes see of context and environment, and how their faults are worded: as the real service
 * was recorded. Functions are made through the management API.
 */
@Tag("slow")
final class GoldenRuntimeTest {
    private static final Path RECORDINGS =
            Installation.root().resolve("../shared/golden/test_lambda_common.snapshot.json");
    private static final String FILE_PREFIX = "tests/aws/services/lambda_/test_lambda_common.py::";
    private static final String PREFIX = FILE_PREFIX + "TestLambdaRuntimesCommon::";

    /** Differences that {@code docs/conformity.md} tells. */
    private static final Pattern KNOWN =
            Pattern.compile("/environment/(AWS_LAMBDA_RUNTIME_API|_?AWS_XRAY_DAEMON_.*|TZ|SHLVL|LC_CTYPE|AWS_ACCESS_KEY"
                    + "|AWS_LAMBDA_LOG_FORMAT): .*");

    private static final String PYTHON = """
            import os

            def handler(event, context):
                if "fail" in event:
                    raise Exception("Failed: " + event["fail"])
                return {
                    "ctx": {
                        "aws_request_id": context.aws_request_id,
                        "function_name": context.function_name,
                        "function_version": context.function_version,
                        "invoked_function_arn": context.invoked_function_arn,
                        "log_group_name": context.log_group_name,
                        "log_stream_name": context.log_stream_name,
                        "memory_limit_in_mb": context.memory_limit_in_mb,
                        "remaining_time_in_millis": str(context.get_remaining_time_in_millis())},
                    "environment": dict(os.environ),
                    "packages": []}
            """;

    private static final String NODE = """
            exports.handler = async (event, context) => {
                if (event.fail) {
                    throw new Error(`Error: ${event.fail}`);
                }
                return {
                    ctx: {
                        aws_request_id: context.awsRequestId,
                        function_name: context.functionName,
                        function_version: context.functionVersion,
                        invoked_function_arn: context.invokedFunctionArn,
                        log_group_name: context.logGroupName,
                        log_stream_name: context.logStreamName,
                        remaining_time_in_millis: String(context.getRemainingTimeInMillis())},
                    environment: process.env,
                    packages: []};
            };
            """;

    /** A runtime and a function of it. */
    private record Language(String runtime, String handler, Map<String, String> files) {}

    private static final List<Language> LANGUAGES = List.of(
            new Language("python3.10", "handler.handler", Map.of("handler.py", PYTHON)),
            new Language("python3.11", "handler.handler", Map.of("handler.py", PYTHON)),
            new Language("python3.12", "handler.handler", Map.of("handler.py", PYTHON)),
            new Language("python3.13", "handler.handler", Map.of("handler.py", PYTHON)),
            new Language("nodejs20.x", "index.handler", Map.of("index.js", NODE)),
            new Language("nodejs22.x", "index.handler", Map.of("index.js", NODE)));

    @TempDir
    static Path directory;

    private static RunningServer server;
    private static LambdaClient lambda;
    private static JsonNode recordings;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        Host.requireFile(RECORDINGS);
        Host.requireSandboxes();
        recordings = ServiceModel.JSON.readTree(Files.readString(RECORDINGS));
        server = RunningServer.startManaged(directory);
        lambda = server.sdk();
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            lambda.close();
            server.close();
        }
    }

    @TestFactory
    Stream<DynamicTest> shouldRunAsRecorded() {
        return LANGUAGES.stream()
                .filter(language -> ManagedRuntime.find(language.runtime).usable())
                .map(language -> DynamicTest.dynamicTest(language.runtime, () -> replay(language)));
    }

    private static void replay(Language language) throws IOException {
        String name = "golden-" + language.runtime.replace('.', '-');
        create(name, language);
        GoldenMatch match = new GoldenMatch(List.of());
        JsonNode seen = recorded("test_introspection_invoke", language);
        assertThat(differences(match, seen.path("invocation_result_payload"), server.invoke(name, "{}")))
                .isEmpty();
        Reply qualified = server.invoke(name + ":$LATEST", "{}");
        assertThat(differences(match, seen.path("invocation_result_payload_qualified"), qualified))
                .isEmpty();
        JsonNode failed = recorded("test_uncaught_exception_invoke", language).path("error_result");
        Reply reply = server.invoke(name, "{\"fail\":\"some_error_msg\"}");
        assertThat(reply.functionError()).isEqualTo(failed.path("FunctionError").stringValue());
        assertThat(differences(new GoldenMatch(List.of("stackTrace", "trace")), failed.path("Payload"), reply))
                .isEmpty();
    }

    private static void create(String name, Language language) throws IOException {
        SdkBytes code = SdkBytes.fromByteArray(AwsCli.zipped(language.files));
        lambda.createFunction(request -> request.functionName(name)
                .runtime(language.runtime)
                .handler(language.handler)
                .role("arn:aws:iam::000000000000:role/lambda-role")
                .memorySize(1_024)
                .timeout(20)
                .environment(variables -> variables.variables(Map.of("TEST_KEY", "TEST_VAL")))
                .code(source -> source.zipFile(code)));
        lambda.waiter().waitUntilFunctionActiveV2(request -> request.functionName(name));
    }

    private static JsonNode recorded(String test, Language language) {
        JsonNode content =
                recordings.path(PREFIX + test + "[" + language.runtime + "]").path("recorded-content");
        assertThat(content.isMissingNode()).as("recorded").isFalse();
        return content;
    }

    private static List<String> differences(GoldenMatch match, JsonNode recorded, Reply reply) {
        return match.differences(recorded, new GoldenMatch.Answer(reply.status(), "", reply.text())).stream()
                .filter(difference -> !KNOWN.matcher(difference).matches())
                .toList();
    }

    @Test
    void shouldTellOfEveryRecordingWhereItIsReplayed() throws IOException {
        List<String> rows = Files.readAllLines(Installation.root().resolve("docs/conformity.md"));
        Set<String> untold = new TreeSet<>();
        for (String name : recordings.propertyNames()) {
            String plain = name.substring(FILE_PREFIX.length()).replaceAll("\\[.*]$", "");
            if (rows.stream().noneMatch(row -> row.startsWith("| `" + plain + "` |"))) {
                untold.add(plain);
            }
        }
        assertThat(untold).isEmpty();
    }
}
