package dev.thaw.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The documents' command lines, run by Debian's {@code awscli} as they stand there but for the endpoint and for what
 * they leave out. What needs a service that is not here is named in {@code docs/conformity.md}.
 */
@Tag("slow")
final class AwsCliTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String ROLE = " --role arn:aws:iam::123456789012:role/lambda-role";
    private static final String PYTHON = "python3.11";
    private static final String RAW = " --cli-binary-format raw-in-base64-out ";

    @TempDir
    static Path folder;

    private static RunningServer server;
    private static AwsCli cli;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        Host.requireSandboxes();
        Host.requireProgram("curl");
        Host.requireFile(AwsCli.PROGRAM);
        server = RunningServer.startManaged(folder);
        cli = new AwsCli(folder, server.uri().toString());
        cli.zip("function.zip", TutorialCode.whole(TutorialCode.ECHO));
        cli.zip("version.zip", TutorialCode.whole(TutorialCode.VERSION));
        cli.zip("hash.zip", Map.of("bootstrap", TutorialCode.BOOTSTRAP, "functions.sh", TutorialCode.HASH));
        cli.zip("runtime.zip", Map.of("bootstrap", TutorialCode.BOOTSTRAP));
        cli.zip("function-only.zip", Map.of("function.sh", TutorialCode.ECHO));
        cli.zip(
                "hello_code.zip",
                Map.of(
                        "hello_handler.py",
                        "def hello_handler(event, context):\n    return 'Hello ' + event['firstname']\n"));
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    private static JsonNode json(String commands) {
        String output = cli.run(commands);
        try {
            return JSON.readTree(output);
        } catch (RuntimeException e) {
            throw new AssertionError(commands + ": " + output, e);
        }
    }

    private static String text(JsonNode node, String pointer) {
        return node.at(pointer).asString("");
    }

    private static JsonNode create(String name, String zip) {
        return create(name, zip, "function.handler");
    }

    private static JsonNode create(String name, String zip, String handler) {
        JsonNode created = json("aws lambda create-function --function-name " + name + " --zip-file fileb://" + zip
                + " --handler " + handler + " --runtime provided.al2023" + ROLE
                + " && aws lambda wait function-active-v2 --function-name " + name);
        assertThat(text(created, "/FunctionName")).isEqualTo(name);
        return created;
    }

    private static JsonNode invoke(String name, String event) {
        return json("aws lambda invoke --function-name " + name + " --payload '" + event + "' response.txt" + RAW);
    }

    /** Seed 000: the hash function. */
    @Test
    void shouldCreateAndInvokeTheHashFunction() throws IOException {
        JsonNode created = create("hash", "hash.zip", "functions.hash");
        assertThat(text(created, "/Handler")).isEqualTo("functions.hash");
        assertThat(created.path("Timeout").intValue()).isEqualTo(3);
        assertThat(created.path("MemorySize").intValue()).isEqualTo(128);
        assertThat(text(created, "/Version")).isEqualTo("$LATEST");
        assertThat(text(created, "/TracingConfig/Mode")).isEqualTo("PassThrough");
        assertThat(text(created, "/RevisionId")).hasSize(36);

        JsonNode invoked = invoke("hash", "{\"x\":5}");
        assertThat(invoked).isEqualTo(JSON.readTree("{\"StatusCode\":200,\"ExecutedVersion\":\"$LATEST\"}"));
        assertThat(cli.file("response.txt"))
                .isEqualTo("\"dd9446a11b2021b753a5df48d11f339055375b59cd81d7559d36b652aaff849d\"");
        JsonNode updated = json("aws lambda update-function-code --function-name hash --zip-file fileb://hash.zip");
        assertThat(text(updated, "/CodeSha256")).isEqualTo(text(created, "/CodeSha256"));
    }

    /** Seed 003, "Building a custom runtime": function, layer, new layer version, permission, clean up. */
    @Test
    void shouldFollowTheRuntimeTutorial() throws IOException {
        create("bash-runtime", "function.zip");
        assertThat(invoke("bash-runtime", "{\"text\":\"Hello\"}"))
                .isEqualTo(JSON.readTree("{\"StatusCode\":200,\"ExecutedVersion\":\"$LATEST\"}"));
        assertThat(cli.file("response.txt")).isEqualTo("Echoing request: '{\"text\":\"Hello\"}'");

        String publish = "aws lambda publish-layer-version --layer-name bash-runtime --zip-file fileb://runtime.zip";
        JsonNode layer = json(publish);
        assertThat(layer.path("Version").intValue()).isEqualTo(1);
        String layerArn = text(layer, "/LayerArn");
        useLayer(layerArn + ":1");
        json("aws lambda update-function-code --function-name bash-runtime --zip-file fileb://function-only.zip"
                + " && aws lambda wait function-updated-v2 --function-name bash-runtime");
        invoke("bash-runtime", "{\"text\":\"Hello\"}");
        assertThat(cli.file("response.txt")).isEqualTo("Echoing request: '{\"text\":\"Hello\"}'");

        assertThat(json(publish).path("Version").intValue()).isEqualTo(2);
        useLayer(layerArn + ":2");
        String shared =
                cli.run("aws lambda add-layer-version-permission --layer-name bash-runtime --statement-id xaccount"
                        + " --action lambda:GetLayerVersion --principal 111122223333 --version-number 2 --output text");
        assertThat(shared)
                .contains("\"Sid\":\"xaccount\"", "arn:aws:iam::111122223333:root", layerArn + ":2")
                .matches("(?s)[0-9a-f-]{36}\\s.*");
        assertThat(cli.run("aws lambda delete-layer-version --layer-name bash-runtime --version-number 1"
                        + " && aws lambda delete-layer-version --layer-name bash-runtime --version-number 2"))
                .isEmpty();
        invoke("bash-runtime", "{\"text\":\"Hello\"}");
        assertThat(cli.file("response.txt")).isEqualTo("Echoing request: '{\"text\":\"Hello\"}'");
        assertThat(cli.run("aws lambda delete-function --function-name bash-runtime"))
                .isEmpty();
    }

    private static void useLayer(String arn) {
        JsonNode updated = json("aws lambda update-function-configuration --function-name bash-runtime --layers " + arn
                + " && aws lambda wait function-updated-v2 --function-name bash-runtime");
        assertThat(text(updated, "/Layers/0/Arn")).isEqualTo(arn);
    }

    /** Seed 003, "Environment variables": whole replacement, and the revision as a lock. */
    @Test
    void shouldConfigureEnvironmentVariables() throws IOException {
        create("variables", "version.zip");
        json("aws lambda update-function-configuration --function-name variables"
                + " --environment \"Variables={BUCKET=my-bucket,KEY=file.txt}\""
                + " && aws lambda wait function-updated-v2 --function-name variables");
        JsonNode configuration = json("aws lambda get-function-configuration --function-name variables");
        assertThat(configuration.at("/Environment/Variables"))
                .isEqualTo(JSON.readTree("{\"BUCKET\":\"my-bucket\",\"KEY\":\"file.txt\"}"));
        invoke("variables", "{}");
        assertThat(cli.file("response.txt"))
                .isEqualTo("{\"version\":\"$LATEST\",\"bucket\":\"my-bucket\",\"key\":\"file.txt\"}");
        assertThat(cli.run("aws lambda update-function-configuration --function-name variables --timeout 5"
                        + " --revision-id 00000000-0000-0000-0000-000000000000"))
                .contains("An error occurred (PreconditionFailedException) when calling the UpdateFunctionConfiguration"
                        + " operation: The Revision Id provided does not match the latest Revision Id.");
    }

    /** Seed 003, "Versions" and "Aliases": publish, alias, weighted routing, all traffic to the new version. */
    @Test
    void shouldPublishVersionsAndRouteByAlias() throws IOException {
        create("my-function", "version.zip");
        JsonNode first = json("aws lambda publish-version --function-name my-function");
        assertThat(text(first, "/Version")).isEqualTo("1");
        assertThat(text(first, "/FunctionArn")).endsWith(":function:my-function:1");
        json("aws lambda update-function-configuration --function-name my-function --environment Variables={KEY=two}"
                + " && aws lambda wait function-updated-v2 --function-name my-function");
        assertThat(text(json("aws lambda publish-version --function-name my-function"), "/Version"))
                .isEqualTo("2");

        JsonNode alias =
                json("aws lambda create-alias --name routing-alias --function-name my-function --function-version 1"
                        + " --routing-config AdditionalVersionWeights={\"2\"=0.03}");
        assertThat(alias.at("/RoutingConfig/AdditionalVersionWeights/2").doubleValue())
                .isEqualTo(0.03);
        alias = json("aws lambda update-alias --name routing-alias --function-name my-function"
                + " --routing-config AdditionalVersionWeights={\"2\"=0.05}");
        assertThat(alias.at("/RoutingConfig/AdditionalVersionWeights/2").doubleValue())
                .isEqualTo(0.05);
        alias = json("aws lambda update-alias --name routing-alias --function-name my-function --function-version 2"
                + " --routing-config AdditionalVersionWeights={}");
        assertThat(text(alias, "/FunctionVersion")).isEqualTo("2");
        assertThat(alias.has("RoutingConfig")).isFalse();

        JsonNode invoked = json("aws lambda invoke --function-name my-function --qualifier routing-alias response.txt");
        assertThat(text(invoked, "/ExecutedVersion")).isEqualTo("2");
        assertThat(cli.file("response.txt")).isEqualTo("{\"version\":\"2\",\"bucket\":\"\",\"key\":\"two\"}");
        assertThat(cli.run("aws lambda list-functions --function-version ALL --region us-east-1 --output text"
                        + " --query \"Functions[?Runtime=='provided.al2023'].FunctionArn\""))
                .contains(":function:my-function:1", ":function:my-function:2", ":function:my-function:$LATEST");
        assertThat(cli.run("aws lambda delete-alias --function-name my-function --name routing-alias"))
                .isEmpty();
    }

    /** Seed 003, "Granting function access": a permission on an alias. */
    @Test
    void shouldGrantAccessToAnAlias() {
        create("helloworld", "function.zip");
        json("aws lambda publish-version --function-name helloworld");
        json("aws lambda create-alias --function-name helloworld --name PROD --function-version 1 --description \" \"");
        JsonNode added = json("aws lambda add-permission --function-name helloworld"
                + " --qualifier PROD --statement-id 1 --principal s3.amazonaws.com --action lambda:InvokeFunction"
                + " --source-arn arn:aws:s3:::examplebucket --source-account 123456789012");
        JsonNode statement = JSON.readTree(text(added, "/Statement"));
        assertThat(text(statement, "/Resource")).endsWith(":function:helloworld:PROD");
        assertThat(text(statement, "/Principal/Service")).isEqualTo("s3.amazonaws.com");
        assertThat(text(statement, "/Condition/StringEquals/AWS:SourceAccount")).isEqualTo("123456789012");
        assertThat(text(statement, "/Condition/ArnLike/AWS:SourceArn")).isEqualTo("arn:aws:s3:::examplebucket");
    }

    /** Seed 003, "Response streaming": permission and URL of a streaming function. */
    @Test
    void shouldConfigureAStreamingUrl() {
        create("my-streaming-function", "function.zip");
        JsonNode added = json("aws lambda add-permission --function-name my-streaming-function"
                + " --action lambda:InvokeFunctionUrl --statement-id 12345 --principal 123456789012"
                + " --function-url-auth-type AWS_IAM --statement-id url");
        assertThat(text(JSON.readTree(text(added, "/Statement")), "/Condition/StringEquals/lambda:FunctionUrlAuthType"))
                .isEqualTo("AWS_IAM");
        JsonNode url = json(
                "aws lambda create-function-url-config --function-name my-streaming-function" + " --auth-type AWS_IAM");
        assertThat(text(url, "/FunctionUrl")).startsWith("http");
        assertThat(text(url, "/AuthType")).isEqualTo("AWS_IAM");
    }

    /** Seeds 001 and 003, "Synchronous invocation": answer, log tail, refusal of what is not JSON. */
    @Test
    void shouldInvokeAndShowTheLog() throws IOException {
        create("my-logs", "function.zip");
        assertThat(json("aws lambda invoke --function-name my-logs" + RAW
                        + "--payload '{ \"key\": \"value\" }' response.json"))
                .isEqualTo(JSON.readTree("{\"ExecutedVersion\":\"$LATEST\",\"StatusCode\":200}"));
        assertThat(cli.file("response.json")).isEqualTo("Echoing request: '{ \"key\": \"value\" }'");
        assertThat(cli.run("aws lambda invoke --function-name my-logs out --log-type Tail"
                        + " --query 'LogResult' --output text" + RAW + "| base64 --decode"))
                .contains("START RequestId: ", "Version: $LATEST", "END RequestId: ", "REPORT RequestId: ");
        assertThat(cli.run("aws lambda invoke --function-name my-logs" + RAW + "--payload value response.json"))
                .contains("An error occurred (InvalidRequestContentException) when calling the Invoke operation:"
                        + " Could not parse request body into json: ")
                .contains("Unrecognized token 'value': was expecting");
    }

    /** Seed 003, "Asynchronous invocation". */
    @Test
    void shouldInvokeAsynchronously() throws IOException {
        create("my-async", "function.zip");
        assertThat(json("aws lambda invoke --function-name my-async --invocation-type Event" + RAW
                        + "--payload '{ \"key\": \"value\" }' async.json"))
                .isEqualTo(JSON.readTree("{\"StatusCode\":202}"));
        assertThat(cli.file("async.json")).isEmpty();
        assertThat(server.awaitLog("my-async", "REPORT RequestId: ")).contains("{ \"key\": \"value\" }");
    }

    /** Seed 001: list, get, delete. */
    @Test
    void shouldListGetAndDelete() {
        create("listed", "function.zip");
        assertThat(text(json("aws lambda get-function --function-name listed"), "/Configuration/State"))
                .isEqualTo("Active");
        assertThat(json("aws lambda list-functions --max-items 1").path("Functions"))
                .hasSize(1);
        assertThat(cli.run("aws lambda delete-function --function-name listed")).isEmpty();
        assertThat(cli.run("aws lambda get-function --function-name listed"))
                .contains("An error occurred (ResourceNotFoundException) when calling the GetFunction operation:"
                        + " Function not found: arn:aws:lambda:us-east-1:000000000000:function:listed");
        assertThat(cli.run("aws lambda list-code-signing-configs"))
                .contains(
                        "An error occurred (NotImplementedException) when calling the ListCodeSigningConfigs operation:"
                                + " ListCodeSigningConfigs is not served here");
    }

    /** Seed 002: a Python function, its input from a file, its update and its end. */
    @Test
    void shouldFollowThePythonTutorial() throws IOException {
        Host.requireRuntime(PYTHON);
        JsonNode created = json("aws lambda create-function --function-name hello --zip-file fileb://hello_code.zip"
                + " --handler hello_handler.hello_handler --runtime " + PYTHON
                + " --role arn:aws:iam::123456789012:role/hello-ex"
                + " && aws lambda wait function-active-v2 --function-name hello");
        assertThat(text(created, "/Runtime")).isEqualTo(PYTHON);
        cli.run("echo '{\"firstname\":\"Ada\",\"surname\":\"Lovelace\"}' >payload.json");
        json("aws lambda invoke --function-name hello --payload fileb://payload.json hello_out.txt");
        assertThat(cli.file("hello_out.txt")).isEqualTo("\"Hello Ada\"");
        json("aws lambda update-function-code --function-name hello --zip-file fileb://hello_code.zip");
        assertThat(cli.run("aws lambda delete-function --function-name hello")).isEmpty();
    }
}
