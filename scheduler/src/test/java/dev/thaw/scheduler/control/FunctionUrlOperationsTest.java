package dev.thaw.scheduler.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class FunctionUrlOperationsTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String ARN = "arn:aws:lambda:us-east-1:000000000000:function:f";
    private static final String CREATE = "CreateFunctionUrlConfig";
    private static final String GET = "GetFunctionUrlConfig";
    private static final String UPDATE = "UpdateFunctionUrlConfig";
    private static final String DELETE = "DeleteFunctionUrlConfig";
    private static final String LIST = "ListFunctionUrlConfigs";

    private final AttachedOperations operations = new AttachedOperations();

    private JsonNode call(String operation, String body, String... query) {
        return Objects.requireNonNull(operations.call(operation, "f", body, query));
    }

    private static JsonNode json(String text) {
        return JSON.readTree(text.replace('\'', '"'));
    }

    @Test
    void shouldCreateGetUpdateAndDelete() {
        operations.clock.update(1_000);
        assertThat(call(CREATE, "{'AuthType':'NONE'}"))
                .isEqualTo(json("{'FunctionUrl':'http://id1.test/','FunctionArn':'" + ARN
                        + "','AuthType':'NONE','CreationTime':'1970-01-01T00:00:01.000Z'}"));
        operations.clock.update(2_500);
        assertThat(call(UPDATE, "{'AuthType':'AWS_IAM'}"))
                .isEqualTo(json("{'FunctionUrl':'http://id1.test/','FunctionArn':'" + ARN
                        + "','AuthType':'AWS_IAM','CreationTime':'1970-01-01T00:00:01.000Z',"
                        + "'LastModifiedTime':'1970-01-01T00:00:02.500Z'}"));
        assertThat(call(GET, "{}"))
                .isEqualTo(json("{'FunctionUrl':'http://id1.test/','FunctionArn':'" + ARN
                        + "','AuthType':'AWS_IAM','CreationTime':'1970-01-01T00:00:01.000Z',"
                        + "'InvokeMode':'BUFFERED','LastModifiedTime':'1970-01-01T00:00:02.500Z'}"));
        assertThat(operations.call(DELETE, "f", "{}")).isNull();
        operations.refused("ResourceNotFoundException", "The resource you requested does not exist.", GET, "f", "{}");
    }

    @Test
    void shouldKeepCorsAsItWasGiven() {
        String cors = "{'AllowCredentials':true,'AllowHeaders':['a'],'AllowMethods':['GET','*'],"
                + "'AllowOrigins':['https://a.test'],'ExposeHeaders':[],'MaxAge':86400}";
        call(CREATE, "{'AuthType':'NONE','InvokeMode':'RESPONSE_STREAM','Cors':" + cors + "}");
        call(UPDATE, "{'AuthType':'AWS_IAM'}");
        assertThat(call(GET, "{}").path("Cors")).isEqualTo(json(cors));
        assertThat(call(GET, "{}").path("InvokeMode").stringValue()).isEqualTo("RESPONSE_STREAM");
        call(UPDATE, "{'Cors':{'MaxAge':0}}");
        assertThat(call(GET, "{}").path("Cors")).isEqualTo(json("{'MaxAge':0}"));
    }

    @Test
    void shouldKeepOneForLatestAndOneForEachAlias() {
        call(CREATE, "{'AuthType':'NONE'}");
        call(CREATE, "{'AuthType':'AWS_IAM'}", "Qualifier=live");
        operations.refused(
                "ResourceConflictException",
                "Failed to create function url config for [functionArn = " + ARN
                        + ":live]. Error message:  FunctionUrlConfig exists for this Lambda function",
                CREATE,
                "f:live",
                "{'AuthType':'NONE'}");
        JsonNode first = call(LIST, "{}", "MaxItems=1");
        assertThat(first.at("/FunctionUrlConfigs/0/FunctionArn").stringValue()).isEqualTo(ARN);
        JsonNode second = call(
                LIST, "{}", "MaxItems=1", "Marker=" + first.path("NextMarker").stringValue());
        assertThat(second.at("/FunctionUrlConfigs/0/FunctionArn").stringValue()).isEqualTo(ARN + ":live");
        assertThat(second.has("NextMarker")).isFalse();
        assertThat(call(LIST, "{}").path("FunctionUrlConfigs")).hasSize(2);
        operations.catalog.removeFunction("f");
        operations.refused("ResourceNotFoundException", "Function does not exist", LIST, "f", "{}");
    }

    @ParameterizedTest
    @ValueSource(strings = {CREATE, GET, UPDATE, DELETE})
    void shouldRefuseNumberedVersions(String operation) {
        for (String qualifier : new String[] {"1", "2", "$LATEST"}) {
            operations.refused(
                    "ValidationException",
                    "1 validation error detected: Value '" + qualifier
                            + "' at 'qualifier' failed to satisfy constraint:"
                            + " Member must satisfy regular expression pattern: ((?!^\\d+$)^[0-9a-zA-Z-_]+$)",
                    operation,
                    "f",
                    "{'AuthType':'NONE'}",
                    "Qualifier=" + qualifier);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                CREATE + " | Function does not exist",
                GET + " | The resource you requested does not exist.",
                UPDATE + " | Function does not exist",
                DELETE + " | The resource you requested does not exist.",
            })
    void shouldSayWhatIsNotThere(String operation, String message) {
        String body = "{'AuthType':'NONE'}";
        operations.refused("ResourceNotFoundException", message, operation, "g", body);
        operations.refused("ResourceNotFoundException", message, operation, "f", body, "Qualifier=other");
        operations.refused(
                "InvalidParameterValueException",
                "The derived qualifier from the function name does not match the specified qualifier.",
                operation,
                "f:other",
                body,
                "Qualifier=live");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | Value null at 'authType' failed to satisfy constraint: Member must not be null",
                "{'AuthType':'ANY'} | Value 'ANY' at 'authType' failed to satisfy constraint: Member must satisfy enum value set: [NONE, AWS_IAM]",
                "{'AuthType':'NONE','InvokeMode':'X'} | Value 'X' at 'invokeMode' failed to satisfy constraint: Member must satisfy enum value set: [BUFFERED, RESPONSE_STREAM]",
                "{'AuthType':'NONE','Cors':{'MaxAge':86401}} | Value '86401' at 'cors.maxAge' failed to satisfy constraint: Member must have value less than or equal to 86400",
                "{'AuthType':'NONE','Cors':{'AllowMethods':['OPTIONS']}} | Value '[OPTIONS]' at 'cors.allowMethods' failed to satisfy constraint: Member must satisfy constraint: [Member must have length less than or equal to 6]",
            })
    void shouldHoldTheServiceModel(String body, String violation) {
        operations.refused("ValidationException", "1 validation error detected: " + violation, CREATE, "f", body);
    }
}
