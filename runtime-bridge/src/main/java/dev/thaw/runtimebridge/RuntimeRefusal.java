package dev.thaw.runtimebridge;

import dev.thaw.scheduler.live.ResponseStream;

/** Why a runtime's call is refused: status and the two fields of the error body (wire.md W1). */
record RuntimeRefusal(int status, String type, String message) {
    static final RuntimeRefusal INVALID_REQUEST_ID = new RuntimeRefusal(400, "InvalidRequestID", "Invalid request ID");
    static final RuntimeRefusal INVALID_RESPONSE_MODE =
            new RuntimeRefusal(400, "InvalidFunctionResponseMode", "Invalid function response mode");
    static final RuntimeRefusal TOO_LARGE = new RuntimeRefusal(
            413,
            "RequestEntityTooLarge",
            "Exceeded maximum allowed payload size (" + RuntimeSession.PAYLOAD_LIMIT_BYTES + " bytes).");
    static final RuntimeRefusal STREAM_TOO_LARGE = new RuntimeRefusal(
            413,
            "RequestEntityTooLarge",
            "Exceeded maximum allowed payload size (" + ResponseStream.LIMIT_BYTES + " bytes).");
    static final RuntimeRefusal INVOKE_TIMEOUT = new RuntimeRefusal(410, "InvokeTimeout", "Invoke timeout");
    static final RuntimeRefusal NOT_FOUND = new RuntimeRefusal(404, "NotFound", "No such call of the Runtime API");
    static final RuntimeRefusal WRONG_METHOD = new RuntimeRefusal(405, "MethodNotAllowed", "Method not allowed");

    /** A call that the runtime's state does not allow. */
    static RuntimeRefusal transition(String from, String to) {
        return new RuntimeRefusal(
                403,
                "InvalidStateTransition",
                "State transition from " + from + " to " + to
                        + " failed for runtime. Error: State transition is not allowed");
    }
}
