package dev.thaw.scheduler.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.scheduler.control.ServiceFault;
import dev.thaw.scheduler.control.policy.AccessRequest;
import dev.thaw.scheduler.control.policy.PolicyStatement;
import dev.thaw.scheduler.control.policy.ResourcePolicy;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Identity policies, resource policies, and what they say together. */
final class DecisionTest {
    private static final String OWNER = "000000000000";
    private static final String ALICE = "arn:aws:iam::000000000000:user/alice";
    private static final String STRANGER = "arn:aws:iam::111111111111:user/eve";
    private static final String F = "arn:aws:lambda:us-east-1:000000000000:function:f";
    private static final String INVOKE = "lambda:InvokeFunction";

    private static AccessKey key(String principal, IdentityStatement... statements) {
        return new AccessKey("ID", "s", null, null, principal, List.of(statements));
    }

    private static IdentityStatement allow(String action, String resource) {
        return new IdentityStatement(true, List.of(action), List.of(resource));
    }

    private static IdentityStatement deny(String action, String resource) {
        return new IdentityStatement(false, List.of(action), List.of(resource));
    }

    private static ResourcePolicy grant(String principal, String resource, Map<String, String> conditions) {
        return new ResourcePolicy(List.of(new PolicyStatement("s", principal, INVOKE, resource, conditions)));
    }

    private static @Nullable ServiceFault decide(AccessKey key, String resource, ResourcePolicy policy) {
        return decide(key, resource, policy, Map.of());
    }

    private static @Nullable ServiceFault decide(
            AccessKey key, String resource, ResourcePolicy policy, Map<String, String> context) {
        return Decision.of(key, OWNER, new AccessRequest(key.principal(), INVOKE, resource, context), policy);
    }

    @Test
    void shouldLetAKeyWithoutStatementsDoEverything() {
        AccessKey root = new AccessKey("ID", "s", null, null, ALICE, null);
        assertThat(decide(root, F, ResourcePolicy.EMPTY)).isNull();
    }

    @Test
    void shouldAllowByEitherPolicyWithinTheAccount() {
        assertThat(decide(key(ALICE, allow("lambda:Invoke*", F)), F, ResourcePolicy.EMPTY))
                .isNull();
        assertThat(decide(key(ALICE), F, grant(ALICE, F, Map.of()))).isNull();
        assertThat(decide(key(ALICE), F, grant(OWNER, F, Map.of()))).isNull();
    }

    @Test
    void shouldSayWhoMayNotDoWhat() {
        ServiceFault denied = decide(key(ALICE, allow("lambda:Get*", "*")), F, ResourcePolicy.EMPTY);
        assertThat(denied).isNotNull().satisfies(fault -> {
            assertThat(fault.status()).isEqualTo(403);
            assertThat(fault.errorType()).isEqualTo("AccessDeniedException");
            assertThat(fault.text())
                    .isEqualTo("User: " + ALICE + " is not authorized to perform: lambda:InvokeFunction on resource: "
                            + F + " because no identity-based policy allows the lambda:InvokeFunction action");
        });
    }

    @Test
    void shouldLetAnExplicitDenyWin() {
        AccessKey key = key(ALICE, allow("*", "*"), deny("LAMBDA:invokefunction", F + "*"));
        ServiceFault denied = decide(key, F, grant(ALICE, F, Map.of()));
        assertThat(denied)
                .isNotNull()
                .satisfies(fault ->
                        assertThat(fault.text()).endsWith("with an explicit deny in an identity-based policy"));
    }

    @Test
    void shouldKeepAGrantOnAnAliasToTheAlias() {
        ResourcePolicy ofAlias = grant(ALICE, F + ":PROD", Map.of());
        assertThat(decide(key(ALICE), F + ":PROD", ofAlias)).isNull();
        assertThat(decide(key(ALICE), F, ofAlias)).isNotNull();
        assertThat(decide(key(ALICE), F + ":1", ofAlias)).isNotNull();
        AccessKey identity = key(ALICE, allow(INVOKE, F + ":PROD"));
        assertThat(decide(identity, F + ":PROD", ResourcePolicy.EMPTY)).isNull();
        assertThat(decide(identity, F, ResourcePolicy.EMPTY)).isNotNull();
        assertThat(decide(identity, F + ":1", ResourcePolicy.EMPTY)).isNotNull();
    }

    @Test
    void shouldAllowServicesByResourcePoliciesAlone() {
        AccessKey service = new AccessKey("ID", "s", null, null, "s3.amazonaws.com", null);
        assertThat(decide(service, F, ResourcePolicy.EMPTY)).isNotNull();
        assertThat(decide(key("s3.amazonaws.com", allow("*", "*")), F, ResourcePolicy.EMPTY))
                .isNotNull();
        assertThat(decide(service, F, grant("s3.amazonaws.com", F, Map.of()))).isNull();
        assertThat(decide(service, F, grant("sns.amazonaws.com", F, Map.of()))).isNotNull();
        ResourcePolicy ofBucket =
                grant("s3.amazonaws.com", F, Map.of(PolicyStatement.SOURCE_ARN, "arn:aws:s3:::bucket"));
        assertThat(decide(service, F, ofBucket)).isNotNull();
        assertThat(decide(service, F, ofBucket, Map.of("aws:sourcearn", "arn:aws:s3:::bucket")))
                .isNull();
    }

    @Test
    void shouldWantBothPoliciesOfAnotherAccount() {
        AccessKey allowed = key(STRANGER, allow("*", "*"));
        assertThat(decide(allowed, F, ResourcePolicy.EMPTY)).isNotNull();
        assertThat(decide(allowed, F, grant("111111111111", F, Map.of()))).isNull();
        assertThat(decide(key(STRANGER), F, grant("111111111111", F, Map.of()))).isNotNull();
    }

    @Test
    void shouldMatchWildcards() {
        assertThat(Wildcards.match("*", "")).isTrue();
        assertThat(Wildcards.match("a*c?e", "abbcde")).isTrue();
        assertThat(Wildcards.match("a*c?e", "abbcdee")).isFalse();
        assertThat(Wildcards.match("a*b*c", "a1b2b3c")).isTrue();
        assertThat(Wildcards.match("", "a")).isFalse();
        assertThat(Wildcards.match("a.c", "abc")).isFalse();
        assertThat(Wildcards.match("*".repeat(60) + "x", "a".repeat(60_000))).isFalse();
    }
}
