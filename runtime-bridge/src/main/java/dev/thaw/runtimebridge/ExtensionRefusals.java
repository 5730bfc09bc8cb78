package dev.thaw.runtimebridge;

/** Why an extension's call is refused: always 403, told apart by type (wire.md W2). */
final class ExtensionRefusals {
    static final RuntimeRefusal INVALID_NAME = refusal("InvalidExtensionName", "Empty extension name");
    static final RuntimeRefusal INVALID_FORMAT =
            new RuntimeRefusal(403, "InvalidRequestFormat", "Request body is not a valid registration");
    static final RuntimeRefusal REGISTRATION_CLOSED =
            refusal("RegistrationClosed", "Extension registration closed already");
    static final RuntimeRefusal TOO_MANY =
            refusal("TooManyExtensions", "Extension limit (" + Extensions.LIMIT + ") reached");
    static final RuntimeRefusal MISSING_ID =
            refusal("MissingExtensionIdentifier", "Missing Lambda-Extension-Identifier header");
    static final RuntimeRefusal INVALID_ID =
            refusal("InvalidExtensionIdentifier", "Lambda-Extension-Identifier is not a UUID");
    static final RuntimeRefusal UNKNOWN_ID =
            refusal("UnknownExtensionIdentifier", "No extension is registered under this Lambda-Extension-Identifier");
    static final RuntimeRefusal MISSING_ERROR_TYPE =
            refusal("MissingHeader", "Missing Lambda-Extension-Function-Error-Type header");

    private ExtensionRefusals() {}

    static RuntimeRefusal eventType(String event, boolean external) {
        return refusal(
                "InvalidEventType",
                event + ": event type not supported for " + (external ? "external" : "internal") + " extensions");
    }

    /** A call that the extension's state does not allow. */
    static RuntimeRefusal state(String name, String from, String to) {
        return refusal(
                "InvalidExtensionState",
                "State transition from " + from + " to " + to + " failed for extension " + name
                        + ". Error: State transition is not allowed");
    }

    private static RuntimeRefusal refusal(String type, String message) {
        return new RuntimeRefusal(403, "Extension." + type, message);
    }
}
