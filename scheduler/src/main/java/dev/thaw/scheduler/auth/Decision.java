package dev.thaw.scheduler.auth;

import dev.thaw.scheduler.control.ServiceFault;
import dev.thaw.scheduler.control.policy.AccessRequest;
import dev.thaw.scheduler.control.policy.ResourcePolicy;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Says whether a key may do something (contract.md section 16). An explicit deny wins; within the account either policy
 * is enough, for another account both must allow; for a service the resource's policy alone speaks. A resource's policy
 * is that of exactly the ARN that was asked for: a grant on an alias says nothing of the version behind it.
 */
final class Decision {
    private Decision() {}

    /** Null where it may; else what to answer. */
    static @Nullable ServiceFault of(AccessKey key, String owner, AccessRequest request, ResourcePolicy policy) {
        List<IdentityStatement> statements = key.statements();
        if (covers(statements, false, request)) {
            return denied(request, "with an explicit deny in an identity-based policy");
        }
        boolean byResource = policy.allows(request);
        if (key.isService()) {
            return byResource ? null : denied(request, "because no resource-based policy allows the ");
        }
        boolean byIdentity = statements == null || covers(statements, true, request);
        boolean here = key.account().equals(owner);
        if (here ? byIdentity || byResource : byIdentity && byResource) {
            return null;
        }
        return denied(request, "because no " + (byIdentity ? "resource" : "identity") + "-based policy allows the ");
    }

    private static boolean covers(@Nullable List<IdentityStatement> statements, boolean allows, AccessRequest request) {
        return statements != null
                && statements.stream()
                        .anyMatch(statement ->
                                statement.allows() == allows && statement.covers(request.action(), request.resource()));
    }

    private static ServiceFault denied(AccessRequest request, String why) {
        String reason = why.endsWith("the ") ? why + request.action() + " action" : why;
        return Refusals.denied(request.principal(), request.action(), request.resource(), reason);
    }
}
