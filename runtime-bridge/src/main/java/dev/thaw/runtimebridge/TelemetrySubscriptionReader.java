package dev.thaw.runtimebridge;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads the body of a subscription by its schema (wire.md W3). Pure; safe on any thread. */
final class TelemetrySubscriptionReader {
    /** The Runtime API's own. */
    private static final int RESERVED_PORT = 9001;

    private static final int DEFAULT_HTTP_PORT = 80;
    private static final int SHOWN_CHARACTERS = 64;
    private static final List<String> HOSTS = List.of("sandbox.localdomain", "sandbox");
    private static final JsonMapper JSON = JsonMapper.shared();

    private TelemetrySubscriptionReader() {}

    /** Why a body is no subscription; the message is part of the answer. */
    static final class InvalidSubscription extends Exception {
        private static final long serialVersionUID = 1;

        private InvalidSubscription(String message) {
            super(message, null, false, false);
        }

        String text() {
            return String.valueOf(getMessage());
        }
    }

    static TelemetrySubscription read(TelemetryApi api, byte[] body) throws InvalidSubscription {
        JsonNode root = parse(body);
        require(root.isObject(), "body", root, "a JSON object");
        JsonNode version = root.path("schemaVersion");
        // Clients of the first Logs API send none.
        if (api != TelemetryApi.LOGS || !version.isMissingNode()) {
            require(
                    version.isString() && api.knows(version.stringValue()),
                    "schemaVersion",
                    version,
                    "one of " + api.schemaVersions);
        }
        JsonNode buffering = root.path("buffering");
        require(buffering.isMissingNode() || buffering.isObject(), "buffering", buffering, "an object");
        return new TelemetrySubscription(
                api,
                types(root.path("types")),
                destination(root.path("destination")),
                number(buffering, "maxItems", 1_000, 10_000, 10_000),
                number(buffering, "maxBytes", 262_144, 1_048_576, 262_144),
                number(buffering, "timeoutMs", 25, 30_000, 1_000));
    }

    private static JsonNode parse(byte[] body) throws InvalidSubscription {
        try {
            return JSON.readTree(body);
        } catch (JacksonException malformed) {
            throw new InvalidSubscription("body is not valid JSON");
        }
    }

    private static Set<TelemetryType> types(JsonNode array) throws InvalidSubscription {
        String allowed = "a list of at least one of platform, function, extension";
        require(array.isArray() && !array.isEmpty(), "types", array, allowed);
        Set<TelemetryType> types = EnumSet.noneOf(TelemetryType.class);
        for (JsonNode element : array) {
            TelemetryType type = element.isString() ? TelemetryType.of(element.stringValue()) : null;
            if (type == null) {
                throw invalid("types", element, allowed);
            }
            types.add(type);
        }
        return types;
    }

    private static TelemetrySubscription.Destination destination(JsonNode destination) throws InvalidSubscription {
        require(destination.isObject(), "destination", destination, "an object");
        JsonNode protocol = destination.path("protocol");
        String key = protocol.isString() ? protocol.stringValue() : "";
        return switch (key) {
            case "TCP" -> new TelemetrySubscription.Destination(port(destination.path("port")), "");
            case "HTTP" -> http(destination);
            default -> throw invalid("destination.protocol", protocol, "HTTP or TCP");
        };
    }

    private static int port(JsonNode port) throws InvalidSubscription {
        require(port.isInt() && isPort(port.intValue()), "destination.port", port, "1 to 65535 and not 9001");
        return port.intValue();
    }

    private static boolean isPort(int port) {
        return port >= 1 && port <= 65_535 && port != RESERVED_PORT;
    }

    private static TelemetrySubscription.Destination http(JsonNode destination) throws InvalidSubscription {
        JsonNode method = destination.path("method");
        boolean put = method.isString() && method.stringValue().equals("PUT");
        boolean post = method.isMissingNode()
                || (method.isString() && method.stringValue().equals("POST"));
        require(put || post, "destination.method", method, "POST or PUT");
        JsonNode encoding = destination.path("encoding");
        boolean json = encoding.isString() && encoding.stringValue().equals("JSON");
        require(encoding.isMissingNode() || json, "destination.encoding", encoding, "JSON");
        JsonNode text = destination.path("URI");
        URI uri = uri(text);
        String path = uri.getRawPath();
        String query = uri.getRawQuery();
        int port = uri.getPort() < 0 ? DEFAULT_HTTP_PORT : uri.getPort();
        require(isPort(port), "destination.URI", text, "with a port from 1 to 65535 that is not 9001");
        String target = (path == null || path.isEmpty() ? "/" : path) + (query == null ? "" : "?" + query);
        String request = (put ? "PUT " : "POST ") + target + " HTTP/1.1\r\nHost: " + uri.getHost() + ":" + port;
        return new TelemetrySubscription.Destination(port, request);
    }

    /** What is left is ASCII without white space: nothing that could end a line of the request. */
    private static URI uri(JsonNode text) throws InvalidSubscription {
        String allowed = "http://sandbox.localdomain:PORT/path";
        require(text.isString(), "destination.URI", text, allowed);
        try {
            URI uri = new URI(text.stringValue());
            boolean ours = "http".equalsIgnoreCase(uri.getScheme())
                    && uri.getHost() != null
                    && HOSTS.contains(uri.getHost())
                    && uri.getRawUserInfo() == null;
            require(ours && isAscii(text.stringValue()), "destination.URI", text, allowed);
            return uri;
        } catch (URISyntaxException malformed) {
            throw invalid("destination.URI", text, allowed);
        }
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(character -> character > ' ' && character < 0x7F);
    }

    private static int number(JsonNode parent, String name, int least, int most, int otherwise)
            throws InvalidSubscription {
        JsonNode number = parent.path(name);
        if (number.isMissingNode()) {
            return otherwise;
        }
        boolean within = number.isInt() && number.intValue() >= least && number.intValue() <= most;
        require(within, "buffering." + name, number, "a whole number from " + least + " to " + most);
        return number.intValue();
    }

    private static void require(boolean holds, String where, JsonNode found, String allowed)
            throws InvalidSubscription {
        if (!holds) {
            throw invalid(where, found, allowed);
        }
    }

    private static InvalidSubscription invalid(String where, JsonNode found, String allowed) {
        String value = found.isMissingNode() ? "nothing" : shown(found.toString());
        return new InvalidSubscription(where + ": " + value + ", must be " + allowed);
    }

    private static String shown(String json) {
        String line = json.replaceAll("[^\\x20-\\x7E]", "?");
        return line.length() <= SHOWN_CHARACTERS ? line : line.substring(0, SHOWN_CHARACTERS) + "..";
    }
}
