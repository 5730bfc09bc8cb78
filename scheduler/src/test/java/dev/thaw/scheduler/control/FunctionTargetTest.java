package dev.thaw.scheduler.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

final class FunctionTargetTest {
    private static OperationInput input(String name, Map<String, List<String>> query) {
        return new OperationInput("request", Map.of("FunctionName", name), query, new JsonMapper().createObjectNode());
    }

    private static ServiceFault refusal(String name, Map<String, List<String>> query) {
        return catchThrowableOfType(ServiceFault.class, () -> FunctionTarget.of(input(name, query)));
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "f, -",
                "f:1, 1",
                "f:live, live",
                "f:$LATEST, $LATEST",
                "function:f, -",
                "000000000000:function:f:1, 1",
                "us-east-1:000000000000:function:f, -",
                "arn:aws:lambda:us-east-1:000000000000:function:f, -",
                "arn:aws:lambda:us-east-1:000000000000:function:f:live, live",
            })
    void shouldReadEverySpelling(String spelling, String qualifier) {
        assertThat(FunctionTarget.of(input(spelling, Map.of()))).isEqualTo(new FunctionTarget("f", qualifier));
    }

    @Test
    void shouldTakeTheQualifierOfTheQueryWhereItAgrees() {
        Map<String, List<String>> live = Map.of("Qualifier", List.of("live"));
        assertThat(FunctionTarget.of(input("f", live)).qualifier()).isEqualTo("live");
        assertThat(FunctionTarget.of(input("f:live", live)).qualifier()).isEqualTo("live");
        ServiceFault refusal = refusal("f:1", live);
        assertThat(refusal.errorType()).isEqualTo("InvalidParameterValueException");
        assertThat(refusal.text())
                .isEqualTo("The derived qualifier from the function name does not match the specified qualifier.");
    }

    @ParameterizedTest
    @CsvSource({"*", "my function", "f!", "arn:aws:lambda:us-east-1:000000000000@function:f", "f:a:b", "arn:aws:s3:::f"
    })
    void shouldRefuseWhatIsNoName(String spelling) {
        ServiceFault refusal = refusal(spelling, Map.of());
        assertThat(refusal.errorType()).isEqualTo("ValidationException");
        assertThat(refusal.text())
                .startsWith("1 validation error detected: Value '" + spelling + "' at 'functionName' failed to satisfy"
                        + " constraint: Member must satisfy regular expression pattern: ");
    }

    @Test
    void shouldSayEverythingThatIsBroken() {
        ServiceFault refusal = refusal("*", Map.of("Qualifier", List.of("a?b")));
        assertThat(refusal.text())
                .startsWith("2 validation errors detected: ")
                .contains("Value 'a?b' at 'qualifier'", "Value '*' at 'functionName'");
    }

    @Test
    void shouldKnowItsPartitionRegionAndAccount() {
        ServiceFault region = refusal("arn:aws:lambda:eu-west-1:000000000000:function:f", Map.of());
        assertThat(region.status()).isEqualTo(404);
        assertThat(region.text())
                .isEqualTo("Functions from 'eu-west-1' are not reachable in this region ('us-east-1')");
        ServiceFault account = refusal("arn:aws:lambda:us-east-1:123456789012:function:f", Map.of());
        assertThat(account.status()).isEqualTo(403);
        assertThat(account.errorType()).isEqualTo("AccessDeniedException");
        ServiceFault partition = refusal("arn:aws-cn:lambda:us-east-1:000000000000:function:f", Map.of());
        assertThat(partition.status()).isEqualTo(404);
        assertThat(partition.text())
                .isEqualTo("Function not found: arn:aws-cn:lambda:us-east-1:000000000000:function:f");
    }
}
