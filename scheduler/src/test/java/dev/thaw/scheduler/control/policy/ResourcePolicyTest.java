package dev.thaw.scheduler.control.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ResourcePolicyTest {
    private static final String ARN = "arn:aws:lambda:us-east-1:000000000000:function:f";
    private static final String INVOKE = "lambda:InvokeFunction";

    private static PolicyStatement statement(String principal, String action, Map<String, String> conditions) {
        return new PolicyStatement("s", principal, action, ARN, conditions);
    }

    private static boolean allows(PolicyStatement statement, String principal, String action, String resource) {
        return ResourcePolicy.EMPTY.with(statement).allows(new AccessRequest(principal, action, resource, Map.of()));
    }

    @ParameterizedTest
    @CsvSource({
        "*, s3.amazonaws.com, true",
        "*, arn:aws:iam::111111111111:user/alice, true",
        "s3.amazonaws.com, s3.amazonaws.com, true",
        "s3.amazonaws.com, sns.amazonaws.com, false",
        "s3.amazonaws.com, arn:aws:iam::111111111111:user/alice, false",
        "111111111111, arn:aws:iam::111111111111:user/alice, true",
        "111111111111, arn:aws:iam::222222222222:user/alice, false",
        "111111111111, 111111111111, true",
        "111111111111, s3.amazonaws.com, false",
        "arn:aws:iam::111111111111:root, arn:aws:sts::111111111111:assumed-role/r/s, true",
        "arn:aws:iam::111111111111:root, arn:aws:iam::222222222222:user/alice, false",
        "arn:aws:iam::111111111111:user/alice, arn:aws:iam::111111111111:user/alice, true",
        "arn:aws:iam::111111111111:user/alice, arn:aws:iam::111111111111:user/alicea, false",
        "arn:aws:iam::111111111111:user/alice, arn:aws:iam::111111111111:root, false",
    })
    void shouldCoverItsPrincipalOnly(String granted, String principal, boolean allowed) {
        assertThat(allows(statement(granted, INVOKE, Map.of()), principal, INVOKE, ARN))
                .isEqualTo(allowed);
    }

    @ParameterizedTest
    @CsvSource({
        "lambda:InvokeFunction, lambda:InvokeFunction, true",
        "lambda:InvokeFunction, lambda:InvokeFunctionUrl, false",
        "lambda:InvokeFunctionUrl, lambda:InvokeFunction, false",
        "lambda:*, lambda:GetFunction, true",
        "*, lambda:GetFunction, true",
    })
    void shouldCoverItsActionOnly(String granted, String action, boolean allowed) {
        assertThat(allows(statement("*", granted, Map.of()), "s3.amazonaws.com", action, ARN))
                .isEqualTo(allowed);
    }

    @ParameterizedTest
    @ValueSource(strings = {ARN + ":1", ARN + ":PROD", ARN + "2", "arn:aws:lambda:us-east-1:000000000000:function:"})
    void shouldCoverItsResourceOnly(String other) {
        PolicyStatement granted = statement("*", INVOKE, Map.of());
        assertThat(allows(granted, "s3.amazonaws.com", INVOKE, ARN)).isTrue();
        assertThat(allows(granted, "s3.amazonaws.com", INVOKE, other)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "AWS:SourceArn, arn:aws:s3:::bucket, aws:sourcearn, arn:aws:s3:::bucket, true",
        "AWS:SourceArn, arn:aws:s3:::bucket, aws:sourcearn, arn:aws:s3:::bucket2, false",
        "AWS:SourceArn, arn:aws:s3:::b*t, aws:sourcearn, arn:aws:s3:::bucket, true",
        "AWS:SourceArn, arn:aws:s3:::b?cket, aws:sourcearn, arn:aws:s3:::bucket, true",
        "AWS:SourceArn, arn:aws:s3:::b.cket, aws:sourcearn, arn:aws:s3:::bucket, false",
        "AWS:SourceArn, arn:aws:s3:::bucket, aws:sourceaccount, arn:aws:s3:::bucket, false",
        "AWS:SourceAccount, 111111111111, aws:sourceaccount, 111111111111, true",
        "AWS:SourceAccount, 1*, aws:sourceaccount, 111111111111, false",
        "lambda:FunctionUrlAuthType, NONE, lambda:functionurlauthtype, NONE, true",
        "lambda:FunctionUrlAuthType, NONE, lambda:functionurlauthtype, AWS_IAM, false",
    })
    void shouldHoldItsConditions(String key, String wanted, String given, String value, boolean allowed) {
        AccessRequest request = new AccessRequest("s3.amazonaws.com", INVOKE, ARN, Map.of(given, value));
        assertThat(ResourcePolicy.EMPTY
                        .with(statement("s3.amazonaws.com", INVOKE, Map.of(key, wanted)))
                        .allows(request))
                .isEqualTo(allowed);
    }

    @Test
    void shouldAllowNothingWhereThereIsNoStatement() {
        assertThat(ResourcePolicy.EMPTY.allows(new AccessRequest("*", "*", ARN, Map.of())))
                .isFalse();
        ResourcePolicy policy =
                ResourcePolicy.EMPTY.with(statement("*", "*", Map.of())).without("s");
        assertThat(policy.statements()).isEmpty();
    }

    @Test
    void shouldWriteTheDocument() {
        Map<String, String> conditions = new LinkedHashMap<>();
        conditions.put(PolicyStatement.SOURCE_ACCOUNT, "111111111111");
        conditions.put(PolicyStatement.URL_AUTH_TYPE, "NONE");
        conditions.put(PolicyStatement.SOURCE_ARN, "arn:aws:s3:::b");
        ResourcePolicy policy = ResourcePolicy.EMPTY
                .with(new PolicyStatement("a", "s3.amazonaws.com", INVOKE, ARN, Map.of()))
                .with(new PolicyStatement("b", "111111111111", INVOKE, ARN, Map.of()))
                .with(new PolicyStatement("c", "*", INVOKE, ARN, conditions));
        String head = "\"Effect\":\"Allow\",\"Principal\":";
        String tail = ",\"Action\":\"lambda:InvokeFunction\",\"Resource\":\"" + ARN + "\"";
        assertThat(policy.document())
                .isEqualTo(
                        "{\"Version\":\"2012-10-17\",\"Id\":\"default\",\"Statement\":["
                                + "{\"Sid\":\"a\"," + head + "{\"Service\":\"s3.amazonaws.com\"}" + tail + "},"
                                + "{\"Sid\":\"b\"," + head + "{\"AWS\":\"arn:aws:iam::111111111111:root\"}" + tail
                                + "},"
                                + "{\"Sid\":\"c\"," + head + "\"*\"" + tail
                                + ",\"Condition\":{\"StringEquals\":{\"AWS:SourceAccount\":\"111111111111\","
                                + "\"lambda:FunctionUrlAuthType\":\"NONE\"},\"ArnLike\":{\"AWS:SourceArn\":\"arn:aws:s3:::b\"}}}]}");
        assertThat(policy.bytes()).isEqualTo(policy.document().length());
        assertThat(policy.statement("b")).isPresent();
        assertThat(policy.statement("d")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "*, true",
        "111111111111, true",
        "s3.amazonaws.com, true",
        "arn:aws:iam::111111111111:user/a, true",
        "invalid.nonaws.com, false",
        "alice, false",
        "11111111111, false",
        "arn:aws:s3:::b, false",
        "amazonaws.com, false"
    })
    void shouldKnowTheFormsOfPrincipals(String principal, boolean valid) {
        assertThat(statement(principal, INVOKE, Map.of()).hasValidPrincipal()).isEqualTo(valid);
    }
}
