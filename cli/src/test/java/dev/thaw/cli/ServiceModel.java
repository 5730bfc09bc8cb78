package dev.thaw.cli;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The clients' service model as Debian's {@code awscli} brings it: how inputs travel, and what outputs may hold. */
final class ServiceModel {
    static final JsonMapper JSON = new JsonMapper();

    static final Path FILE =
            Path.of("/usr/lib/python3/dist-packages/awscli/botocore/data/lambda/2015-03-31/service-2.json");

    private final JsonNode model;

    private ServiceModel(JsonNode model) {
        this.model = model;
    }

    static ServiceModel read() throws IOException {
        return new ServiceModel(JSON.readTree(Files.readString(FILE)));
    }

    List<String> operations() {
        return List.copyOf(new TreeSet<>(model.path("operations").propertyNames()));
    }

    JsonNode operation(String name) {
        JsonNode operation = model.path("operations").path(name);
        if (operation.isMissingNode()) {
            throw new AssertionError("not in the model: " + name);
        }
        return operation;
    }

    JsonNode shape(String name) {
        return model.path("shapes").path(name);
    }

    /** Status by type of every error that an operation may answer. */
    int statusOf(String error) {
        return shape(error).at("/error/httpStatusCode").asInt(0);
    }

    List<String> errorsOf(String operation) {
        List<String> errors = new ArrayList<>();
        operation(operation)
                .path("errors")
                .forEach(error -> errors.add(error.path("shape").stringValue()));
        return errors;
    }

    /** The request that a client makes of an input; a member that is the body itself is its text. */
    HttpRequest request(URI server, String operation, JsonNode input) {
        JsonNode http = operation(operation).path("http");
        JsonNode shape = shape(operation(operation).at("/input/shape").asString(""));
        JsonNode members = shape.path("members");
        String payload = shape.path("payload").asString("");
        String path = http.path("requestUri").stringValue();
        List<String> query = new ArrayList<>();
        ObjectNode body = JSON.createObjectNode();
        String raw = null;
        HttpRequest.Builder request = HttpRequest.newBuilder();
        for (Map.Entry<String, JsonNode> member : input.properties()) {
            JsonNode told = members.path(member.getKey());
            JsonNode value = member.getValue();
            String name = told.path("locationName").asString(member.getKey());
            switch (told.path("location").asString("")) {
                case "uri" -> path = path.replace("{" + name + "}", encode(value.asString()));
                case "querystring" -> values(value).forEach(each -> query.add(name + "=" + encode(each)));
                case "header" -> request.header(name, value.asString());
                default -> {
                    if (member.getKey().equals(payload)) {
                        raw = value.asString();
                    } else {
                        body.set(name, value);
                    }
                }
            }
        }
        String separator = path.contains("?") ? "&" : "?";
        String uri = path + (query.isEmpty() ? "" : separator + String.join("&", query));
        boolean bodiless = raw == null
                && body.isEmpty()
                && http.path("method").stringValue().matches("GET|DELETE");
        return request.uri(server.resolve(uri))
                .method(
                        http.path("method").stringValue(),
                        bodiless
                                ? BodyPublishers.noBody()
                                : BodyPublishers.ofString(raw == null ? body.toString() : raw))
                .build();
    }

    private static List<String> values(JsonNode value) {
        List<String> values = new ArrayList<>();
        if (value.isArray()) {
            value.forEach(each -> values.add(each.asString()));
        } else {
            values.add(value.asString());
        }
        return values;
    }

    private static String encode(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** What an answer has that its shape has not; newer members than this model's are passed by name. */
    List<String> strangers(HttpResponse<String> answer, String shapeName, List<String> newer) {
        JsonNode shape = shape(shapeName);
        List<String> strangers = new ArrayList<>(answer.headers().map().keySet());
        strangers.removeIf(header -> !header.startsWith("x-amz-"));
        boolean inBody = false;
        for (JsonNode member : shape.path("members")) {
            strangers.remove(member.path("locationName").asString("").toLowerCase(Locale.ROOT));
            inBody |= !member.has("location");
        }
        if (shape.has("payload")) {
            return strangers; // any bytes
        }
        if (inBody) {
            compare(JSON.readTree(answer.body()), shapeName, shapeName, newer, strangers);
        } else if (!answer.body().isEmpty()) {
            strangers.add("body " + answer.body());
        }
        return strangers;
    }

    private void compare(JsonNode value, String shapeName, String at, List<String> newer, List<String> strangers) {
        JsonNode shape = shape(shapeName);
        String type = shape.path("type").asString("");
        if (!fits(value, type)) {
            strangers.add(at + ": " + value.getNodeType() + ", the model has " + type);
        } else if (type.equals("structure")) {
            for (Map.Entry<String, JsonNode> member : value.properties()) {
                JsonNode told = shape.path("members").path(member.getKey());
                String path = at + "." + member.getKey();
                if (!told.isMissingNode()) {
                    compare(member.getValue(), told.path("shape").stringValue(), path, newer, strangers);
                } else if (!newer.contains(member.getKey())) {
                    strangers.add(path);
                }
            }
        } else if (type.equals("list")) {
            String element = shape.at("/member/shape").stringValue();
            value.forEach(each -> compare(each, element, at + "[]", newer, strangers));
        } else if (type.equals("map")) {
            String element = shape.at("/value/shape").stringValue();
            value.forEach(each -> compare(each, element, at + "{}", newer, strangers));
        }
    }

    private static boolean fits(JsonNode value, String type) {
        return switch (type) {
            case "structure", "map" -> value.isObject();
            case "list" -> value.isArray();
            case "integer", "long" -> value.isIntegralNumber();
            case "double", "float", "timestamp" -> value.isNumber();
            case "boolean" -> value.isBoolean();
            default -> value.isString();
        };
    }
}
