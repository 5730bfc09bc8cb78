package dev.thaw.scheduler.frontend;

import dev.thaw.scheduler.control.ServiceFault;
import java.io.InputStream;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads the body of a management request. A deployment package in it, the member {@code ZipFile}, becomes a binary node
 * straight from its base64, without a text of 70 MB between.
 */
final class RequestJson {
    private static final String BLOB = "ZipFile";
    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxStringLength(ManagementRequest.MAX_BODY_BYTES)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private RequestJson() {}

    static ObjectNode empty() {
        return JSON.createObjectNode();
    }

    /** One object, or nothing at all. Throws {@link ServiceFault} for anything else. */
    static ObjectNode parse(InputStream body) {
        try (JsonParser parser = JSON.createParser(body)) {
            JsonToken first = parser.nextToken();
            if (first == null) {
                return empty();
            }
            if (first != JsonToken.START_OBJECT) {
                throw refusal("must be an object, is " + first);
            }
            ObjectNode object = object(parser);
            if (parser.nextToken() != null) {
                throw refusal("Trailing token (" + parser.currentToken() + ") found after value");
            }
            return object;
        } catch (JacksonException e) {
            throw refusal(e.getOriginalMessage());
        }
    }

    private static ObjectNode object(JsonParser parser) {
        ObjectNode object = empty();
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            object.set(name, value(parser, name));
        }
        return object;
    }

    private static JsonNode value(JsonParser parser, String name) {
        JsonToken token = parser.nextToken();
        if (token == JsonToken.START_OBJECT) {
            return object(parser);
        }
        if (token == JsonToken.VALUE_STRING && name.equals(BLOB)) {
            return JSON.getNodeFactory().binaryNode(parser.getBinaryValue());
        }
        return parser.readValueAsTree();
    }

    private static ServiceFault refusal(String problem) {
        return new ServiceFault(
                400, "InvalidRequestContentException", "Could not parse request body into json: " + problem);
    }
}
