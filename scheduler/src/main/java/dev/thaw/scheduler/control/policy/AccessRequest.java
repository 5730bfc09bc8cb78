package dev.thaw.scheduler.control.policy;

import java.util.Map;

/**
 * What somebody wants to do.
 *
 * @param principal host name of a service ({@code s3.amazonaws.com}), ARN of a user or role, or account id
 * @param action {@code lambda:InvokeFunction}
 * @param resource ARN as it was asked for, qualified where the caller qualified it
 * @param context values of condition keys, by their names in lower case: {@code aws:sourcearn}
 */
public record AccessRequest(String principal, String action, String resource, Map<String, String> context) {
    /** The account that the principal belongs to; empty for a service. */
    String account() {
        if (Principals.isAccount(principal)) {
            return principal;
        }
        String[] parts = principal.split(":", 6);
        return parts.length == 6 && parts[0].equals("arn") ? parts[4] : "";
    }
}
