package dev.thaw.scheduler.frontend;

import dev.thaw.scheduler.core.Refusal;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * An answer that is not a function's: status, {@code x-amzn-ErrorType} and body as the service words them (contract.md
 * section 18, wire.md W5).
 *
 * @param extraHeaders whole header lines, each with its line end
 */
record Fault(int status, String errorType, String body, String extraHeaders) {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String USER = "User";

    /** Refuses a function that is not there. */
    static Fault functionNotFound(String arn) {
        return typed(404, "ResourceNotFoundException", "Message", "Function not found: " + arn);
    }

    static Fault throttled(Refusal refusal) {
        Map<String, String> body = new LinkedHashMap<>();
        body.put("Reason", refusal.reason());
        body.put("Type", USER);
        body.put("message", "Rate Exceeded.");
        return new Fault(429, "TooManyRequestsException", json(body), "Retry-After: 1\r\n");
    }

    static Fault invalidContent(String message) {
        return typed(400, "InvalidRequestContentException", "message", message);
    }

    static Fault invalidParameter(String message) {
        return typed(400, "InvalidParameterValueException", "message", message);
    }

    /** A value that breaks the service model. */
    static Fault validation(String value, String member, String constraint) {
        return new Fault(
                400,
                "ValidationException",
                json(Map.of(
                        "message",
                        "1 validation error detected: Value '" + value + "' at '" + member
                                + "' failed to satisfy constraint: " + constraint)),
                "");
    }

    static Fault tooLarge() {
        return typed(
                413,
                "RequestTooLargeException",
                "message",
                "Request must be smaller than " + InvokeRequest.MAX_PAYLOAD_BYTES
                        + " bytes for the InvokeFunction operation");
    }

    static Fault unsupportedMediaType(String contentType) {
        return typed(
                415,
                "UnsupportedMediaTypeException",
                "message",
                "Content-Type is " + contentType + ", must be application/json or absent");
    }

    static Fault malformed(int status, String problem) {
        return typed(status, "BadRequestException", "message", "Malformed HTTP request: " + problem);
    }

    static Fault unknownPath(String path) {
        return typed(404, "UnknownOperationException", "message", "Unknown path: " + path);
    }

    static Fault wrongMethod(String method, String allowed) {
        Fault fault = typed(405, "MethodNotAllowedException", "message", "Method " + method + ", must be " + allowed);
        return new Fault(fault.status, fault.errorType, fault.body, "Allow: " + allowed + "\r\n");
    }

    static Fault service(String problem) {
        return new Fault(500, "ServiceException", json(Map.of("Type", "Service", "Message", problem)), "");
    }

    /** {@code {"errorType":..,"errorMessage":..}}: a function error that the platform words. */
    static String functionError(String errorType, String errorMessage) {
        Map<String, String> body = new LinkedHashMap<>();
        body.put("errorType", errorType);
        body.put("errorMessage", errorMessage);
        return json(body);
    }

    static String json(Object value) {
        return JSON.writeValueAsString(value);
    }

    private static Fault typed(int status, String errorType, String key, String message) {
        Map<String, String> body = new LinkedHashMap<>();
        body.put("Type", USER);
        body.put(key, message);
        return new Fault(status, errorType, json(body), "");
    }
}
