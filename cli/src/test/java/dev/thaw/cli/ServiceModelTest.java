package dev.thaw.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.scheduler.control.Operation;
import dev.thaw.scheduler.control.Operations;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.lambda.LambdaClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A walk over the clients' service model: every operation is answered by its documented status and output, by one of its
 * documented errors, or by the refusal that names it; asked of what is there, and of what is not.
 */
@Tag("slow")
final class ServiceModelTest {
    /** Errors that any operation may answer, which the model does not list. */
    private static final List<String> COMMON = List.of("ValidationException", "SerializationException");

    /** Members that newer models have. */
    private static final List<String> NEWER =
            List.of("LoggingConfig", "RuntimeVersionConfig", "InvokeMode", "FunctionArn");

    /** Of which the least that the model lets a client send breaks a rule. */
    private static final List<String> NEEDS_MORE = List.of("AddLayerVersionPermission");

    /** In this order, so that what is asked for is there, and stays until the end. */
    private static final List<String> ORDER = List.of(
            "Create", "Publish", "Put", "Add", "Tag", "Get", "List", "Update", "Invoke", "Untag", "Remove", "Delete");

    /** Values that the model alone does not tell. */
    private static final Map<String, String> VALUES = Map.of(
            "Role", "arn:aws:iam::000000000000:role/r",
            "Runtime", "provided.al2023",
            "Handler", "function.handler",
            "FunctionVersion", "1",
            "Action", "lambda:InvokeFunction",
            "Principal", "s3.amazonaws.com",
            "Resource", "arn:aws:lambda:us-east-1:000000000000:function:walked",
            "Arn", "arn:aws:lambda:us-east-1:000000000000:layer:walked:1",
            "EventSourceArn", "arn:aws:sqs:us-east-1:000000000000:queue",
            "Qualifier", "live");

    @TempDir
    static Path folder;

    private static RunningServer server;
    private static ServiceModel model;
    private static HttpClient client;
    private static String zip;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        Host.requireSandboxes();
        Host.requireFile(ServiceModel.FILE);
        model = ServiceModel.read();
        server = RunningServer.startManaged(folder);
        client = HttpClient.newHttpClient();
        zip = Base64.getEncoder().encodeToString(AwsCli.zipped(TutorialCode.whole(TutorialCode.ECHO)));
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            client.close();
            server.close();
        }
    }

    @Test
    void shouldKnowEveryOperationOfTheModelsWithItsStatus() {
        List<String> wrong = new ArrayList<>();
        for (String name : model.operations()) {
            JsonNode http = model.operation(name).path("http");
            Operation ours = Operations.named(name).orElse(null);
            if (ours == null
                    || !ours.method().equals(http.path("method").stringValue())
                    || ours.status() != http.path("responseCode").asInt(200)) {
                wrong.add(name + ": " + ours + ", the model has " + http);
            }
        }
        assertThat(wrong).isEmpty();
    }

    /** The newest model that is at hand: the SDK's own. */
    @Test
    void shouldKnowEveryOperationOfTheSdk() {
        List<String> unknown = Stream.of(LambdaClient.class.getMethods())
                .filter(method -> method.getParameterCount() == 1
                        && method.getParameterTypes()[0].getSimpleName().endsWith("Request")
                        && method.getReturnType().getSimpleName().endsWith("Response"))
                .map(method -> method.getName().substring(0, 1).toUpperCase(Locale.ROOT)
                        + method.getName().substring(1))
                .filter(name -> Operations.named(name).isEmpty())
                .toList();
        assertThat(unknown).isEmpty();
    }

    @Test
    void shouldAnswerEveryOperationAsDocumentedOrNameIt() throws IOException {
        List<String> wrong = new ArrayList<>();
        List<String> served = new ArrayList<>();
        List<String> refused = new ArrayList<>();
        for (String prefix : ORDER) {
            for (String operation : model.operations()) {
                if (operation.startsWith(prefix)) {
                    ask(operation, "nothing", wrong, new ArrayList<>(), new ArrayList<>());
                    ask(operation, "walked", wrong, served, refused);
                    if (operation.equals("CreateFunction")) {
                        awaitActive();
                    }
                }
            }
        }
        String page = Files.readString(Installation.root().resolve("docs/conformity.md"));
        assertThat(refused).allSatisfy(operation -> assertThat(page).contains("`" + operation + "`"));
        System.out.println("served: " + served.size() + " operations; refused by name: " + refused);
        assertThat(wrong).isEmpty();
        assertThat(served).hasSizeGreaterThan(36).contains("Invoke", "InvokeAsync");
    }

    private static void awaitActive() {
        Await.until(
                "walked is active",
                () -> send(
                                "GetFunctionConfiguration",
                                ServiceModel.JSON.createObjectNode().put("FunctionName", "walked"))
                        .body()
                        .contains("\"Active\""));
    }

    private static void ask(
            String operation, String name, List<String> wrong, List<String> served, List<String> refused) {
        String input = model.operation(operation).at("/input/shape").asString("");
        HttpResponse<String> answer = send(operation, (ObjectNode) example(input, "", name));
        String error = answer.headers().firstValue("x-amzn-ErrorType").orElse("");
        int status = model.operation(operation).at("/http/responseCode").asInt(200);
        if (error.isEmpty() && answer.statusCode() == status) {
            served.add(operation);
            checkOutput(operation, answer, wrong);
        } else if (error.equals("NotImplementedException") && answer.statusCode() == 501) {
            refused.add(operation);
            if (!answer.body().contains(operation)) {
                wrong.add(operation + ": " + answer.body());
            }
        } else if (!isDocumented(operation, error, answer.statusCode())
                || (COMMON.contains(error) && !NEEDS_MORE.contains(operation))) {
            wrong.add(operation + " of " + name + ": " + answer.statusCode() + " " + error + " " + answer.body());
        }
    }

    private static boolean isDocumented(String operation, String error, int status) {
        return (COMMON.contains(error) && status == 400)
                || (model.errorsOf(operation).contains(error) && model.statusOf(error) == status);
    }

    private static void checkOutput(String operation, HttpResponse<String> answer, List<String> wrong) {
        String shape = model.operation(operation).at("/output/shape").asString("");
        if (!shape.isEmpty()) {
            model.strangers(answer, shape, NEWER).forEach(stranger -> wrong.add(operation + ": " + stranger));
        } else if (!answer.body().isEmpty()) {
            wrong.add(operation + ": has no output, answers " + answer.body());
        }
    }

    private static HttpResponse<String> send(String operation, ObjectNode input) {
        HttpRequest request = model.request(server.uri(), operation, input);
        try {
            return client.send(request, BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(operation, e);
        }
    }

    /** The least that the model lets a client send. */
    private static JsonNode example(String shapeName, String member, String name) {
        JsonNode shape = model.shape(shapeName);
        return switch (shape.path("type").asString("structure")) {
            case "structure" -> structure(shape, name);
            case "list" ->
                ServiceModel.JSON
                        .createArrayNode()
                        .add(example(shape.at("/member/shape").stringValue(), member, name));
            case "map" -> ServiceModel.JSON.createObjectNode().put("key", "value");
            case "integer", "long", "double" ->
                ServiceModel.JSON.getNodeFactory().numberNode(1);
            case "boolean" -> ServiceModel.JSON.getNodeFactory().booleanNode(false);
            case "blob" -> ServiceModel.JSON.getNodeFactory().stringNode(member.equals("InvokeArgs") ? "{}" : zip);
            default -> ServiceModel.JSON.getNodeFactory().stringNode(text(shape, member, name));
        };
    }

    private static ObjectNode structure(JsonNode shape, String name) {
        ObjectNode structure = ServiceModel.JSON.createObjectNode();
        List<String> members = new ArrayList<>();
        shape.path("required").forEach(member -> members.add(member.stringValue()));
        for (String more : List.of("ZipFile", "Runtime", "Handler")) {
            if (shape.path("members").has(more)) {
                members.add(more);
            }
        }
        for (String member : members) {
            String memberShape = shape.at("/members/" + member + "/shape").stringValue();
            structure.set(member, example(memberShape, member, name));
        }
        return structure;
    }

    private static String text(JsonNode shape, String member, String name) {
        if (member.equals("FunctionName") || member.equals("LayerName")) {
            return name;
        }
        JsonNode first = shape.path("enum").path(0);
        return VALUES.getOrDefault(member, first.isString() ? first.stringValue() : "live");
    }
}
