package dev.thaw.scheduler.control;

/** A documented error of the service: its status, its type and its words (wire.md "Operations" and W5). */
public final class ServiceFault extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String errorType;

    public ServiceFault(int status, String errorType, String message) {
        super(message, null, false, false);
        this.status = status;
        this.errorType = errorType;
    }

    /** 400: a value that breaks a rule. */
    public static ServiceFault invalidParameter(String message) {
        return new ServiceFault(400, "InvalidParameterValueException", message);
    }

    /** 404: there is no such resource. */
    public static ServiceFault notFound(String message) {
        return new ServiceFault(404, "ResourceNotFoundException", message);
    }

    /** 409: it exists already, or is in a state that does not allow this. */
    public static ServiceFault conflict(String message) {
        return new ServiceFault(409, "ResourceConflictException", message);
    }

    /** 412: the revision id is not the latest. */
    public static ServiceFault preconditionFailed(String message) {
        return new ServiceFault(412, "PreconditionFailedException", message);
    }

    /** 429: more calls wait than may. */
    public static ServiceFault tooManyRequests() {
        return new ServiceFault(429, "TooManyRequestsException", "Rate exceeded");
    }

    /** 500: our own fault; what it was is for the server's output, not for clients. */
    public static ServiceFault internal() {
        return new ServiceFault(500, "ServiceException", "An internal error occurred.");
    }

    /** 500: whoever runs the server is told which disk it is. */
    public static ServiceFault diskFull() {
        return new ServiceFault(500, "ServiceException", "The change could not be stored: the server's disk is full.");
    }

    /** 501: an operation of the service model that is not served here. */
    public static ServiceFault notServed(String operation) {
        return new ServiceFault(501, "NotImplementedException", operation + " is not served here");
    }

    public int status() {
        return status;
    }

    /** Value of {@code x-amzn-ErrorType}. */
    public String errorType() {
        return errorType;
    }

    /** Never null here. */
    public String text() {
        return String.valueOf(getMessage());
    }
}
