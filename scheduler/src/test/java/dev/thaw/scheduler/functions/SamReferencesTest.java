package dev.thaw.scheduler.functions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

@SuppressWarnings("NullAway.Init")
final class SamReferencesTest {
    private static final String HEAD = """
            Parameters:
              Stage: {Type: String, Default: dev}
              Again: {Type: String, Default: !Sub "${Stage}-2"}
              Loop: {Type: String, Default: !Ref Loop}
              Bare: {Type: String}
            Resources:
              Jobs: {Type: AWS::SQS::Queue, Properties: {QueueName: !Sub "jobs-${Stage}"}}
              News: {Type: AWS::SNS::Topic}
              Files: {Type: AWS::S3::Bucket}
              Other:
                Type: AWS::Serverless::Function
                Properties: {FunctionName: other-fn, CodeUri: code, Handler: h, Runtime: provided.al2023}
              Hello:
                Type: AWS::Serverless::Function
                Properties:
                  CodeUri: code
                  Handler: h
                  Runtime: provided.al2023
            """;

    @TempDir
    private Path folder;

    @BeforeEach
    void makeCode() throws IOException {
        Files.createDirectory(folder.resolve("code"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "!Ref Stage|dev",
                "{Ref: Stage}|dev",
                "!Ref Again|dev-2",
                "!Ref AWS::Region|us-east-1",
                "!Sub '${AWS::AccountId}:${!Literal}'|000000000000:${Literal}",
                "!Ref Other|other-fn",
                "!Ref Hello|Hello",
                "!GetAtt Other.Arn|arn:aws:lambda:us-east-1:000000000000:function:other-fn",
                "{Fn::GetAtt: [Jobs, Arn]}|arn:aws:sqs:us-east-1:000000000000:jobs-dev",
                "!GetAtt Jobs.QueueName|jobs-dev",
                "!Ref News|arn:aws:sns:us-east-1:000000000000:News",
                "!Ref Files|Files",
                "{Fn::Sub: 'x/${Jobs.Arn}/${Files}'}|x/arn:aws:sqs:us-east-1:000000000000:jobs-dev/Files",
                "!Sub ['${Mine}-${Stage}', {Mine: !Ref Other}]|other-fn-dev",
            })
    void shouldResolve(String value, String text) throws IOException {
        assertThat(variables("      Environment: {Variables: {KEY: " + value + "}}\n"))
                .isEqualTo(Map.of("KEY", text));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "!Ref Nobody|!Ref Nobody, must name a parameter",
                "!Ref Bare|!Ref Bare, must name a parameter with a Default",
                "!Ref Loop|Loop, must not refer to itself",
                "!Ref Jobs|!Ref Jobs, is a queue's URL, which is not known here; give !GetAtt Jobs.Arn",
                "!GetAtt Jobs.Size|!GetAtt Jobs.Size, must be its Arn or its name",
                "!GetAtt Nobody.Arn|!GetAtt Nobody.Arn, must name a parameter",
                "!Sub '${Nobody}'|!Ref Nobody, must name a parameter",
                "!Sub [a]|a list of 1, must be a text and a mapping",
                "!ImportValue x|ImportValue, is no function that is known here: Ref, GetAtt or Sub",
            })
    void shouldRefuseWhatItCannotKnowWithLineAndKey(String value, String message) throws IOException {
        Path file = write("      Environment: {Variables: {KEY: " + value + "}}\n");
        assertThatThrownBy(() -> SamTemplate.read(file))
                .isInstanceOf(TemplateException.class)
                .hasMessageMatching("(?s).*template.yaml:\\d+: Environment.Variables.KEY: .*")
                .hasMessageContaining(message);
    }

    @Test
    void shouldLeaveOutWhatHasNoValue() throws IOException {
        assertThat(variables("      Environment: !Ref AWS::NoValue\n")).isEmpty();
    }

    @Test
    void shouldUseDefaultsOfParametersForNumbers() throws IOException {
        Path file = Files.writeString(
                folder.resolve("template.yaml"),
                HEAD.replace("Bare: {Type: String}", "Seconds: {Type: Number, Default: 17}")
                        + "      Timeout: !Ref Seconds\n");
        assertThat(SamTemplate.read(file).getLast().timeoutSec()).isEqualTo(17);
    }

    @Test
    void shouldTakeSettingsOverAsTheyAreGiven() throws IOException {
        TemplateFunction function = SamTemplate.readAll(write("""
                      AutoPublishAlias: live
                      EventInvokeConfig:
                        MaximumRetryAttempts: 1
                        DestinationConfig: {OnFailure: {Type: SQS, Destination: !GetAtt Jobs.Arn}}
                      FunctionUrlConfig: {AuthType: NONE, Cors: {AllowOrigins: ["*"], AllowCredentials: true}}
                      Events: {Poll: {Type: SQS, Properties: {Queue: !GetAtt Jobs.Arn, BatchSize: 1}}}
                """)).getLast();

        assertThat(function.settings().keySet())
                .containsExactlyInAnyOrder("AutoPublishAlias", "EventInvokeConfig", "FunctionUrlConfig", "Events");
        assertThat(json(function, "EventInvokeConfig"))
                .isEqualTo("{'MaximumRetryAttempts':1,'DestinationConfig':{'OnFailure':{'Type':'SQS',"
                        + "'Destination':'arn:aws:sqs:us-east-1:000000000000:jobs-dev'}}}");
        assertThat(json(function, "FunctionUrlConfig"))
                .isEqualTo("{'AuthType':'NONE','Cors':{'AllowOrigins':['*'],'AllowCredentials':true}}");
        assertThat(json(function, "Events"))
                .isEqualTo("{'Poll':{'Type':'SQS','Properties':"
                        + "{'Queue':'arn:aws:sqs:us-east-1:000000000000:jobs-dev','BatchSize':1}}}");
    }

    @Test
    void shouldLetAFunctionOverrideTheGlobalsKeyByKey() throws IOException {
        Path file = Files.writeString(
                folder.resolve("template.yaml"),
                "Globals: {Function: {AutoPublishAlias: live, EventInvokeConfig: {MaximumRetryAttempts: 0,"
                        + " MaximumEventAgeInSeconds: 60}}, Api: {}}\n" + HEAD
                        + "      EventInvokeConfig: {MaximumRetryAttempts: 2}\n");
        TemplateFunction function = SamTemplate.readAll(file).getLast();

        assertThat(json(function, "AutoPublishAlias")).isEqualTo("'live'");
        assertThat(json(function, "EventInvokeConfig"))
                .isEqualTo("{'MaximumRetryAttempts':2,'MaximumEventAgeInSeconds':60}");
    }

    private static String json(TemplateFunction function, String key) {
        TemplateFunction.Setting setting = function.settings().get(key);
        return setting == null
                ? ""
                : JsonMapper.shared().writeValueAsString(setting.value()).replace('"', '\'');
    }

    private Map<String, String> variables(String properties) throws IOException {
        return SamTemplate.read(write(properties)).getLast().environment();
    }

    private Path write(String properties) throws IOException {
        return Files.writeString(folder.resolve("template.yaml"), HEAD + properties);
    }
}
