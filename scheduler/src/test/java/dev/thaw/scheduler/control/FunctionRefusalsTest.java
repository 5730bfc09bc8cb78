package dev.thaw.scheduler.control;

import static dev.thaw.scheduler.control.FunctionOperationsTest.assertFault;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What can be said of a function, and cannot be had: refused where it is said, not found out by its invocations. */
final class FunctionRefusalsTest {
    private static final String IMAGE_TAKES_NONE =
            "Please don't provide Handler or Runtime or Layer when the intended function PackageType is Image.";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'Environment':{'Variables':{'AB':'x\\u0000PATH=evil'}}}",
                "{'Handler':'f\\u0000.h'}",
            })
    void shouldRefuseTextsThatNoProcessCanBeGiven(String members) {
        try (ControlBed bed = new ControlBed(folder)) {
            assertFault(() -> bed.create("f", members), 400, "InvalidParameterValueException", "U+0000");
            bed.create("f");
            assertFault(
                    () -> bed.of("UpdateFunctionConfiguration", "f", members),
                    400,
                    "InvalidParameterValueException",
                    "U+0000");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    CapacityProviderConfig | {'LambdaManagedInstancesCapacityProviderConfig':{}}
                    DurableConfig | {'ExecutionTimeout':60}
                    PublishTo | 'LATEST_PUBLISHED'
                    TenancyConfig | {'TenantIsolationMode':'PER_TENANT'}
                    """, quoteCharacter = '#')
    void shouldRefuseKindsOfFunctionsThatAreNotServed(String member, String value) {
        try (ControlBed bed = new ControlBed(folder)) {
            assertFault(
                    () -> bed.create("f", "{'" + member + "':" + value + "}"),
                    400,
                    "InvalidParameterValueException",
                    member + " cannot be used here");
        }
    }

    @Test
    void shouldRefuseLayersOfImages() throws Exception {
        Path image = Files.createDirectory(folder.resolve("image"));
        Files.writeString(image.resolve("oci-layout"), "{}");
        Files.writeString(image.resolve("index.json"), "{\"manifests\":[]}");
        String layers = "'Layers':['arn:aws:lambda:us-east-1:000000000000:layer:l:1']";
        String create = "{'FunctionName':'i','Role':'" + ControlBed.ROLE
                + "','PackageType':'Image','Code':{'ImageUri':'" + image + "'}";
        try (ControlBed bed = new ControlBed(folder.resolve("state"))) {
            assertFault(
                    () -> bed.call("CreateFunction", Map.of(), Map.of(), create + "," + layers + "}"),
                    400,
                    "InvalidParameterValueException",
                    IMAGE_TAKES_NONE);
            bed.call("CreateFunction", Map.of(), Map.of(), create + "}");
            assertFault(
                    () -> bed.of("UpdateFunctionConfiguration", "i", "{" + layers + "}"),
                    400,
                    "InvalidParameterValueException",
                    IMAGE_TAKES_NONE);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ListVersionsByFunction", "ListAliases"})
    void shouldRefuseMarkersOfOtherLists(String list) {
        try (ControlBed bed = new ControlBed(folder)) {
            bed.create("f");
            assertFault(
                    () -> bed.call(list, Map.of("FunctionName", "f"), Map.of("Marker", "bnVsbA"), "{}"),
                    400,
                    "InvalidParameterValueException",
                    "Marker bnVsbA is not one that a list has given.");
        }
    }
}
