package dev.thaw.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * The recorded answers of the real service: the calls that led to them, made again here, are answered alike. What is not
 * replayed is named with its reason in {@code docs/conformity.md}.
 */
@Tag("slow")
final class GoldenTest {
    private static final Path ROOT = Installation.root();
    private static final Path RECORDINGS = ROOT.resolve("../shared/golden/test_lambda_api.snapshot.json");
    private static final String CLASS_PREFIX = "tests/aws/services/lambda_/test_lambda_api.py::";
    private static final List<String> FREE = List.of("Runtime", "CodeSha256", "RuntimeVersionArn", "Location");

    @TempDir
    static Path directory;

    private static RunningServer server;
    private static ServiceModel model;
    private static JsonNode recordings;
    private static HttpClient client;
    private static int lastFunction;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        Host.requireFile(RECORDINGS);
        Host.requireFile(ServiceModel.FILE);
        Host.requireSandboxes();
        recordings = ServiceModel.JSON.readTree(Files.readString(RECORDINGS));
        model = ServiceModel.read();
        server = RunningServer.startManaged(directory);
        client = HttpClient.newHttpClient();
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            client.close();
            server.close();
        }
    }

    private static List<GoldenScenario> scenarios() throws IOException {
        return GoldenScenario.parse(
                Files.readAllLines(ROOT.resolve("cli/src/test/resources/golden.replay"), StandardCharsets.UTF_8));
    }

    @TestFactory
    Stream<DynamicTest> shouldAnswerAsRecorded() throws IOException {
        return scenarios().stream()
                .map(scenario -> DynamicTest.dynamicTest(scenario.recording(), () -> replay(scenario)));
    }

    private static void replay(GoldenScenario scenario) {
        JsonNode recorded = recordings.path(CLASS_PREFIX + scenario.recording()).path("recorded-content");
        assertThat(recorded.isMissingNode()).as("recorded").isFalse();
        List<String> differences = scenario.replay(recorded, constants(), new GoldenMatch(FREE), GoldenTest::call);
        assertThat(differences).isEmpty();
    }

    private static Map<String, String> constants() {
        Map<String, String> constants = new HashMap<>();
        int number = ++lastFunction;
        constants.put("f", "golden-" + number);
        constants.put("g", "golden-" + number + "-other");
        constants.put("arn", "arn:aws:lambda:us-east-1:000000000000:function");
        constants.put("role", "arn:aws:iam::000000000000:role/lambda-role");
        constants.put("zip", zip("echo one"));
        constants.put("zip2", zip("echo two"));
        constants.put(
                "new",
                "Handler:'handler.handler',Runtime:'provided.al2023',Timeout:30,Environment:{Variables:{}},Role:'"
                        + constants.get("role") + "',Code:{ZipFile:'" + constants.get("zip") + "'}");
        return constants;
    }

    private static String zip(String bootstrap) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry("bootstrap"));
            zip.write(bootstrap.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return Base64.getEncoder().encodeToString(bytes.toByteArray());
    }

    private static GoldenMatch.Answer call(String operation, JsonNode input) {
        GoldenMatch.Answer answer = send(operation, input);
        if (answer.status() < 300
                && operation.matches("CreateFunction|UpdateFunctionCode|UpdateFunctionConfiguration|PublishVersion")) {
            awaitReady(input.path("FunctionName"));
        }
        return answer;
    }

    /** As the recording client's waiters do. */
    private static void awaitReady(JsonNode name) {
        JsonNode input = ServiceModel.JSON.createObjectNode().set("FunctionName", name);
        Await.until(name + " is ready", () -> {
            JsonNode configuration = send("GetFunctionConfiguration", input).json();
            return !configuration.path("State").asString("").equals("Pending")
                    && !configuration.path("LastUpdateStatus").asString("").equals("InProgress");
        });
    }

    private static GoldenMatch.Answer send(String operation, JsonNode input) {
        HttpRequest request = model.request(server.uri(), operation, input);
        try {
            HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
            String type = response.headers().firstValue("x-amzn-ErrorType").orElse("");
            return new GoldenMatch.Answer(response.statusCode(), type, response.body());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(operation, e);
        }
    }

    @Test
    void shouldReplayEveryRecordingOrSayWhyNot() throws IOException {
        Set<String> replayed = new HashSet<>();
        scenarios().forEach(scenario -> replayed.add(scenario.recording()));
        List<String> reasons = Files.readAllLines(ROOT.resolve("docs/conformity.md"), StandardCharsets.UTF_8);
        Set<String> unexplained = new TreeSet<>();
        for (String name : recordings.propertyNames()) {
            String recording = name.substring(CLASS_PREFIX.length());
            String plain = recording.replaceAll("\\[.*]$", "");
            boolean explained = reasons.stream().anyMatch(line -> line.startsWith("| `" + plain + "` |"));
            if (!replayed.contains(recording) && !explained) {
                unexplained.add(plain);
            }
        }
        assertThat(unexplained).isEmpty();
    }
}
