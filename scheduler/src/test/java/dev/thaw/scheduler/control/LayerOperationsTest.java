package dev.thaw.scheduler.control;

import static dev.thaw.scheduler.control.FunctionOperationsTest.assertFault;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

final class LayerOperationsTest {
    @TempDir
    private Path folder;

    @Test
    void shouldLetFunctionsGoOnWithADeletedLayerAndNoOtherUseIt() {
        Path layer;
        try (ControlBed bed = new ControlBed(folder)) {
            String arn = publish(bed, "lib", "1").get("LayerVersionArn").stringValue();
            assertThat(arn).isEqualTo("arn:aws:lambda:us-east-1:000000000000:layer:lib:1");
            bed.create("f", "{'Layers':['" + arn + "']}");
            layer = bed.deployments.latest("f").config().layers().getFirst();
            assertThat(layer.resolve("lib.txt")).hasContent("1");
            bed.call("DeleteLayerVersion", label("lib", "1"), Map.of(), "{}");
            bed.settle();
            assertThat(layer).exists();
            assertThat(bed.of("GetFunctionConfiguration", "f").get("Layers")).hasSize(1);
            bed.of("UpdateFunctionConfiguration", "f", "{'Timeout':9}");
            assertFault(
                    () -> bed.create("g", "{'Layers':['" + arn + "']}"),
                    400,
                    "InvalidParameterValueException",
                    "Layer version " + arn + " does not exist.");
            assertThat(publish(bed, "lib", "2").get("Version").intValue()).isEqualTo(2);
            bed.of("DeleteFunction", "f");
            bed.deployments.endRetired();
            bed.settle();
        }
        assertThat(layer).doesNotExist();
    }

    @Test
    void shouldRefuseSixLayersAndTwoVersionsOfOne() {
        try (ControlBed bed = new ControlBed(folder)) {
            StringBuilder six = new StringBuilder();
            for (int i = 0; i < 6; i++) {
                String arn = publish(bed, "l" + i, "x").get("LayerVersionArn").stringValue();
                six.append(i == 0 ? "'" : ",'").append(arn).append('\'');
            }
            assertFault(
                    () -> bed.create("f", "{'Layers':[" + six + "]}"),
                    400,
                    "InvalidParameterValueException",
                    "Cannot reference more than 5 layers.");
            publish(bed, "l0", "y");
            String arn = LayerCatalog.arn("l0");
            assertFault(
                    () -> bed.create("f", "{'Layers':['" + arn + ":1','" + arn + ":2']}"),
                    400,
                    "InvalidParameterValueException",
                    "Two different versions of the same layer");
            assertFault(() -> bed.create("f", "{'Layers':['" + arn + "']}"), 400, "ValidationException", "'layers'");
            bed.settle();
        }
    }

    @Test
    void shouldListNewestFirstAndByArn() {
        try (ControlBed bed = new ControlBed(folder)) {
            publish(bed, "lib", "1");
            publish(bed, "lib", "2");
            publish(bed, "other", "3");
            JsonNode versions = bed.call("ListLayerVersions", Map.of("LayerName", "lib"), Map.of(), "{}");
            assertThat(versions.get("LayerVersions").findValuesAsString("Version"))
                    .containsExactly("2", "1");
            JsonNode layers = bed.call("ListLayers", Map.of(), Map.of(), "{}");
            assertThat(layers.get("Layers").findValuesAsString("LayerName")).containsExactly("lib", "other");
            JsonNode byArn =
                    bed.call("GetLayerVersionByArn", Map.of(), Map.of("Arn", LayerCatalog.arn("lib") + ":1"), "{}");
            assertThat(byArn).isEqualTo(bed.call("GetLayerVersion", label("lib", "1"), Map.of(), "{}"));
            assertFault(
                    () -> bed.call("GetLayerVersion", label("lib", "0"), Map.of(), "{}"),
                    400,
                    "InvalidParameterValueException",
                    "Layer Version Cannot be less than 1");
        }
    }

    @Test
    void shouldKeepPermissionsOfAVersion() {
        try (ControlBed bed = new ControlBed(folder)) {
            publish(bed, "lib", "1");
            String grant = "{'StatementId':'s1','Action':'lambda:GetLayerVersion','Principal':'*'}";
            JsonNode added = bed.call("AddLayerVersionPermission", label("lib", "1"), Map.of(), grant);
            JsonNode policy = bed.call("GetLayerVersionPolicy", label("lib", "1"), Map.of(), "{}");
            assertThat(policy.get("RevisionId")).isEqualTo(added.get("RevisionId"));
            assertThat(policy.get("Policy").stringValue()).contains("\"Sid\":\"s1\"");
            assertFault(
                    () -> bed.call("AddLayerVersionPermission", label("lib", "1"), Map.of(), grant),
                    409,
                    "ResourceConflictException",
                    "The statement id (s1) provided already exists.");
            Map<String, String> statement = Map.of("LayerName", "lib", "VersionNumber", "1", "StatementId", "s1");
            assertFault(
                    () -> bed.call("RemoveLayerVersionPermission", statement, Map.of("RevisionId", "x"), "{}"),
                    412,
                    "PreconditionFailedException",
                    "GetLayerPolicy");
            bed.call("RemoveLayerVersionPermission", statement, Map.of(), "{}");
            assertFault(
                    () -> bed.call("GetLayerVersionPolicy", label("lib", "1"), Map.of(), "{}"),
                    404,
                    "ResourceNotFoundException",
                    "No policy is associated");
        }
    }

    private static Map<String, String> label(String name, String version) {
        return Map.of("LayerName", name, "VersionNumber", version);
    }

    private static JsonNode publish(ControlBed bed, String name, String text) {
        return bed.call(
                "PublishLayerVersion",
                Map.of("LayerName", name),
                Map.of(),
                "{'Content':{'ZipFile':'" + ControlBed.zip("lib.txt", text) + "'}}");
    }
}
