package dev.thaw.scheduler.control;

import static dev.thaw.scheduler.control.FunctionOperationsTest.assertFault;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.scheduler.events.EventSettings;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Reserved and provisioned concurrency, event invoke configurations, account, tags. */
final class LimitsOperationsTest {
    private static final String CONCURRENCY = "ReservedConcurrentExecutions";

    @TempDir
    private Path folder;

    @Test
    void shouldLetALoopRunWhereThatIsAllowed() {
        try (ControlBed bed = new ControlBed(folder)) {
            bed.create("f");
            assertThat(bed.deployments.loopsAllowed).isEmpty();
            bed.of("PutFunctionRecursionConfig", "f", "{'RecursiveLoop':'Allow'}");
            assertThat(bed.deployments.loopsAllowed).containsExactly("f");
        }
        try (ControlBed bed = new ControlBed(folder)) {
            assertThat(bed.deployments.loopsAllowed).containsExactly("f");
            bed.of("PutFunctionRecursionConfig", "f", "{'RecursiveLoop':'Terminate'}");
            assertThat(bed.deployments.loopsAllowed).isEmpty();
            bed.of("PutFunctionRecursionConfig", "f", "{'RecursiveLoop':'Allow'}");
            bed.of("DeleteFunction", "f");
            assertThat(bed.deployments.loopsAllowed).isEmpty();
        }
    }

    @Test
    void shouldReserveWithinTheAccount() {
        try (ControlBed bed = new ControlBed(folder)) {
            bed.create("f");
            assertThat(bed.of("PutFunctionConcurrency", "f", "{'" + CONCURRENCY + "':900}")
                            .get(CONCURRENCY)
                            .intValue())
                    .isEqualTo(900);
            assertThat(bed.deployments.reserved).containsEntry("f", 900);
            assertFault(
                    () -> bed.of("PutFunctionConcurrency", "f", "{'" + CONCURRENCY + "':901}"),
                    400,
                    "InvalidParameterValueException",
                    "below its minimum value of [100]");
            assertFault(
                    () -> bed.of("PutFunctionConcurrency", "f:1", "{'" + CONCURRENCY + "':1}"),
                    400,
                    "InvalidParameterValueException",
                    "This operation is permitted on Lambda functions only.");
            assertThat(bed.of("GetFunction", "f")
                            .get("Concurrency")
                            .get(CONCURRENCY)
                            .intValue())
                    .isEqualTo(900);
            JsonNode account = bed.call("GetAccountSettings", Map.of(), Map.of(), "{}");
            assertThat(account.get("AccountLimit")
                            .get("UnreservedConcurrentExecutions")
                            .intValue())
                    .isEqualTo(100);
            assertThat(account.get("AccountUsage").get("FunctionCount").intValue())
                    .isEqualTo(1);
        }
        try (ControlBed bed = new ControlBed(folder)) {
            assertThat(bed.deployments.reserved).containsEntry("f", 900);
            bed.of("DeleteFunctionConcurrency", "f");
            assertThat(bed.of("GetFunctionConcurrency", "f").isEmpty()).isTrue();
            assertThat(bed.deployments.reserved).containsEntry("f", -1);
        }
    }

    @Test
    void shouldProvisionPublishedVersionsOnly() {
        try (ControlBed bed = new ControlBed(folder)) {
            bed.create("f", "{'Publish':true}");
            bed.call("CreateAlias", Map.of("FunctionName", "f"), Map.of(), "{'Name':'live','FunctionVersion':'1'}");
            JsonNode put = provision(bed, "live", 5);
            assertThat(put.get("Status").stringValue()).isEqualTo("IN_PROGRESS");
            Integer deployment = bed.deployments.routesOf("f").versions().get("1");
            assertThat(bed.deployments.provisioned).containsEntry(deployment, 5);
            JsonNode got = bed.call(
                    "GetProvisionedConcurrencyConfig", Map.of("FunctionName", "f"), Map.of("Qualifier", "live"), "{}");
            assertThat(got.get("Status").stringValue()).isEqualTo("READY");
            assertFault(
                    () -> provision(bed, "1", 5),
                    409,
                    "ResourceConflictException",
                    "Version is pointed by a Provisioned Concurrency alias");
            assertFault(
                    () -> provision(bed, "$LATEST", 5),
                    400,
                    "InvalidParameterValueException",
                    "cannot be applied to unpublished function versions");
            assertFault(
                    () -> provision(bed, "live", 0), 400, "ValidationException", "'provisionedConcurrentExecutions'");
            assertFault(
                    () -> bed.of("PutFunctionConcurrency", "f", "{'" + CONCURRENCY + "':4}"),
                    400,
                    "InvalidParameterValueException",
                    "total provisioned concurrency [5]");
            bed.of("UpdateFunctionConfiguration", "f", "{'Timeout':9}");
            bed.of("PublishVersion", "f");
            bed.call("UpdateAlias", Map.of("FunctionName", "f", "Name", "live"), Map.of(), "{'FunctionVersion':'2'}");
            Integer second = bed.deployments.routesOf("f").versions().get("2");
            assertThat(bed.deployments.provisioned).containsEntry(second, 5).containsEntry(deployment, 0);
            bed.call("DeleteAlias", Map.of("FunctionName", "f", "Name", "live"), Map.of(), "{}");
            assertThat(bed.deployments.provisioned).containsEntry(second, 0);
            assertFault(
                    () -> bed.call(
                            "GetProvisionedConcurrencyConfig",
                            Map.of("FunctionName", "f"),
                            Map.of("Qualifier", "1"),
                            "{}"),
                    404,
                    "ProvisionedConcurrencyConfigNotFoundException",
                    "No Provisioned");
        }
    }

    /** Contract.md section 1.12; the service says of it that what is allocated fluctuates with the versions'. */
    @Test
    void shouldShareTheProvisionedConcurrencyOfAnAliasOutByItsWeights() {
        try (ControlBed bed = new ControlBed(folder)) {
            bed.create("f", "{'Publish':true}");
            bed.of("UpdateFunctionConfiguration", "f", "{'Timeout':9}");
            bed.of("PublishVersion", "f");
            bed.call("CreateAlias", Map.of("FunctionName", "f"), Map.of(), "{'Name':'live','FunctionVersion':'1'}");
            provision(bed, "live", 10);
            Map<String, Integer> versions = bed.deployments.routesOf("f").versions();
            weigh(bed, "{'2':0.03}");
            assertThat(bed.deployments.provisioned)
                    .containsEntry(versions.get("1"), 9)
                    .containsEntry(versions.get("2"), 1);
            weigh(bed, "{'2':0.4}");
            assertThat(bed.deployments.provisioned)
                    .containsEntry(versions.get("1"), 6)
                    .containsEntry(versions.get("2"), 4);
            JsonNode got = bed.call(
                    "GetProvisionedConcurrencyConfig", Map.of("FunctionName", "f"), Map.of("Qualifier", "live"), "{}");
            assertThat(got.get("AllocatedProvisionedConcurrentExecutions").intValue())
                    .isEqualTo(10);
            assertThat(got.get("Status").stringValue()).isEqualTo("READY");
            weigh(bed, "{}");
            assertThat(bed.deployments.provisioned)
                    .containsEntry(versions.get("1"), 10)
                    .containsEntry(versions.get("2"), 0);
        }
    }

    private static void weigh(ControlBed bed, String weights) {
        bed.call(
                "UpdateAlias",
                Map.of("FunctionName", "f", "Name", "live"),
                Map.of(),
                "{'RoutingConfig':{'AdditionalVersionWeights':" + weights + "}}");
    }

    private static JsonNode provision(ControlBed bed, String qualifier, int count) {
        return bed.call(
                "PutProvisionedConcurrencyConfig",
                Map.of("FunctionName", "f"),
                Map.of("Qualifier", qualifier),
                "{'ProvisionedConcurrentExecutions':" + count + "}");
    }

    @Test
    void shouldTellTheQueueOfEventsWhatWasConfigured() {
        String queue = "arn:aws:sqs:us-east-1:000000000000:q";
        try (ControlBed bed = new ControlBed(folder)) {
            bed.create("f", "{'DeadLetterConfig':{'TargetArn':'" + queue + "'}}");
            EventSettings.Source source = bed.state.eventSettings();
            String arn = Catalog.arn("f", null);
            assertThat(source.settingsOf(arn)).isEqualTo(new EventSettings(2, 21_600, null, null, queue, false));
            bed.of(
                    "PutFunctionEventInvokeConfig",
                    "f",
                    "{'MaximumRetryAttempts':0,'MaximumEventAgeInSeconds':60,'DestinationConfig':{'OnFailure':{'Destination':'"
                            + queue + "'}}}");
            assertThat(source.settingsOf(arn)).isEqualTo(new EventSettings(0, 60, null, queue, queue, false));
            bed.of("PutFunctionConcurrency", "f", "{'" + CONCURRENCY + "':0}");
            assertThat(source.settingsOf(arn).switchedOff()).isTrue();
            assertThat(source.settingsOf(Catalog.arn("g", null))).isEqualTo(EventSettings.DEFAULT);
        }
        try (ControlBed bed = new ControlBed(folder)) {
            EventSettings.Source source = bed.state.eventSettings();
            String arn = Catalog.arn("f", null);
            assertThat(source.settingsOf(arn)).isEqualTo(new EventSettings(0, 60, null, queue, queue, true));
            bed.of("UpdateFunctionEventInvokeConfig", "f", "{'MaximumRetryAttempts':1}");
            assertThat(source.settingsOf(arn).maxRetries()).isEqualTo(1);
            assertThat(source.settingsOf(arn).maxAgeSec()).isEqualTo(60);
            bed.of("DeleteFunctionEventInvokeConfig", "f");
            assertThat(source.settingsOf(arn).maxRetries()).isEqualTo(2);
            bed.of("DeleteFunction", "f");
            assertThat(source.settingsOf(arn)).isEqualTo(EventSettings.DEFAULT);
        }
    }

    @Test
    void shouldRefuseFoldersThatAreNotOffered() {
        try (ControlBed bed = new ControlBed(folder)) {
            bed.create("f");
            String start = "{'DestinationConfig':{'OnFailure':{'Destination':'arn:aws:file:::";
            for (String wrong : new String[] {"/etc", folder + "/targets/../code", "relative"}) {
                assertFault(
                        () -> bed.of("PutFunctionEventInvokeConfig", "f", start + wrong + "'}}}"),
                        400,
                        "InvalidParameterValueException",
                        "The destination ARN arn:aws:file:::" + wrong + " is invalid: ");
            }
            bed.of("PutFunctionEventInvokeConfig", "f", start + folder + "/targets/of-f'}}}");
        }
    }

    @Test
    void shouldRefuseTargetsThatNothingCanBeSentTo() {
        try (ControlBed bed = new ControlBed(folder)) {
            bed.create("f");
            String[] wrong = {
                Catalog.arn("f", null),
                "arn:aws:s3:::b",
                "arn:aws:events:us-east-1:000000000000:event-bus/b",
                "arn:aws:file:::/etc",
                "arn:aws:file:::relative"
            };
            for (String target : wrong) {
                String letters = "{'DeadLetterConfig':{'TargetArn':'" + target + "'}}";
                assertFault(
                        () -> bed.of("UpdateFunctionConfiguration", "f", letters),
                        400,
                        "InvalidParameterValueException",
                        "Invalid dead letter queue ARN: " + target + ": ");
                assertFault(() -> bed.create("g", letters), 400, "InvalidParameterValueException", target);
            }
            for (String end : new String[] {"OnSuccess", "OnFailure"}) {
                assertFault(
                        () -> bed.of(
                                "PutFunctionEventInvokeConfig",
                                "f",
                                "{'DestinationConfig':{'" + end + "':{'Destination':'arn:aws:s3:::b'}}}"),
                        400,
                        "InvalidParameterValueException",
                        "destination=arn:aws:s3:::b");
            }
        }
    }

    /** FIFO ones are told where something would go there, as the service's documents have it. */
    @Test
    void shouldTakeTargetsOfDeadLetters() {
        try (ControlBed bed = new ControlBed(folder)) {
            bed.create("f");
            for (String target : new String[] {
                "arn:aws:sns:us-east-1:000000000000:t",
                "arn:aws:sqs:us-east-1:000000000000:q.fifo",
                "arn:aws:file:::" + folder + "/targets/letters",
                ""
            }) {
                bed.of("UpdateFunctionConfiguration", "f", "{'DeadLetterConfig':{'TargetArn':'" + target + "'}}");
                bed.of("UpdateFunctionConfiguration", "f", "{'Timeout':7}");
                assertThat(bed.of("GetFunctionConfiguration", "f")
                                .at("/DeadLetterConfig/TargetArn")
                                .asString(""))
                        .isEqualTo(target);
            }
        }
    }

    @Test
    void shouldRefuseEventInvokeConfigsOutOfBounds() {
        try (ControlBed bed = new ControlBed(folder)) {
            bed.create("f");
            for (String wrong : new String[] {
                "'MaximumRetryAttempts':3",
                "'MaximumRetryAttempts':-1",
                "'MaximumEventAgeInSeconds':59",
                "'MaximumEventAgeInSeconds':21601"
            }) {
                assertFault(
                        () -> bed.of("PutFunctionEventInvokeConfig", "f", "{" + wrong + "}"),
                        400,
                        "ValidationException",
                        "failed to satisfy constraint");
            }
            assertFault(
                    () -> bed.of(
                            "PutFunctionEventInvokeConfig",
                            "f",
                            "{'DestinationConfig':{'OnSuccess':{'Destination':'" + Catalog.arn("f", null) + "'}}}"),
                    400,
                    "InvalidParameterValueException",
                    "You can't specify the function as a destination for itself.");
        }
    }

    @Test
    void shouldTagFunctionsAndNothingElse() {
        try (ControlBed bed = new ControlBed(folder)) {
            bed.create("f");
            String arn = Catalog.arn("f", null);
            bed.call("TagResource", Map.of("ARN", arn), Map.of(), "{'Tags':{'a':'1','b':'2'}}");
            bed.call("UntagResource", Map.of("ARN", arn), Map.of("tagKeys", "a,c"), "{}");
            assertFault(
                    () -> bed.call("TagResource", Map.of("ARN", arn), Map.of(), "{'Tags':{'AWS:x':'1'}}"),
                    400,
                    "InvalidParameterValueException",
                    "must not start with aws:");
            assertThat(bed.call("ListTags", Map.of("ARN", arn), Map.of(), "{}").toString())
                    .isEqualTo("{\"Tags\":{\"b\":\"2\"}}");
            assertFault(
                    () -> bed.call("ListTags", Map.of("ARN", arn + ":1"), Map.of(), "{}"),
                    400,
                    "InvalidParameterValueException",
                    "Tags on function aliases and versions are not supported.");
        }
    }
}
