package dev.thaw.scheduler.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What operations are about is the same to policies, however a client spells it. */
final class ServedResourceTest {
    private static final String FUNCTION = "arn:aws:lambda:us-east-1:000000000000:function:f";
    private static final String LAYER = "arn:aws:lambda:us-east-1:000000000000:layer:base";

    private static OperationInput input(Map<String, String> labels, Map<String, String> query, String body) {
        Map<String, List<String>> parameters = new HashMap<>();
        query.forEach((name, value) -> parameters.put(name, List.of(value)));
        return new OperationInput("id", labels, parameters, ControlBed.json(body));
    }

    private static String of(String operation, Map<String, String> labels) {
        return ServedResource.of(operation, input(labels, Map.of(), "{}"));
    }

    @Test
    void shouldNameLayersByTheirArn() {
        for (String name : List.of("base", LAYER)) {
            assertThat(of("ListLayerVersions", Map.of("LayerName", name))).isEqualTo(LAYER);
            for (String version : List.of("1", "01", "+1")) {
                assertThat(of("GetLayerVersion", Map.of("LayerName", name, "VersionNumber", version)))
                        .isEqualTo(LAYER + ":1");
            }
        }
        assertThat(ServedResource.of("GetLayerVersionByArn", input(Map.of(), Map.of("Arn", LAYER + ":007"), "{}")))
                .isEqualTo(LAYER + ":7");
    }

    @Test
    void shouldRefuseWhatIsNoLayer() {
        assertThatThrownBy(() -> of("ListLayerVersions", Map.of("LayerName", "a:b")))
                .isInstanceOf(ServiceFault.class)
                .hasMessageContaining("at 'layerName'");
        for (String elsewhere : List.of(
                LAYER.replace("aws:", "aws-x:"),
                LAYER.replace("us-east-1", "eu-west-1"),
                LAYER.replace("000000000000", "123456789012"))) {
            assertThatThrownBy(() -> of("GetLayerVersion", Map.of("LayerName", elsewhere, "VersionNumber", "1")))
                    .as(elsewhere)
                    .isInstanceOf(ServiceFault.class)
                    .hasMessageContaining("does not exist");
        }
        assertThatThrownBy(() -> of("GetLayerVersion", Map.of("LayerName", "base", "VersionNumber", "x")))
                .isInstanceOf(ServiceFault.class);
        assertThatThrownBy(() ->
                        ServedResource.of("GetLayerVersionByArn", input(Map.of(), Map.of("Arn", "arn:aws:x"), "{}")))
                .isInstanceOf(ServiceFault.class)
                .hasMessageContaining("at 'arn'");
    }

    @Test
    void shouldNameTheFunctionWhereAnOperationLooksAtNoQualifier() {
        Map<String, String> qualifier = Map.of("Qualifier", "PROD");
        OperationInput input = input(Map.of("FunctionName", "f"), qualifier, "{}");
        assertThat(ServedResource.of("GetFunction", input)).isEqualTo(FUNCTION + ":PROD");
        assertThat(ServedResource.of("ListVersionsByFunction", input)).isEqualTo(FUNCTION);
    }

    @Test
    void shouldNameWhatIsMadeByItsBodyWhateverTheQuerySays() {
        OperationInput create = input(
                Map.of(), Map.of("Arn", FUNCTION + "2", "FunctionName", "other"), "{'FunctionName':'arn::lambda:f'}");
        assertThat(ServedResource.of("CreateFunction", create)).isEqualTo(FUNCTION);
        assertThat(ServedResource.of("CreateEventSourceMapping", create)).isEqualTo(FUNCTION);
        assertThat(ServedResource.invoked("CreateEventSourceMapping", create)).containsExactly(FUNCTION);
    }

    @Test
    void shouldNameTheLayersThatAFunctionIsGiven() {
        OperationInput create = input(Map.of(), Map.of(), "{'Layers':['" + LAYER + ":01','arn:other']}");
        for (String operation : List.of("CreateFunction", "UpdateFunctionConfiguration")) {
            assertThat(ServedResource.layers(operation, create)).containsExactly(LAYER + ":1");
        }
    }

    /** Any of these would be invoked. */
    @Test
    void shouldNameDestinationsAsTheyAreInvoked() {
        for (String spelling : List.of(FUNCTION, FUNCTION.replace("aws:", ":"), "arn:aws:lambda:function:f")) {
            String body = "{'DestinationConfig':{'OnFailure':{'Destination':'" + spelling + ":live'}}}";
            assertThat(ServedResource.invoked(
                            "PutFunctionEventInvokeConfig", input(Map.of("FunctionName", "g"), Map.of(), body)))
                    .as(spelling)
                    .containsExactly(FUNCTION + ":live");
        }
    }
}
