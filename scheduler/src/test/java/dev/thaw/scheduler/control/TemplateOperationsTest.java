package dev.thaw.scheduler.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thaw.scheduler.functions.SamTemplate;
import dev.thaw.scheduler.functions.TemplateException;
import dev.thaw.scheduler.functions.TemplateFunction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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
    void shouldTellWhichEventsDoNotComeHere() throws IOException {
        try (ControlBed bed = serve("      Events: {Web: {Type: HttpApi}}\n")) {
            assertThat(bed.of("GetFunction", "hello").isEmpty()).isFalse();
        }
        assertThat(notes)
                .singleElement()
                .asString()
                .endsWith(":9: Events.Web of hello: events of type HttpApi do not come here; send them with invoke or a"
                        + " client");
    }

    @Test
    void shouldRefuseWithLineFunctionAndPropertyWhatAnOperationRefuses() {
        assertThatThrownBy(() -> serve("      EventInvokeConfig: {MaximumRetryAttempts: 3}\n"))
                .isInstanceOf(TemplateException.class)
                .hasMessageContaining(":9: EventInvokeConfig: hello, ")
                .hasMessageContaining("maximumRetryAttempts");
        assertThatThrownBy(() -> serve("      ProvisionedConcurrencyConfig: {ProvisionedConcurrentExecutions: 1}\n"))
                .hasMessageContaining("needs AutoPublishAlias");
    }

    private ControlBed serve(String properties) throws IOException {
        List<TemplateFunction> template =
                SamTemplate.readAll(Files.writeString(folder.resolve("template.yaml"), HEAD + properties));
        ControlBed bed = new ControlBed(
                folder.resolve("state"),
                template.stream().map(TemplateFunction::config).toList());
        try {
            notes = new TemplateOperations(bed.plane, () -> bed.nowMs).apply(template);
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
