package dev.thaw.scheduler.auth;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A key of the file, and who holds it.
 *
 * @param token session token that goes with it, or null
 * @param expiration when the token ends to hold, or null
 * @param principal ARN of a user or role, or host name of a service
 * @param statements what its holder may do; null lets it do everything
 */
record AccessKey(
        String id,
        String secret,
        @Nullable String token,
        @Nullable Instant expiration,
        String principal,
        @Nullable List<IdentityStatement> statements) {
    AccessKey {
        statements = statements == null ? null : List.copyOf(statements);
    }

    /** The account of a user or role; empty for a service. */
    String account() {
        String[] parts = principal.split(":", 6);
        return parts.length == 6 ? parts[4] : "";
    }

    /** Acts for a service: only resource policies speak for it (contract.md section 16). */
    boolean isService() {
        return !principal.startsWith("arn:");
    }

    /** Without secret and token. */
    @Override
    public String toString() {
        return id + " (" + principal + ")";
    }
}
