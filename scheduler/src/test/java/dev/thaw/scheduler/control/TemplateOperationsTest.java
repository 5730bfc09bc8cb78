package dev.thaw.scheduler.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thaw.scheduler.events.source.KeyFilter;
import dev.thaw.scheduler.events.source.Triggers;
import dev.thaw.scheduler.functions.SamTemplate;
import dev.thaw.scheduler.functions.TemplateException;
import dev.thaw.scheduler.functions.TemplateFunction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

@SuppressWarnings("NullAway.Init")
final class TemplateOperationsTest {
    private static final String HEAD = """
            Resources:
              Jobs: {Type: AWS::SQS::Queue}
              hello:
                Type: AWS::Serverless::Function
                Properties:
                  CodeUri: code
                  Handler: h
                  Runtime: provided.al2023
            """;

    @TempDir
    private Path folder;

    private List<String> notes = List.of();
    private @Nullable String snapshotProblem;
    private final List<String> made = new ArrayList<>();
    private final TemplateTriggers triggers = new TemplateTriggers() {
        @Override
        public @Nullable String schedule(Triggers.Schedule schedule) {
            made.add(schedule.kind() + " " + schedule.name() + " " + schedule.functionArn() + " " + schedule.input());
            return null;
        }

        @Override
        public @Nullable String bucket(String bucket, String functionArn, KeyFilter filter) {
            made.add(bucket + " " + functionArn + " " + filter.prefix() + "*" + filter.suffix());
            return null;
        }
    };

    @BeforeEach
    void makeCode() throws IOException {
        Files.createDirectory(folder.resolve("code"));
        Files.writeString(folder.resolve("code/bootstrap"), "#!/bin/sh");
    }

    @Test
    void shouldPublishAnAliasAndMoveItOnlyWhereSomethingChanged() throws IOException {
        String text = "      AutoPublishAlias: live\n";
        try (ControlBed bed = serve(text)) {
            assertThat(versionOf(bed)).isEqualTo("1");
        }
        try (ControlBed bed = serve(text)) {
            assertThat(versionOf(bed)).isEqualTo("1");
        }
        try (ControlBed bed = serve(text + "      Timeout: 9\n")) {
            assertThat(versionOf(bed)).isEqualTo("2");
        }
        Files.writeString(folder.resolve("code/bootstrap"), "#!/bin/bash");
        try (ControlBed bed = serve(text + "      Timeout: 9\n")) {
            assertThat(versionOf(bed)).isEqualTo("3");
            assertThat(bed.of("ListVersionsByFunction", "hello").path("Versions"))
                    .hasSize(4);
        }
    }

    @Test
    void shouldDoTheSameTwiceAndKeepWhatIsThere() throws IOException {
        String text = """
                      AutoPublishAlias: live
                      ProvisionedConcurrencyConfig: {ProvisionedConcurrentExecutions: 2}
                      DeadLetterQueue: {Type: SQS, TargetArn: !GetAtt Jobs.Arn}
                      FunctionUrlConfig: {AuthType: NONE, InvokeMode: RESPONSE_STREAM}
                      EventInvokeConfig:
                        MaximumRetryAttempts: 0
                        MaximumEventAgeInSeconds: 90
                        DestinationConfig: {OnFailure: {Type: SQS, Destination: !GetAtt Jobs.Arn}}
                """;
        String url = "";
        for (int start = 0; start < 2; start++) {
            try (ControlBed bed = serve(text)) {
                assertThat(versionOf(bed)).isEqualTo("1");
                assertThat(of(bed, "GetProvisionedConcurrencyConfig")
                                .path("RequestedProvisionedConcurrentExecutions")
                                .asInt())
                        .isEqualTo(2);
                JsonNode invoke = of(bed, "GetFunctionEventInvokeConfig");
                assertThat(invoke.path("MaximumRetryAttempts").asInt()).isZero();
                assertThat(invoke.at("/DestinationConfig/OnFailure/Destination").asString())
                        .isEqualTo("arn:aws:sqs:us-east-1:000000000000:Jobs");
                assertThat(bed.of("GetFunctionConfiguration", "hello")
                                .at("/DeadLetterConfig/TargetArn")
                                .asString())
                        .isEqualTo("arn:aws:sqs:us-east-1:000000000000:Jobs");
                JsonNode config = of(bed, "GetFunctionUrlConfig");
                assertThat(config.path("InvokeMode").asString()).isEqualTo("RESPONSE_STREAM");
                assertThat(of(bed, "GetPolicy").path("Policy").asString()).contains("lambda:InvokeFunctionUrl");
                assertThat(config.path("FunctionUrl").asString()).startsWith(url);
                url = config.path("FunctionUrl").asString();
            }
        }
        assertThat(url).isNotEmpty();
        assertThat(notes).isEmpty();
    }

    @Test
    void shouldSetWhatTheTemplateSaysOfAFunctionAndKeepWhatItDoesNot() throws IOException {
        String text = """
                      Description: !Sub "of ${AWS::Region}"
                      Tracing: Active
                      Tags: {own: "1", team: x}
                """;
        try (ControlBed bed = serve(text)) {
            JsonNode configuration = bed.of("GetFunctionConfiguration", "hello");
            assertThat(configuration.path("Description").asString()).isEqualTo("of us-east-1");
            assertThat(configuration.at("/TracingConfig/Mode").asString()).isEqualTo("Active");
            assertThat(bed.of("GetFunction", "hello").path("Tags"))
                    .isEqualTo(ControlBed.json("{'own':'1','team':'x'}"));
            bed.call(
                    "TagResource",
                    Map.of("ARN", Catalog.arn("hello", null)),
                    Map.of(),
                    "{'Tags':{'team':'y','theirs':'z'}}");
        }
        String role = "arn:aws:iam::000000000000:role/mine";
        JsonNode changed;
        try (ControlBed bed = serve("")) {
            assertThat(bed.of("GetFunctionConfiguration", "hello")
                            .path("Description")
                            .asString())
                    .isEqualTo("of us-east-1");
            bed.of(
                    "UpdateFunctionConfiguration",
                    "hello",
                    "{'Description':'mine','Role':'" + role + "','TracingConfig':{'Mode':'PassThrough'}}");
            bed.settle();
            changed = bed.of("GetFunctionConfiguration", "hello");
        }
        try (ControlBed bed = serve("")) {
            assertThat(bed.of("GetFunctionConfiguration", "hello")).isEqualTo(changed);
        }
        try (ControlBed bed = serve(text)) {
            JsonNode configuration = bed.of("GetFunctionConfiguration", "hello");
            assertThat(configuration.path("Role").asString()).isEqualTo(role);
            assertThat(configuration.path("Description").asString()).isEqualTo("of us-east-1");
            assertThat(bed.of("GetFunction", "hello").path("Tags"))
                    .isEqualTo(ControlBed.json("{'own':'1','team':'x','theirs':'z'}"));
        }
    }

    @Test
    void shouldCallLayersAsTheTemplateDoes() throws IOException {
        Files.createDirectories(folder.resolve("a/layer"));
        Files.writeString(folder.resolve("a/layer/one"), "1");
        String layers = """
                      Layers: [!Ref L1, !Ref L2, a/layer]
                  L1: {Type: AWS::Serverless::LayerVersion, Properties: {LayerName: first, ContentUri: code}}
                  L2: {Type: AWS::Serverless::LayerVersion, Properties: {ContentUri: code}}
                """;
        try (ControlBed bed = serve(layers)) {
            assertThat(bed.of("GetFunctionConfiguration", "hello").findValuesAsString("Arn"))
                    .containsExactly(
                            LayerCatalog.arn("first:1"), LayerCatalog.arn("L2:1"), LayerCatalog.arn("a-layer:1"));
        }
        assertThatThrownBy(() -> serve(layers.replace("!Ref L2", "!Ref L1")))
                .hasMessageContaining("Two different versions of the same layer");
    }

    @Test
    void shouldTellWhichEventsDoNotComeHere() throws IOException {
        try (ControlBed bed = serve("      Events: {Web: {Type: HttpApi}}\n")) {
            assertThat(bed.of("GetFunction", "hello").isEmpty()).isFalse();
        }
        assertThat(notes)
                .singleElement()
                .asString()
                .endsWith(":9: Events.Web of hello: events of type HttpApi do not come here, there is no API gateway;"
                        + " FunctionUrlConfig gives a function a URL");
    }

    @Test
    void shouldMakeTriggersOfSchedulesAndBuckets() throws IOException {
        try (ControlBed bed = serve("""
                      AutoPublishAlias: live
                      Events:
                        Tick: {Type: Schedule, Properties: {Schedule: rate(5 minutes), Input: '{"a":1}'}}
                        Tock: {Type: ScheduleV2, Properties: {ScheduleExpression: cron(0 12 * * ? *), Name: noon}}
                        Off: {Type: Schedule, Properties: {Schedule: rate(1 hour), Enabled: false}}
                        Put:
                          Type: S3
                          Properties:
                            Bucket: pictures
                            Events: [s3:ObjectCreated:*]
                            Filter: {S3Key: {Rules: [{Name: prefix, Value: in/}, {Name: suffix, Value: .png}]}}
                """)) {
            String arn = "arn:aws:lambda:us-east-1:000000000000:function:hello:live";
            assertThat(made)
                    .containsExactlyInAnyOrder(
                            "RULE helloTick " + arn + " {\"a\":1}",
                            "SCHEDULER noon " + arn + " null",
                            "pictures " + arn + " in/*.png");
            assertThat(of(bed, "GetPolicy").path("Policy").asString())
                    .contains(
                            "\"Service\":\"s3.amazonaws.com\"",
                            "arn:aws:s3:::pictures",
                            "arn:aws:events:us-east-1:000000000000:rule/helloTick",
                            "scheduler.amazonaws.com");
        }
        assertThat(notes).isEmpty();
        try (ControlBed bed = serve("      AutoPublishAlias: live\n")) {
            assertThatThrownBy(() -> of(bed, "GetPolicy")).hasMessageContaining("does not exist");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{Type: Schedule, Properties: {Schedule: often}} | schedule 'often': must be rate(..) or cron(..)",
                "{Type: Schedule, Properties: {Schedule: rate(1 day), RetryPolicy: {}}} | RetryPolicy of a schedule is not served here",
                "{Type: ScheduleV2, Properties: {ScheduleExpression: rate(1 day), ScheduleExpressionTimezone: Asia/Tokyo}} | time zone Asia/Tokyo of a schedule is not served here",
                "{Type: S3, Properties: {Bucket: b, Events: s3:ObjectRemoved:*}} | s3:ObjectRemoved:* does not come here: s3:ObjectCreated:* does",
                "{Type: SQS, Properties: {Queue: !GetAtt Jobs.Arn}} | event source mappings are not served here",
                "{Type: SNS} | events of type SNS do not come here; send them with invoke or a client",
                "{Type: MSK} | events of type MSK do not come here; send them with invoke or a client",
            })
    void shouldSayWhyAnEventDoesNotCome(String event, String reason) throws IOException {
        try (ControlBed bed = serve("      Events: {One: " + event + "}\n")) {
            assertThat(bed.of("GetFunction", "hello").isEmpty()).isFalse();
        }
        assertThat(notes).singleElement().asString().endsWith(":9: Events.One of hello: " + reason);
        assertThat(made).isEmpty();
    }

    @Test
    void shouldTakeAwayWhatTheTemplateSaysNoMoreAndNothingElse() throws IOException {
        try (ControlBed bed = serve("""
                      AutoPublishAlias: live
                      ReservedConcurrentExecutions: 5
                      ProvisionedConcurrencyConfig: {ProvisionedConcurrentExecutions: 2}
                      DeadLetterQueue: {Type: SQS, TargetArn: !GetAtt Jobs.Arn}
                      FunctionUrlConfig: {AuthType: NONE, InvokeMode: RESPONSE_STREAM, Cors: {AllowOrigins: ["*"]}}
                      EventInvokeConfig: {MaximumRetryAttempts: 0}
                """)) {
            bed.call(
                    "PutFunctionEventInvokeConfig",
                    Map.of("FunctionName", "hello"),
                    Map.of(),
                    "{'MaximumRetryAttempts':1}");
        }
        try (ControlBed bed = serve("      AutoPublishAlias: live\n      FunctionUrlConfig: {AuthType: AWS_IAM}\n")) {
            assertThat(of(bed, "GetFunctionUrlConfig").path("InvokeMode").asString())
                    .isEqualTo("BUFFERED");
            assertThat(of(bed, "GetFunctionUrlConfig").has("Cors")).isFalse();
            assertThatThrownBy(() -> of(bed, "GetPolicy")).hasMessageContaining("does not exist");
            assertThatThrownBy(() -> of(bed, "GetProvisionedConcurrencyConfig"))
                    .hasMessageContaining("No Provisioned Concurrency Config");
            assertThatThrownBy(() -> of(bed, "GetFunctionEventInvokeConfig"))
                    .hasMessageContaining("doesn't have an EventInvokeConfig");
            assertThat(bed.of("GetFunctionConcurrency", "hello").isEmpty()).isTrue();
            assertThat(bed.of("GetFunctionConfiguration", "hello").has("DeadLetterConfig"))
                    .isFalse();
        }
        try (ControlBed bed = serve("      Timeout: 9\n")) {
            assertThatThrownBy(() -> of(bed, "GetFunctionUrlConfig")).hasMessageContaining("does not exist");
            assertThatThrownBy(() -> versionOf(bed)).hasMessageContaining("Cannot find alias");
            // Not the template's: a client has made it.
            assertThat(bed.of("GetFunctionEventInvokeConfig", "hello")
                            .path("MaximumRetryAttempts")
                            .asInt())
                    .isEqualTo(1);
        }
        assertThat(notes).isEmpty();
    }

    @Test
    void shouldMoveEverythingWithItsAlias() throws IOException {
        String rest = """
                      ProvisionedConcurrencyConfig: {ProvisionedConcurrentExecutions: 2}
                      FunctionUrlConfig: {AuthType: NONE}
                """;
        serve("      AutoPublishAlias: before\n" + rest).close();
        try (ControlBed bed = serve("      AutoPublishAlias: live\n" + rest)) {
            assertThat(of(bed, "GetProvisionedConcurrencyConfig")
                            .path("RequestedProvisionedConcurrentExecutions")
                            .asInt())
                    .isEqualTo(2);
            assertThat(bed.of("ListAliases", "hello").path("Aliases")).hasSize(1);
            assertThat(bed.of("ListFunctionUrlConfigs", "hello").path("FunctionUrlConfigs"))
                    .hasSize(1);
        }
        assertThat(notes).isEmpty();
    }

    @Test
    void shouldStartItsVersionsFromSnapshotsWhileTheTemplateSaysSo() throws IOException {
        String text = "      AutoPublishAlias: live\n";
        try (ControlBed bed = serve(text + "      SnapStart: {ApplyOn: PublishedVersions}\n")) {
            assertThat(bed.of("GetFunctionConfiguration", "hello:1")
                            .at("/SnapStart/ApplyOn")
                            .asString())
                    .isEqualTo("PublishedVersions");
        }
        assertThat(notes).isEmpty();
        try (ControlBed bed = serve(text)) {
            assertThat(versionOf(bed)).isEqualTo("2");
            assertThat(bed.of("GetFunctionConfiguration", "hello:2")
                            .at("/SnapStart/ApplyOn")
                            .asString())
                    .isEqualTo("None");
        }
    }

    @Test
    void shouldServeWithoutSnapshotsWhereThereCanBeNoneAndSaySo() throws IOException {
        snapshotProblem = "must be None here";
        try (ControlBed bed = serve("      SnapStart: {ApplyOn: PublishedVersions}\n")) {
            assertThat(bed.of("GetFunctionConfiguration", "hello")
                            .at("/SnapStart/ApplyOn")
                            .asString())
                    .isEqualTo("None");
        }
        assertThat(notes)
                .containsExactly("SnapStart of hello: PublishedVersions, must be None here (served without it)");
        assertThatThrownBy(() -> serve("      SnapStart: {ApplyOn: Always}\n"))
                .hasMessageContaining(":9: SnapStart: hello, ApplyOn: 'Always', must be");
    }

    @Test
    void shouldRefuseWithLineFunctionAndPropertyWhatAnOperationRefuses() {
        assertThatThrownBy(() -> serve("      EventInvokeConfig: {MaximumRetryAttempts: 3}\n"))
                .isInstanceOf(TemplateException.class)
                .hasMessageContaining(":9: EventInvokeConfig: hello, ")
                .hasMessageContaining("maximumRetryAttempts");
        assertThatThrownBy(() -> serve("      Role: me\n"))
                .isInstanceOf(TemplateException.class)
                .hasMessageContaining(":9: Role: hello, ")
                .hasMessageContaining("Value 'me' at 'role'");
        assertThatThrownBy(() -> serve("      Tags: {'aws:x': y}\n"))
                .isInstanceOf(TemplateException.class)
                .hasMessageContaining(":9: Tags: hello, ");
        assertThatThrownBy(() -> serve("      ProvisionedConcurrencyConfig: {ProvisionedConcurrentExecutions: 1}\n"))
                .hasMessageContaining("needs AutoPublishAlias");
    }

    private ControlBed serve(String properties) throws IOException {
        List<TemplateFunction> template =
                SamTemplate.readAll(Files.writeString(folder.resolve("template.yaml"), HEAD + properties));
        ControlBed bed = new ControlBed(folder.resolve("state"), template);
        bed.deployments.snapshotProblem = snapshotProblem;
        try {
            notes = new TemplateOperations(bed.plane, triggers, () -> bed.nowMs).apply(template);
            return bed;
        } catch (TemplateException refused) {
            bed.close();
            throw refused;
        }
    }

    private static String versionOf(ControlBed bed) {
        return bed.call("GetAlias", Map.of("FunctionName", "hello", "Name", "live"), Map.of(), "{}")
                .path("FunctionVersion")
                .asString();
    }

    private static JsonNode of(ControlBed bed, String operation) {
        return bed.call(operation, Map.of("FunctionName", "hello"), Map.of("Qualifier", "live"), "{}");
    }
}
