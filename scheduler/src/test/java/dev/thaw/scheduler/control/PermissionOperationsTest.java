package dev.thaw.scheduler.control;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class PermissionOperationsTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String ARN = "arn:aws:lambda:us-east-1:000000000000:function:f";
    private static final String WRONG_REVISION =
            "The Revision Id provided does not match the latest Revision Id. Call the GetPolicy API to retrieve the latest Revision Id";

    private final AttachedOperations operations = new AttachedOperations();

    private static String grant(String sid, String more) {
        return "{'StatementId':'" + sid + "','Action':'lambda:InvokeFunction','Principal':'s3.amazonaws.com'" + more
                + "}";
    }

    private JsonNode policy(String... query) {
        JsonNode output = operations.call("GetPolicy", "f", "{}", query);
        return JSON.readTree(
                String.valueOf(output == null ? "" : output.path("Policy").stringValue()));
    }

    private void add(String sid, String... query) {
        assertThat(operations.call("AddPermission", "f", grant(sid, ""), query)).isNotNull();
    }

    @Test
    void shouldAddGetAndRemove() {
        JsonNode added = operations.call(
                "AddPermission", "f", grant("s3", ",'SourceArn':'arn:aws:s3:::b','SourceAccount':'111111111111'"));
        String statement = "{\"Sid\":\"s3\",\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"s3.amazonaws.com\"},"
                + "\"Action\":\"lambda:InvokeFunction\",\"Resource\":\"" + ARN + "\",\"Condition\":{"
                + "\"StringEquals\":{\"AWS:SourceAccount\":\"111111111111\"},\"ArnLike\":{\"AWS:SourceArn\":\"arn:aws:s3:::b\"}}}";
        assertThat(added).isEqualTo(JSON.createObjectNode().put("Statement", statement));
        assertThat(operations.call("GetPolicy", "f", "{}"))
                .isEqualTo(JSON.createObjectNode()
                        .put(
                                "Policy",
                                "{\"Version\":\"2012-10-17\",\"Id\":\"default\",\"Statement\":[" + statement + "]}")
                        .put("RevisionId", "id1"));
        assertThat(operations.call("RemovePermission", "f", "{}", "StatementId=s3"))
                .isNull();
        operations.refused(
                "ResourceNotFoundException", "The resource you requested does not exist.", "GetPolicy", "f", "{}");
    }

    @Test
    void shouldKeepAPolicyOfItsOwnForEachQualifier() {
        add("a");
        add("a", "Qualifier=1");
        add("a", "Qualifier=live");
        add("b", "Qualifier=live");
        assertThat(policy().at("/Statement/0/Resource").stringValue()).isEqualTo(ARN);
        assertThat(policy("Qualifier=1").at("/Statement/0/Resource").stringValue())
                .isEqualTo(ARN + ":1");
        assertThat(policy("Qualifier=live").at("/Statement/1/Resource").stringValue())
                .isEqualTo(ARN + ":live");
        assertThat(policy().path("Statement")).hasSize(1);
    }

    @Test
    void shouldChangeTheRevisionOfWhatItBelongsTo() {
        add("a", "Qualifier=live", "RevisionId=ignored");
        assertThat(operations.catalog.aliasesOf("f").iterator().next().revisionId())
                .isEqualTo("id1");
        operations.refused(
                "PreconditionFailedException",
                WRONG_REVISION,
                "AddPermission",
                "f",
                grant("b", ",'RevisionId':'revision-live'"),
                "Qualifier=live");
        operations.refused(
                "PreconditionFailedException",
                WRONG_REVISION,
                "RemovePermission",
                "f",
                "{}",
                "Qualifier=live",
                "StatementId=a",
                "RevisionId=wrong");
        operations.call("RemovePermission", "f", "{}", "Qualifier=live", "StatementId=a", "RevisionId=id1");
        operations.call("AddPermission", "f", grant("b", ",'RevisionId':'revision-$LATEST'"));
        JsonNode policy = operations.call("GetPolicy", "f", "{}");
        assertThat(policy == null ? null : policy.path("RevisionId").stringValue())
                .isEqualTo("id3");
    }

    @Test
    void shouldForgetThePolicyOfWhatIsDeleted() {
        add("a");
        add("a", "Qualifier=live");
        add("a", "Qualifier=1");
        operations.catalog.removeAlias(
                operations.catalog.aliasesOf("f").iterator().next());
        operations.refused(
                "ResourceNotFoundException",
                "The resource you requested does not exist.",
                "GetPolicy",
                "f",
                "{}",
                "Qualifier=live");
        assertThat(policy("Qualifier=1").path("Statement")).hasSize(1);
        operations.catalog.removeFunction("f");
        operations.refused(
                "ResourceNotFoundException", "The resource you requested does not exist.", "GetPolicy", "f", "{}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "f:other | Qualifier=1 | InvalidParameterValueException | The derived qualifier from the function name does not match the specified qualifier.",
                "f:$LATEST | Qualifier=$LATEST | InvalidParameterValueException | We currently do not support adding policies for $LATEST.",
                "g | x=x | ResourceNotFoundException | Function not found: arn:aws:lambda:us-east-1:000000000000:function:g",
                "f:other | x=x | ResourceNotFoundException | Cannot find alias arn: arn:aws:lambda:us-east-1:000000000000:function:f:other",
                "f | Qualifier=42 | ResourceNotFoundException | Function not found: arn:aws:lambda:us-east-1:000000000000:function:f:42",
                "f | Qualifier=a$b | ResourceNotFoundException | Function not found: arn:aws:lambda:us-east-1:000000000000:function:f:a$b",
            })
    void shouldSayWhatIsNotThere(String function, String query, String type, String message) {
        operations.refused(type, message, "AddPermission", function, grant("s", ""), query);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{'StatementId':'a.b','Action':'lambda:InvokeFunction','Principal':'*'} ; Value 'a.b' at 'statementId' failed to satisfy constraint: Member must satisfy regular expression pattern: ([a-zA-Z0-9-_]+)",
                "{'StatementId':'a','Action':'s3:GetObject','Principal':'*'} ; Value 's3:GetObject' at 'action' failed to satisfy constraint: Member must satisfy regular expression pattern: (lambda:[*]|lambda:[a-zA-Z]+|[*])",
                "{'StatementId':'a','Action':'*'} ; Value null at 'principal' failed to satisfy constraint: Member must not be null",
            })
    void shouldHoldTheServiceModel(String body, String violation) {
        operations.refused(
                "ValidationException", "1 validation error detected: " + violation, "AddPermission", "f", body);
    }

    @Test
    void shouldRefuseWhatTheModelLetsThrough() {
        operations.refused(
                "InvalidParameterValueException",
                "The provided principal was invalid. Please check the principal and try again.",
                "AddPermission",
                "f",
                "{'StatementId':'a','Action':'*','Principal':'invalid.nonaws.com'}");
        operations.refused(
                "InvalidParameterValueException",
                "FunctionUrlAuthType is only supported for lambda:InvokeFunctionUrl action",
                "AddPermission",
                "f",
                grant("a", ",'FunctionUrlAuthType':'NONE'"));
        add("a");
        operations.refused(
                "ResourceConflictException",
                "The statement id (a) provided already exists. Please provide a new statement id, or remove the existing statement.",
                "AddPermission",
                "f",
                grant("a", ""));
    }

    @Test
    void shouldSayWhatCannotBeRemoved() {
        operations.refused(
                "ResourceNotFoundException",
                "No policy found for: arn:aws:lambda:us-east-1:000000000000:function:g",
                "RemovePermission",
                "g",
                "{}",
                "StatementId=a");
        operations.refused(
                "ResourceNotFoundException",
                "No policy is associated with the given resource.",
                "RemovePermission",
                "f",
                "{}",
                "StatementId=a");
        operations.refused(
                "ResourceNotFoundException",
                "Cannot find alias arn: " + ARN + ":other",
                "RemovePermission",
                "f",
                "{}",
                "StatementId=a",
                "Qualifier=other");
        add("a");
        operations.refused(
                "ResourceNotFoundException",
                "Statement b is not found in resource policy.",
                "RemovePermission",
                "f",
                "{}",
                "StatementId=b");
    }

    @Test
    void shouldBoundThePolicy() {
        String source = ",'SourceArn':'arn:aws:s3:::" + "b".repeat(4_000) + "'";
        for (int i = 0; i < 4; i++) {
            operations.call("AddPermission", "f", grant("s" + i, source));
        }
        operations.refused(
                "PolicyLengthExceededException",
                "The final policy size (21183) is bigger than the limit (20480).",
                "AddPermission",
                "f",
                grant("s4", source));
        assertThat(policy().path("Statement")).hasSize(4);
    }
}
