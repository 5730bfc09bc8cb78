package dev.thaw.scheduler.control;

import static dev.thaw.scheduler.control.FunctionOperationsTest.assertFault;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.scheduler.control.code.PackageRules;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names and sizes at their bounds and one beyond, and packages that attack: documented errors, and nothing is left. */
final class FunctionBoundsTest {
    @TempDir
    private Path folder;

    @Test
    void shouldTakeSettingsAtTheirBoundsAndRefuseOneBeyond() {
        try (ControlBed bed = new ControlBed(folder)) {
            bed.create("f");
            bounds(bed, "{'Timeout':%s}", List.of("1", "900"), List.of("0", "901"), "'timeout'");
            bounds(bed, "{'MemorySize':%s}", List.of("128", "10240"), List.of("127", "10241"), "'memorySize'");
            bounds(
                    bed,
                    "{'EphemeralStorage':{'Size':%s}}",
                    List.of("512", "10240"),
                    List.of("511", "10241"),
                    "'ephemeralStorage.size'");
            bounds(bed, "{'Description':'%s'}", List.of("", text(256)), List.of(text(257)), "'description'");
            bounds(bed, "{'Handler':'%s'}", List.of("h", text(128)), List.of(text(129), "a b"), "'handler'");
            bounds(bed, "{'Role':'%s'}", List.of(ControlBed.ROLE), List.of("role/r", text(2_049)), "'role'");
            bounds(
                    bed,
                    "{'Environment':{'Variables':{'%s':''}}}",
                    List.of("aB_9"),
                    List.of("", "a", "9a", "a-b", "a b"),
                    "'environment.variables'");
            assertThat(bed.of("GetFunctionConfiguration", "f").get("Timeout").intValue())
                    .isEqualTo(900);
        }
    }

    private static void bounds(ControlBed bed, String body, List<String> within, List<String> beyond, String at) {
        within.forEach(value -> bed.of("UpdateFunctionConfiguration", "f", body.formatted(value)));
        for (String value : beyond) {
            String wrong = body.formatted(value);
            assertFault(() -> bed.of("UpdateFunctionConfiguration", "f", wrong), 400, "ValidationException", at);
        }
    }

    @Test
    void shouldBoundVariablesAndTagsAltogether() {
        try (ControlBed bed = new ControlBed(folder)) {
            bed.create("f");
            String variables = "{'Environment':{'Variables':{'AB':'%s'}}}";
            int most = 4_096 - "{\"AB\":\"\"}".length();
            bed.of("UpdateFunctionConfiguration", "f", variables.formatted(text(most)));
            invalid(() -> bed.of("UpdateFunctionConfiguration", "f", variables.formatted(text(most + 1))), "4KB limit");
            invalid(
                    () -> bed.of(
                            "UpdateFunctionConfiguration", "f", "{'Environment':{'Variables':{'AWS_REGION':'x'}}}"),
                    "Reserved keys used in this request: AWS_REGION");
            bed.create("tagged", "{'Tags':{" + tags(50) + "}}");
            bed.create("long", "{'Tags':{'" + text(128) + "':'" + text(256) + "'}}");
            invalid(() -> bed.create("g", "{'Tags':{" + tags(51) + "}}"), "Number of tags exceeds");
            invalid(() -> bed.create("g", "{'Tags':{'" + text(129) + "':'v'}}"), "Tag keys must have 1..128");
            invalid(() -> bed.create("g", "{'Tags':{'k':'" + text(257) + "'}}"), "values at most 256");
            assertFault(() -> bed.of("GetFunction", "g"), 404, "ResourceNotFoundException", "g");
        }
    }

    private static String tags(int count) {
        return IntStream.range(0, count).mapToObj(i -> "'k" + i + "':'v'").collect(Collectors.joining(","));
    }

    @Test
    void shouldBoundNames() {
        try (ControlBed bed = new ControlBed(folder)) {
            bed.create(text(64));
            invalid(() -> bed.create(text(65)), "'functionName' failed to satisfy constraint: Member must have length");
            assertFault(() -> bed.create(text(141)), 400, "ValidationException", "less than or equal to 140");
            for (String name : List.of("", "a b", "a/b", "../f", "é", "f\u0000")) {
                assertFault(() -> bed.create(name), 400, "ValidationException", "'functionName'");
            }
            bed.create("f", "{'Publish':true}");
            alias(bed, text(128));
            for (String name : List.of(text(129), "", "a b", "a:b", "7")) {
                assertFault(() -> alias(bed, name), 400, "ValidationException", "'name'");
            }
        }
    }

    private static void alias(ControlBed bed, String name) {
        bed.of("CreateAlias", "f", "{'Name':'" + name + "','FunctionVersion':'1'}");
    }

    @Test
    void shouldRefusePackagesThatAttackAndLeaveNothing() throws IOException {
        try (ControlBed bed = new ControlBed(folder)) {
            for (String entry : List.of("../evil", "a/../../evil", "/etc/evil")) {
                invalid(() -> create(bed, ControlBed.zip(entry, "x")), "Could not unzip uploaded file.");
            }
            invalid(() -> create(bed, ControlBed.zip("a", "x", "a/b", "y")), "Could not unzip uploaded file.");
            invalid(() -> create(bed, "bm8gemlw"), "Could not unzip uploaded file.");
            assertFault(() -> create(bed, "no base64"), 400, "InvalidParameterValueException", "Could not unzip");
            String large = "A".repeat((PackageRules.MAX_ZIPPED_BYTES / 3 + 2) * 4);
            assertFault(() -> create(bed, large), 413, "RequestEntityTooLargeException", "smaller than 52428800 bytes");
            bed.settle();
        }
        assertThat(ControlBed.packages(folder)).isEmpty();
        assertThat(folder.resolve("evil")).doesNotExist();
        assertThat(folder.resolveSibling("evil")).doesNotExist();
    }

    private static void create(ControlBed bed, String zip) {
        bed.create("f", "{'Code':{'ZipFile':'" + zip + "'}}");
    }

    private static void invalid(ThrowingCallable call, String part) {
        assertFault(call, 400, "InvalidParameterValueException", part);
    }

    private static String text(int length) {
        return "a".repeat(length);
    }
}
