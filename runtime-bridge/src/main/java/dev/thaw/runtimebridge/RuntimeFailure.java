package dev.thaw.runtimebridge;

import dev.thaw.sandbox.ExitStatus;
import dev.thaw.sandbox.LaunchFault;
import dev.thaw.scheduler.live.Exchange;
import dev.thaw.scheduler.live.ResponseStream;

/**
 * Why an invocation failed without a body from its runtime: type, and what follows the request id in the message
 * (wire.md W5). {@code logged} failures appear in the REPORT line.
 */
record RuntimeFailure(String type, String text, boolean logged, boolean outOfMemory) {
    static final RuntimeFailure RESPONSE_TOO_LARGE = tooLarge(RuntimeSession.PAYLOAD_LIMIT_BYTES);
    static final RuntimeFailure STREAM_TOO_LARGE = tooLarge(ResponseStream.LIMIT_BYTES);
    /** The connection that a streamed response came on ended before the response did; its runtime goes on. */
    static final RuntimeFailure STREAM_TRUNCATED = new RuntimeFailure(
            "Runtime.TruncatedResponse",
            "Error: Runtime closed the connection midway through its response",
            true,
            false);

    private static final String EXIT_ERROR = "Runtime.ExitError";
    private static final String OUT_OF_MEMORY = "Runtime.OutOfMemory";
    private static final String WITHOUT_REASON = "Error: Runtime exited without providing a reason";

    /** The sandbox failed, or none could be built: its runtime is gone, and nobody knows more. */
    static final RuntimeFailure LOST = new RuntimeFailure(EXIT_ERROR, WITHOUT_REASON, true, false);

    private static RuntimeFailure tooLarge(int limitBytes) {
        return new RuntimeFailure(
                "Function.ResponseSizeTooLarge",
                "Response payload size exceeded maximum allowed payload size (" + limitBytes + " bytes).",
                false,
                false);
    }

    static RuntimeFailure exited(ExitStatus status) {
        LaunchFault launch = status.launchFault();
        if (launch != null) {
            return new RuntimeFailure(launch.errorType(), "Error: " + launch.reason(), true, false);
        }
        boolean silent = status.code() == 0 && status.signal() == 0;
        String text = silent ? WITHOUT_REASON : "Error: Runtime exited with error: " + status.describe();
        return new RuntimeFailure(EXIT_ERROR, text, true, status.outOfMemory());
    }

    /** The process of an external extension ended; it never ends by itself but for a shutdown. */
    static RuntimeFailure extensionExited(ExitStatus status) {
        String type = status.invalidEntrypoint() ? "Extension.LaunchError" : "Extension.Crash";
        return new RuntimeFailure(type, "Error: " + status.describe(), true, status.outOfMemory());
    }

    /** An extension reported that its init failed, or that it is about to exit. */
    static RuntimeFailure extensionReported(boolean atInit, String errorType) {
        return new RuntimeFailure(
                atInit ? "Extension.InitError" : "Extension.ExitError", "Error: " + errorType, true, false);
    }

    /** An error report without a body. */
    static RuntimeFailure reported(String errorType) {
        return new RuntimeFailure(errorType, "", false, false);
    }

    /** What the REPORT line calls it. */
    String logType() {
        return outOfMemory ? OUT_OF_MEMORY : type;
    }

    /** Words the answer to the client. */
    void tell(Exchange exchange) {
        exchange.errorType = type;
        exchange.errorMessage = message(exchange.requestId);
    }

    /** The message of the answer; too large a response is the one failure that does not name its request. */
    String message(String requestId) {
        return logged ? "RequestId: " + requestId + " " + text : text;
    }
}
