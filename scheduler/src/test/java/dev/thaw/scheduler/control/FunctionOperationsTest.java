package dev.thaw.scheduler.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

final class FunctionOperationsTest {
    private static final String ARN = "arn:aws:lambda:us-east-1:000000000000:function:f";

    @TempDir
    private Path folder;

    @Test
    void shouldAnswerPendingAndBecomeActive() throws Exception {
        try (ControlBed bed = new ControlBed(folder)) {
            JsonNode created = bed.create("f", "{'Environment':{'Variables':{'AA':'b'}},'Description':'d'}");
            byte[] sha256 = MessageDigest.getInstance("SHA-256").digest(ControlBed.zipBytes("bootstrap", "echo f"));
            assertThat(created.get("FunctionArn").stringValue()).isEqualTo(ARN);
            assertThat(created.get("State").stringValue()).isEqualTo("Pending");
            assertThat(created.get("StateReasonCode").stringValue()).isEqualTo("Creating");
            assertThat(created.has("LastUpdateStatus")).isFalse();
            assertThat(created.get("CodeSha256").stringValue())
                    .isEqualTo(Base64.getEncoder().encodeToString(sha256));
            assertThat(created.get("LastModified").stringValue()).isEqualTo("2023-11-14T22:13:20.123+0000");
            assertThat(created.get("Timeout").intValue()).isEqualTo(3);
            assertThat(created.get("MemorySize").intValue()).isEqualTo(128);
            JsonNode configuration = bed.of("GetFunctionConfiguration", "f");
            assertThat(configuration.get("State").stringValue()).isEqualTo("Active");
            assertThat(configuration.get("LastUpdateStatus").stringValue()).isEqualTo("Successful");
            assertThat(configuration.get("RevisionId")).isNotEqualTo(created.get("RevisionId"));
            assertThat(configuration.get("Environment").toString()).isEqualTo("{\"Variables\":{\"AA\":\"b\"}}");
            assertThat(bed.deployments.latest("f").config().environment()).containsEntry("AA", "b");
            assertThat(bed.deployments.latest("f").config().codeUri().resolve("bootstrap"))
                    .hasContent("echo f");
        }
    }

    @Test
    void shouldServeTheOldCodeNoMoreOnceTheUpdateIsAnswered() throws IOException {
        try (ControlBed bed = new ControlBed(folder)) {
            bed.create("f");
            Path old = bed.deployments.latest("f").config().codeUri();
            JsonNode updated =
                    bed.of("UpdateFunctionCode", "f", "{'ZipFile':'" + ControlBed.zip("bootstrap", "new") + "'}");
            assertThat(updated.get("LastUpdateStatus").stringValue()).isEqualTo("InProgress");
            assertThat(bed.deployments.latest("f").config().codeUri().resolve("bootstrap"))
                    .hasContent("new");
            bed.settle();
            assertThat(old).as("an environment may still run").exists();
            bed.deployments.endRetired();
            bed.settle();
        }
        assertThat(ControlBed.packages(folder)).hasSize(1);
    }

    @Test
    void shouldRefuseAnotherFunctionOfTheName() {
        try (ControlBed bed = new ControlBed(folder)) {
            bed.create("f");
            assertFault(
                    () -> bed.create("f", "{'Code':{'ZipFile':'" + ControlBed.zip("a", "b") + "'}}"),
                    409,
                    "ResourceConflictException",
                    "Function already exist: f");
        }
    }

    @Test
    void shouldLeaveNothingOfWhatIsRefused() throws IOException {
        try (ControlBed bed = new ControlBed(folder)) {
            bed.deployments.unusableRuntime = "provided.al2023";
            assertFault(() -> bed.create("f"), 400, "InvalidParameterValueException", "not on this host");
            bed.deployments.unusableRuntime = null;
            assertFault(() -> bed.create("f", "{'Timeout':901}"), 400, "ValidationException", "'timeout'");
            assertFault(
                    () -> bed.create("f", "{'Code':{'ZipFile':'" + ControlBed.zip() + "'}}"),
                    400,
                    "InvalidParameterValueException",
                    "Uploaded file must be a non-empty zip");
            assertFault(
                    () -> bed.create("f", "{'KMSKeyArn':'arn:aws:kms:us-east-1:000000000000:key/k'}"),
                    400,
                    "InvalidParameterValueException",
                    "KMSKeyArn cannot be used here");
            assertFault(
                    () -> bed.create("f", "{'Tags':{'aws:x':'v'}}"),
                    400,
                    "InvalidParameterValueException",
                    "must not start with aws:");
            assertFault(
                    () -> bed.of("GetFunction", "f"), 404, "ResourceNotFoundException", "Function not found: " + ARN);
            bed.settle();
        }
        assertThat(ControlBed.packages(folder)).isEmpty();
        try (ControlBed bed = new ControlBed(folder)) {
            assertThat(bed.call("ListFunctions", Map.of(), Map.of(), "{}").get("Functions"))
                    .isEmpty();
        }
    }

    @Test
    void shouldListInPages() {
        try (ControlBed bed = new ControlBed(folder)) {
            for (String name : List.of("c", "a", "b")) {
                bed.create(name, "{'Publish':true}");
            }
            JsonNode first = bed.call("ListFunctions", Map.of(), Map.of("MaxItems", "2"), "{}");
            assertThat(first.get("Functions").findValuesAsString("FunctionName"))
                    .containsExactly("a", "b");
            String marker = first.get("NextMarker").stringValue();
            JsonNode second = bed.call("ListFunctions", Map.of(), Map.of("MaxItems", "2", "Marker", marker), "{}");
            assertThat(second.get("Functions").findValuesAsString("FunctionName"))
                    .containsExactly("c");
            assertThat(second.has("NextMarker")).isFalse();
            JsonNode all = bed.call("ListFunctions", Map.of(), Map.of("FunctionVersion", "ALL"), "{}");
            assertThat(all.get("Functions").findValuesAsString("FunctionArn"))
                    .hasSize(6)
                    .startsWith(Catalog.arn("a", "$LATEST"), Catalog.arn("a", "1"));
            assertFault(
                    () -> bed.call("ListFunctions", Map.of(), Map.of("FunctionVersion", "x"), "{}"),
                    400,
                    "ValidationException",
                    "Member must satisfy enum value set: [ALL]");
        }
    }

    @Test
    void shouldUpdateConfigurationAndKeepTheRest() {
        try (ControlBed bed = new ControlBed(folder)) {
            bed.create("f", "{'Environment':{'Variables':{'AA':'b','CC':'d'}},'Timeout':7}");
            String revision =
                    bed.of("GetFunctionConfiguration", "f").get("RevisionId").stringValue();
            JsonNode updated = bed.of(
                    "UpdateFunctionConfiguration",
                    "f",
                    "{'Environment':{'Variables':{'EE':'f'}},'MemorySize':256,'RevisionId':'" + revision + "'}");
            assertThat(updated.get("LastUpdateStatus").stringValue()).isEqualTo("InProgress");
            assertThat(updated.get("Timeout").intValue()).isEqualTo(7);
            assertThat(updated.get("Environment").toString()).isEqualTo("{\"Variables\":{\"EE\":\"f\"}}");
            assertThat(bed.deployments.latest("f").config().memoryMib()).isEqualTo(256);
            assertFault(
                    () -> bed.of("UpdateFunctionConfiguration", "f", "{'Timeout':8,'RevisionId':'" + revision + "'}"),
                    412,
                    "PreconditionFailedException",
                    "The Revision Id provided does not match the latest Revision Id.");
            assertFault(() -> bed.of("UpdateFunctionConfiguration", "g", "{}"), 404, "ResourceNotFoundException", ":g");
            assertFault(
                    () -> bed.of("UpdateFunctionConfiguration", "f:1", "{}"),
                    400,
                    "InvalidParameterValueException",
                    "");
        }
    }

    @Test
    void shouldDeleteWithEverythingThatBelongsToIt() throws IOException {
        try (ControlBed bed = new ControlBed(folder)) {
            bed.create("f", "{'Publish':true}");
            bed.call("CreateAlias", Map.of("FunctionName", "f"), Map.of(), "{'Name':'live','FunctionVersion':'1'}");
            bed.of("DeleteFunction", "f");
            assertThat(bed.deployments.routes).isEmpty();
            assertThat(bed.deployments.retired).containsOnlyKeys(0, 1);
            assertFault(() -> bed.of("GetFunction", "f"), 404, "ResourceNotFoundException", ARN);
            assertFault(() -> bed.of("DeleteFunction", "f"), 404, "ResourceNotFoundException", ARN);
            bed.deployments.endRetired();
            bed.settle();
        }
        assertThat(ControlBed.packages(folder)).isEmpty();
    }

    @Test
    void shouldRefuseToDeleteWhatCannotGoAlone() {
        try (ControlBed bed = new ControlBed(folder)) {
            bed.create("f", "{'Publish':true}");
            bed.call("CreateAlias", Map.of("FunctionName", "f"), Map.of(), "{'Name':'live','FunctionVersion':'1'}");
            assertFault(
                    () -> bed.of("DeleteFunction", "f:$LATEST"),
                    400,
                    "InvalidParameterValueException",
                    "$LATEST version cannot be deleted without deleting the function.");
            assertFault(
                    () -> bed.of("DeleteFunction", "f:live"),
                    400,
                    "InvalidParameterValueException",
                    "Deletion of aliases is not currently supported.");
            assertFault(() -> bed.of("DeleteFunction", "f:1"), 409, "ResourceConflictException", "alias live");
            bed.call("DeleteAlias", Map.of("FunctionName", "f", "Name", "live"), Map.of(), "{}");
            bed.of("DeleteFunction", "f:1");
            assertFault(() -> bed.of("GetFunction", "f:1"), 404, "ResourceNotFoundException", ARN + ":1");
        }
    }

    @Test
    void shouldKeepEverythingOverARestart() throws IOException {
        JsonNode before;
        try (ControlBed bed = new ControlBed(folder)) {
            bed.create("f", "{'Environment':{'Variables':{'PASSWORD':'geheim'}},'Tags':{'a':'b'}}");
            bed.of("PublishVersion", "f");
            bed.call("CreateAlias", Map.of("FunctionName", "f"), Map.of(), "{'Name':'live','FunctionVersion':'1'}");
            before = bed.of("GetFunction", "f");
        }
        try (var files = Files.list(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(Files.readString(file, StandardCharsets.ISO_8859_1)).doesNotContain("geheim");
            }
        }
        try (ControlBed bed = new ControlBed(folder)) {
            assertThat(bed.problems).isEmpty();
            assertThat(bed.of("GetFunction", "f")).isEqualTo(before);
            assertThat(bed.deployments.latest("f").config().environment()).containsEntry("PASSWORD", "geheim");
            assertThat(bed.deployments.routesOf("f").versions()).containsOnlyKeys("1");
            assertThat(bed.deployments.routesOf("f").aliases()).containsOnlyKeys("live");
        }
    }

    static void assertFault(ThrowingCallable call, int status, String type, String part) {
        assertThatExceptionOfType(ServiceFault.class).isThrownBy(call).satisfies(fault -> {
            assertThat(fault.text()).contains(part);
            assertThat(fault.errorType()).isEqualTo(type);
            assertThat(fault.status()).isEqualTo(status);
        });
    }
}
