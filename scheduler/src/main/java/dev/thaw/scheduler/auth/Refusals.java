package dev.thaw.scheduler.auth;

import dev.thaw.scheduler.control.ServiceFault;

/** Words every refusal of a caller as the service does; none tells what was expected instead. */
final class Refusals {
    private static final int FORBIDDEN = 403;

    private Refusals() {}

    /** Nobody signed it. */
    static ServiceFault missingToken() {
        return new ServiceFault(FORBIDDEN, "MissingAuthenticationTokenException", "Missing Authentication Token");
    }

    /** Something that a signature needs is not there, or cannot be read. */
    static ServiceFault incomplete(String problem) {
        return new ServiceFault(FORBIDDEN, "IncompleteSignatureException", problem);
    }

    /** The key is not known here, or its session token is another one. */
    static ServiceFault unknownKey() {
        return new ServiceFault(
                FORBIDDEN, "UnrecognizedClientException", "The security token included in the request is invalid.");
    }

    static ServiceFault expiredToken() {
        return new ServiceFault(
                FORBIDDEN, "ExpiredTokenException", "The security token included in the request is expired");
    }

    /** It is signed, but not for this. */
    static ServiceFault invalid(String problem) {
        return new ServiceFault(FORBIDDEN, "InvalidSignatureException", problem);
    }

    static ServiceFault mismatch() {
        return invalid("The request signature we calculated does not match the signature you provided. Check your AWS"
                + " Secret Access Key and signing method. Consult the service documentation for details.");
    }

    /** The caller is who it says, and may not. */
    static ServiceFault denied(String principal, String action, String resource, String why) {
        return new ServiceFault(
                FORBIDDEN,
                "AccessDeniedException",
                "User: " + principal + " is not authorized to perform: " + action
                        + (resource.equals("*") ? "" : " on resource: " + resource) + " " + why);
    }
}
