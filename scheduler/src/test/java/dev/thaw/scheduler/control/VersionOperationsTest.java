package dev.thaw.scheduler.control;

import static dev.thaw.scheduler.control.FunctionOperationsTest.assertFault;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

final class VersionOperationsTest {
    @TempDir
    private Path folder;

    @Test
    void shouldNeverGiveANumberTwice() {
        try (ControlBed bed = new ControlBed(folder)) {
            bed.create("f");
            JsonNode first = bed.of("PublishVersion", "f");
            assertThat(first.get("Version").stringValue()).isEqualTo("1");
            assertThat(first.get("FunctionArn").stringValue()).isEqualTo(Catalog.arn("f", "1"));
            assertThat(first.get("State").stringValue()).isEqualTo("Active");
            bed.of("UpdateFunctionConfiguration", "f", "{'Timeout':9}");
            assertThat(bed.of("PublishVersion", "f").get("Version").stringValue())
                    .isEqualTo("2");
            bed.of("DeleteFunction", "f:2");
            assertThat(bed.of("PublishVersion", "f").get("Version").stringValue())
                    .isEqualTo("3");
            bed.of("DeleteFunction", "f");
        }
        try (ControlBed bed = new ControlBed(folder)) {
            bed.create("f");
            assertThat(bed.of("PublishVersion", "f").get("Version").stringValue())
                    .isEqualTo("4");
        }
    }

    @Test
    void shouldAnswerTheLastVersionWhereNothingChanged() {
        try (ControlBed bed = new ControlBed(folder)) {
            bed.create("f");
            JsonNode first = bed.of("PublishVersion", "f", "{'Description':'of its own'}");
            assertThat(bed.of("PublishVersion", "f")).isEqualTo(first);
            bed.of("UpdateFunctionConfiguration", "f", "{'Environment':{'Variables':{'AA':'b'}}}");
            JsonNode second = bed.of("PublishVersion", "f");
            assertThat(second.get("Version").stringValue()).isEqualTo("2");
            assertThat(second.get("Description").stringValue()).isEmpty();
            bed.of("UpdateFunctionConfiguration", "f", "{'Description':'only this'}");
            assertThat(bed.of("PublishVersion", "f").get("Version").stringValue())
                    .isEqualTo("3");
        }
    }

    @Test
    void shouldKeepAVersionAsItWasPublished() {
        try (ControlBed bed = new ControlBed(folder)) {
            bed.create("f", "{'Publish':true}");
            bed.settle();
            JsonNode before = bed.of("GetFunction", "f:1");
            Integer deployment = bed.deployments.routesOf("f").versions().get("1");
            bed.of("UpdateFunctionCode", "f", "{'ZipFile':'" + ControlBed.zip("bootstrap", "new") + "'}");
            bed.of("UpdateFunctionConfiguration", "f", "{'Timeout':9}");
            assertThat(bed.of("GetFunction", "f:1")).isEqualTo(before);
            assertThat(bed.deployments.routesOf("f").versions()).containsEntry("1", deployment);
            assertFault(
                    () -> bed.of("UpdateFunctionCode", "f:1", "{'ZipFile':'" + ControlBed.zip("a", "b") + "'}"),
                    400,
                    "InvalidParameterValueException",
                    "Only $LATEST can be changed");
        }
    }

    @Test
    void shouldRefuseToPublishAnotherStateThanTheCallerKnows() {
        try (ControlBed bed = new ControlBed(folder)) {
            bed.create("f");
            assertFault(
                    () -> bed.of("PublishVersion", "f", "{'RevisionId':'other'}"),
                    412,
                    "PreconditionFailedException",
                    "The Revision Id provided");
            assertFault(
                    () -> bed.of("PublishVersion", "f", "{'CodeSha256':'other'}"),
                    400,
                    "InvalidParameterValueException",
                    "CodeSHA256 (other) is different");
        }
    }

    @Test
    void shouldPointAliasesAtVersionsOnly() {
        try (ControlBed bed = new ControlBed(folder)) {
            bed.create("f", "{'Publish':true}");
            bed.of("UpdateFunctionConfiguration", "f", "{'Timeout':9}");
            bed.of("PublishVersion", "f");
            bed.of("UpdateFunctionConfiguration", "f", "{'Role':'arn:aws:iam::000000000000:role/other'}");
            bed.of("PublishVersion", "f");
            bed.of(
                    "UpdateFunctionConfiguration",
                    "f",
                    "{'Role':'" + ControlBed.ROLE
                            + "','DeadLetterConfig':{'TargetArn':'arn:aws:sqs:us-east-1:000000000000:q'}}");
            bed.of("PublishVersion", "f");
            alias(bed, "'live','FunctionVersion':'1','RoutingConfig':{'AdditionalVersionWeights':{'2':0.03}}");
            var route = bed.deployments.routesOf("f").aliases().get("live");
            assertThat(route)
                    .isNotNull()
                    .satisfies(live -> assertThat(live.additionalWeight()).isEqualTo(0.03));
            refused(bed, "'a','FunctionVersion':'live'", "ValidationException", "'functionVersion'");
            refused(
                    bed,
                    "'a','FunctionVersion':'1','RoutingConfig':{'AdditionalVersionWeights':{'2':0.1,'3':0.1}}",
                    "InvalidParameterValueException",
                    "cannot be greater than 1");
            refused(
                    bed,
                    "'a','FunctionVersion':'1','RoutingConfig':{'AdditionalVersionWeights':{'$LATEST':0.1}}",
                    "ValidationException",
                    "Map keys must satisfy constraint");
            refused(
                    bed,
                    "'a','FunctionVersion':'1','RoutingConfig':{'AdditionalVersionWeights':{'2':1.1}}",
                    "ValidationException",
                    "Map value must satisfy constraint");
            refused(
                    bed,
                    "'a','FunctionVersion':'1','RoutingConfig':{'AdditionalVersionWeights':{'3':0.1}}",
                    "InvalidParameterValueException",
                    "execution role");
            refused(
                    bed,
                    "'a','FunctionVersion':'1','RoutingConfig':{'AdditionalVersionWeights':{'4':0.1}}",
                    "InvalidParameterValueException",
                    "dead letter configuration");
            refused(bed, "'2024','FunctionVersion':'1'", "ValidationException", "(?!^[0-9]+$)([a-zA-Z0-9-_]+)");
        }
    }

    @Test
    void shouldKnowAVersionByOneSpellingOnly() {
        try (ControlBed bed = new ControlBed(folder)) {
            bed.create("f", "{'Publish':true}");
            alias(bed, "'live','FunctionVersion':'1'");
            for (String spelling : new String[] {"01", "0000000001", "0"}) {
                bed.of("DeleteFunction", "f:" + spelling);
                assertThat(bed.of("GetFunctionConfiguration", "f:1")
                                .get("Version")
                                .stringValue())
                        .isEqualTo("1");
                notFound(() -> bed.of("GetFunctionConfiguration", "f:" + spelling));
                notFound(() -> alias(bed, "'a','FunctionVersion':'" + spelling + "'"));
                notFound(() -> alias(
                        bed,
                        "'a','FunctionVersion':'1','RoutingConfig':{'AdditionalVersionWeights':{'" + spelling
                                + "':0.5}}"));
                notFound(() -> bed.call(
                        "PutProvisionedConcurrencyConfig",
                        Map.of("FunctionName", "f"),
                        Map.of("Qualifier", spelling),
                        "{'ProvisionedConcurrentExecutions':1}"));
            }
        }
    }

    /** The target of an alias is a number; its function is the alias' own, wherever a client says it is. */
    @Test
    void shouldLeadAnAliasNowhereElse() {
        try (ControlBed bed = new ControlBed(folder)) {
            bed.create("f", "{'Publish':true}");
            bed.create("g", "{'Publish':true}");
            String arn = Catalog.arn("f", null);
            for (String target : List.of(arn, arn + ":1", Catalog.arn("g", "1"), arn.replace("aws:", "aws-cn:"))) {
                refused(bed, "'a','FunctionVersion':'" + target + "'", "ValidationException", "'functionVersion'");
                refused(
                        bed,
                        "'a','FunctionVersion':'1','RoutingConfig':{'AdditionalVersionWeights':{'" + target + "':0.5}}",
                        "ValidationException",
                        "Map keys must satisfy constraint");
            }
            assertFault(
                    () -> aliasOf(bed, arn + ":1"), 400, "InvalidParameterValueException", "unqualified function ARN");
            String partition = arn.replace("aws:", "aws-cn:");
            assertFault(() -> aliasOf(bed, partition), 404, "ResourceNotFoundException", partition);
            assertFault(
                    () -> aliasOf(bed, arn.replace("us-east-1", "eu-west-1")),
                    404,
                    "ResourceNotFoundException",
                    "Functions from 'eu-west-1' are not reachable in this region ('us-east-1')");
            assertFault(
                    () -> aliasOf(bed, arn.replace("000000000000", "123456789012")),
                    403,
                    "AccessDeniedException",
                    "other accounts");
            assertFault(
                    () -> aliasOf(bed, Catalog.arn("h", null)),
                    404,
                    "ResourceNotFoundException",
                    Catalog.arn("h", "1"));
            assertThat(bed.of("ListAliases", "f").get("Aliases")).isEmpty();
            assertThat(aliasOf(bed, arn).get("AliasArn").stringValue()).isEqualTo(arn + ":a");
        }
    }

    private static JsonNode aliasOf(ControlBed bed, String function) {
        return bed.of("CreateAlias", function, "{'Name':'a','FunctionVersion':'1'}");
    }

    private static void notFound(ThrowingCallable call) {
        assertFault(call, 404, "ResourceNotFoundException", Catalog.arn("f", "0"));
    }

    @Test
    void shouldResetTheRoutingOfAnAlias() {
        try (ControlBed bed = new ControlBed(folder)) {
            bed.create("f", "{'Publish':true}");
            bed.of("UpdateFunctionConfiguration", "f", "{'Timeout':9}");
            bed.of("PublishVersion", "f");
            alias(bed, "'live','FunctionVersion':'1','RoutingConfig':{'AdditionalVersionWeights':{'2':0.05}}");
            JsonNode reset = bed.call(
                    "UpdateAlias",
                    Map.of("FunctionName", "f", "Name", "live"),
                    Map.of(),
                    "{'FunctionVersion':'2','RoutingConfig':{'AdditionalVersionWeights':{}}}");
            assertThat(reset.has("RoutingConfig")).isFalse();
            var routes = bed.deployments.routesOf("f");
            assertThat(routes.aliases().get("live")).isNotNull().satisfies(route -> {
                assertThat(route.functionId()).isEqualTo(routes.versions().get("2"));
                assertThat(route.additionalFunctionId()).isEqualTo(-1);
            });
        }
    }

    private static JsonNode alias(ControlBed bed, String members) {
        return bed.call("CreateAlias", Map.of("FunctionName", "f"), Map.of(), "{'Name':" + members + "}");
    }

    private static void refused(ControlBed bed, String members, String type, String part) {
        assertFault(() -> alias(bed, members), 400, type, part);
    }

    @Test
    void shouldRefuseAnAliasWithTheStateOfItsVersion() throws IOException {
        Path image = Files.createDirectories(folder.resolve("image"));
        Files.writeString(image.resolve("index.json"), "{\"manifests\":[]}");
        try (ControlBed bed = new ControlBed(folder.resolve("state"))) {
            CountDownLatch preparing = new CountDownLatch(1);
            bed.deployments.preparing = preparing;
            bed.call(
                    "CreateFunction",
                    Map.of(),
                    Map.of(),
                    "{'FunctionName':'f','Role':'" + ControlBed.ROLE
                            + "','PackageType':'Image','Publish':true,'Code':{'ImageUri':'" + image + "'}}");
            for (String alias : List.of("live", "gone")) {
                bed.of("CreateAlias", "f", "{'Name':'" + alias + "','FunctionVersion':'1'}");
            }
            assertThat(bed.deployments.withheld)
                    .containsEntry("f:live", "Pending")
                    .containsEntry("f:gone", "Pending");
            bed.call("DeleteAlias", Map.of("FunctionName", "f", "Name", "gone"), Map.of(), "{}");
            assertThat(bed.deployments.withheld).doesNotContainKey("f:gone");
            preparing.countDown();
            while (bed.deployments.routes.isEmpty()
                    || !bed.deployments.routesOf("f").aliases().containsKey("live")) {
                Thread.onSpinWait();
            }
            bed.settle();
            assertThat(bed.deployments.withheld).doesNotContainKey("f:live");
        }
    }
}
