package dev.thaw.scheduler.frontend;

import dev.thaw.scheduler.control.ServiceFault;
import dev.thaw.scheduler.core.Refusal;
import dev.thaw.scheduler.events.EventIntake;
import dev.thaw.scheduler.events.FunctionEvent;
import dev.thaw.scheduler.functions.FunctionRegistry;
import dev.thaw.scheduler.functions.RecursiveLoops;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
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
    private static final String RATE_EXCEEDED = "Rate Exceeded.";
    private static final String CALLER_RATE = "CallerRateLimitExceeded";

    /** What the control plane refused: the members are those that the real service's answers have (golden). */
    static Fault of(ServiceFault fault) {
        return switch (fault.errorType()) {
            case "ResourceNotFoundException", "CodeSigningConfigNotFoundException" ->
                typed(fault.status(), fault.errorType(), "Message", fault.text());
            case "AccessDeniedException" ->
                new Fault(fault.status(), fault.errorType(), json(Map.of("Message", fault.text())), "");
            case "MissingAuthenticationTokenException",
                    "IncompleteSignatureException",
                    "UnrecognizedClientException",
                    "ExpiredTokenException",
                    "InvalidSignatureException" ->
                new Fault(fault.status(), fault.errorType(), json(Map.of("message", fault.text())), "");
            case "ValidationException", "RequestEntityTooLargeException" ->
                new Fault(fault.status(), fault.errorType(), json(Map.of("message", fault.text())), "");
            case "ServiceException" -> service(fault.text());
            case "TooManyRequestsException" -> throttled(CALLER_RATE, fault.text());
            default -> typed(fault.status(), fault.errorType(), "message", fault.text());
        };
    }

    /** A function URL that is closed to this request. */
    static Fault forbidden() {
        return new Fault(403, "AccessDeniedException", "{\"Message\":\"Forbidden\"}", "");
    }

    /** There is no such function URL; the service says no more. */
    static Fault noSuchUrl() {
        return new Fault(403, "AccessDeniedException", "{\"Message\":null}", "");
    }

    /** Refuses a function that is not there. */
    static Fault functionNotFound(String arn) {
        return typed(404, "ResourceNotFoundException", "Message", "Function not found: " + arn);
    }

    /** Refuses a function that is there and cannot be invoked in its state. */
    static Fault notInvocable(String state) {
        if (state.equals(FunctionRegistry.SNAPSHOT_PENDING)) {
            return typed(
                    409,
                    "SnapStartNotReadyException",
                    "Message",
                    "The version is being initialised for its snapshot. It can be invoked once its state is Active.");
        }
        return typed(
                409,
                "ResourceConflictException",
                "message",
                "The operation cannot be performed at this time. The function is currently in the following state: "
                        + state);
    }

    /** Refuses to go on with a recursive loop. */
    static Fault recursive(String name) {
        return typed(
                400,
                "RecursiveInvocationException",
                "Message",
                "The function " + name + " has run " + RecursiveLoops.MAX_INVOCATIONS
                        + " times in the same chain of invocations: this one is dropped.");
    }

    /** What the scheduler refused (docs/specification.md, I14 and I37 to I39). */
    static Fault refused(Refusal refusal) {
        return switch (refusal) {
            case CONCURRENT_INVOCATION_LIMIT_EXCEEDED -> throttled("ConcurrentInvocationLimitExceeded", RATE_EXCEEDED);
            case RESERVED_FUNCTION_CONCURRENT_INVOCATION_LIMIT_EXCEEDED ->
                throttled("ReservedFunctionConcurrentInvocationLimitExceeded", RATE_EXCEEDED);
            case SCALING_RATE_EXCEEDED -> throttled("ConcurrentInvocationLimitExceeded", RATE_EXCEEDED);
            case RETIRED -> service("The version was replaced or deleted while the invocation was on its way.");
            case INBOX_FULL -> throttled(CALLER_RATE, RATE_EXCEEDED);
            case NO_CAPACITY ->
                service("No room for another environment of this function became free within the wait for it.");
            case NEVER_FITS ->
                invalidParameter("The function's memory and the CPU share that goes with it are more than any host of"
                        + " this server has: it can never run here.");
            case RESTORE_FAILED ->
                typed(
                        400,
                        "SnapStartException",
                        "Message",
                        "The afterRestore hook of the runtime failed, or its environment could not be restored.");
            case RESTORE_TIMED_OUT ->
                typed(
                        408,
                        "SnapStartTimeoutException",
                        "Message",
                        "The environment could not be restored within 10 seconds.");
            case SHUTTING_DOWN -> service("The server is shutting down.");
        };
    }

    /** An event that was not accepted; null for one that was. */
    static @Nullable Fault of(EventIntake.Acceptance acceptance) {
        return switch (acceptance) {
            case STORED -> null;
            case QUEUE_FULL ->
                throttled(CALLER_RATE, "Rate Exceeded: as many asynchronous events wait as this server may hold.");
            case STORE_FAILED -> service("The event could not be stored.");
            case ENDED -> service("The server takes no asynchronous events now.");
        };
    }

    /** All bodies together are as large as they may be. */
    static Fault bodyBudgetSpent(long boundBytes) {
        return throttled(
                CALLER_RATE,
                "Rate Exceeded: request bodies that are being sent hold the " + boundBytes
                        + " bytes that they may hold together.");
    }

    private static Fault throttled(String reason, String message) {
        Map<String, String> body = new LinkedHashMap<>();
        body.put("Reason", reason);
        body.put("Type", USER);
        body.put("message", message);
        return new Fault(429, "TooManyRequestsException", json(body), "Retry-After: 1\r\n");
    }

    /** The body came too slowly, or not at all. */
    static Fault headTooSlow() {
        return typed(
                408,
                "RequestTimeoutException",
                "message",
                "The request's head must end within " + TimeUnit.NANOSECONDS.toSeconds(SlowClients.WINDOW_NS)
                        + " s of its first byte");
    }

    static Fault tooSlow(long receivedBytes) {
        return typed(
                408,
                "RequestTimeoutException",
                "message",
                "The request's body stopped at " + receivedBytes + " bytes, must go on by " + SlowClients.WINDOW_BYTES
                        + " bytes or end in every "
                        + TimeUnit.NANOSECONDS.toSeconds(SlowClients.WINDOW_NS) + " s");
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

    /** {@code bytes} is what is known of the event's length. */
    static Fault eventTooLarge(long bytes) {
        return typed(
                413,
                "RequestTooLargeException",
                "message",
                bytes + " byte payload is too large for the Event invocation type (limit "
                        + FunctionEvent.MAX_PAYLOAD_BYTES + " bytes)");
    }

    static Fault unsupportedMediaType(String contentType) {
        return typed(
                415,
                "UnsupportedMediaTypeException",
                "message",
                "Content-Type is " + contentType
                        + ", must be application/json or absent; curl: -H 'Content-Type: application/json'");
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

    /** The live page has as many readers as it may have. */
    static Fault tooManyReaders(int most) {
        Fault fault = typed(
                503,
                "ServiceUnavailableException",
                "message",
                most + " readers follow the live page, which is the most that there may be: close one");
        return new Fault(fault.status, fault.errorType, fault.body, "Retry-After: 5\r\n");
    }

    static Fault service(String problem) {
        return new Fault(500, "ServiceException", serviceBody(problem), "");
    }

    private static String serviceBody(String problem) {
        Map<String, String> body = new LinkedHashMap<>();
        body.put("Type", "Service");
        body.put("Message", problem);
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
