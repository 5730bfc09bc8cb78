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
