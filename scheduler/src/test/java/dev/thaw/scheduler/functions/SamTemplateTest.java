package dev.thaw.scheduler.functions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thaw.scheduler.functions.LoggingConfig.Format;
import dev.thaw.scheduler.functions.LoggingConfig.Level;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@SuppressWarnings("NullAway.Init")
final class SamTemplateTest {
    private static final String HEAD = """
            AWSTemplateFormatVersion: '2010-09-09'
            Transform: AWS::Serverless-2016-10-31
            Resources:
              Hello:
                Type: AWS::Serverless::Function
                Properties:
                  CodeUri: code
                  Handler: bootstrap
                  Runtime: provided.al2023
            """;

    @TempDir
    private Path folder;

    @BeforeEach
    void makeCode() throws IOException {
        Files.createDirectory(folder.resolve("code"));
        Files.createDirectory(folder.resolve("layer"));
        Files.createFile(folder.resolve("other.zip"));
    }

    @Test
    void shouldGiveDefaults() throws IOException {
        assertThat(read(HEAD))
                .containsExactly(new FunctionConfig(
                        "Hello",
                        folder.resolve("code"),
                        "bootstrap",
                        "provided.al2023",
                        "x86_64",
                        128,
                        3,
                        512,
                        List.of(),
                        Map.of(),
                        FunctionConfig.UNRESERVED));
    }

    @Test
    void shouldReadEveryPropertyAndAddGlobals() throws IOException {
        String text = """
                Description: all of it
                Metadata: {a: 1}
                Parameters: {Stage: {Type: String}}
                Globals:
                  Function:
                    Runtime: provided.al2
                    Timeout: 30
                    Environment:
                      Variables: {SHARED: one, OVERRIDDEN: "1"}
                Resources:
                  First:
                    Type: AWS::Serverless::Function
                    Metadata: {BuildMethod: makefile}
                    Properties:
                      FunctionName: first-function
                      Description: text
                      Tags: {team: x}
                      PackageType: Zip
                      CodeUri: other.zip
                      Handler: a.b
                      Architectures: [arm64]
                      MemorySize: 1769
                      EphemeralStorage: {Size: 10240}
                      Environment:
                        Variables: {OVERRIDDEN: "2", NUMBER: 5}
                      Layers: [layer]
                      ReservedConcurrentExecutions: 0
                Outputs:
                  Arn: {Value: !GetAtt First.Arn}
                """;
        assertThat(read(text))
                .containsExactly(new FunctionConfig(
                        "first-function",
                        folder.resolve("other.zip"),
                        "a.b",
                        "provided.al2",
                        "arm64",
                        1_769,
                        30,
                        10_240,
                        List.of(folder.resolve("layer")),
                        Map.of("SHARED", "one", "OVERRIDDEN", "2", "NUMBER", "5"),
                        0));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "MemorySize: 127|10: MemorySize: 127, must be 128..10240",
                "MemorySize: 10241|10: MemorySize: 10241, must be 128..10240",
                "MemorySize: lots|10: MemorySize: lots, must be a whole number",
                "Timeout: 0|10: Timeout: 0, must be 1..900",
                "Timeout: 901|10: Timeout: 901, must be 1..900",
                "EphemeralStorage: {Size: 511}|10: EphemeralStorage.Size: 511, must be 512..10240",
                "EphemeralStorage: {Sise: 512}|10: EphemeralStorage: Sise, must have Size and nothing else",
                "Architectures: [mips]|10: Architectures: mips, must be x86_64 or arm64",
                "Architectures: [x86_64, arm64]|10: Architectures: a list of 2, must be a list of one",
                "Layers: [nowhere]|10: Layers: nowhere, must be a folder or a zip here",
                "Layers: [layer, layer, layer, layer, layer, layer]|7: Layers: 6, must be at most 5",
                "ReservedConcurrentExecutions: -1|10: ReservedConcurrentExecutions: -1, must be 0 or more",
                "Environment: {Variables: {AWS_REGION: x}}|10: Environment.Variables: AWS_REGION, is reserved, the platform sets it",
                "Environment: {Variables: {A: x}}|10: Environment.Variables: A, must be a letter and at least one more letter, digit or _",
                "Environment: {Variables: {KEY: !Ref Stage}}|10: Environment.Variables.KEY: !Ref Stage, must name a parameter with a Default, a pseudo parameter, or a function, queue, topic, bucket, event bus or table of this template",
                "FunctionName: a b|10: FunctionName: a b, must be 1..64 of a-z, A-Z, 0-9, - and _",
                "FunctionName: {Ref: X}|10: FunctionName: !Ref X, must name a parameter with a Default, a pseudo parameter, or a function, queue, topic, bucket, event bus or table of this template",
                "Timeout: !FindInMap [a, b, c]|10: Timeout: FindInMap, is no function that is known here: Ref, GetAtt or Sub",
                "Environment: !Ref X|10: Environment: !Ref X, is a text, give the value itself",
                "Evnets: {}|10: Evnets: a mapping of 0, is no property of AWS::Serverless::Function",
                "VpcConfig: {}|10: VpcConfig: a mapping of 0, is not supported by this version",
                "Events: {A: {Type: Apo}}|10: Events.A.Type: Apo, is no type that SAM knows",
                "Events: {A: {Tipe: Api}}|10: Events.A: Tipe, must be Properties, Type",
                "FunctionUrlConfig: {Auth: NONE}|10: FunctionUrlConfig: Auth, must be AuthType, Cors, InvokeMode",
                "AutoPublishAlias: [live]|10: AutoPublishAlias: a list of 1, must be a text",
                "PackageType: Tar|10: PackageType: Tar, must be Zip or Image",
                "PackageType: Image|4: CodeUri: given in Hello, must not be given with PackageType Image",
                "ImageUri: code|4: PackageType: Zip, must be Image with an ImageUri",
                "ImageConfig: {Entry: [x]}|10: ImageConfig: Entry, must be EntryPoint, Command or WorkingDirectory",
                "ImageConfig: {EntryPoint: [app]}|10: ImageConfig.EntryPoint: app, must be an absolute path",
                "ImageConfig: {WorkingDirectory: app}|10: ImageConfig.WorkingDirectory: app, must be an absolute path",
                "ImageConfig: {Command: app}|10: ImageConfig.Command: app, must be a list",
                "LoggingConfig: {LogFormat: XML}|10: LoggingConfig.LogFormat: XML, must be Text or JSON",
                "LoggingConfig: {LogFormat: JSON, SystemLogLevel: ERROR}|10: LoggingConfig.SystemLogLevel: ERROR, must be DEBUG, INFO or WARN",
                "LoggingConfig: {LogFormat: JSON, ApplicationLogLevel: ALL}|10: LoggingConfig.ApplicationLogLevel: ALL, must be TRACE, DEBUG, INFO, WARN, ERROR or FATAL",
                "LoggingConfig: {ApplicationLogLevel: INFO}|7: LoggingConfig.LogFormat: Text, must be JSON where a log level is given",
                "LoggingConfig: {LogGroup: a b}|10: LoggingConfig.LogGroup: a b, must be 1..512 of a-z, A-Z, 0-9, ., -, _, / and #",
                "LoggingConfig: {Level: INFO}|10: LoggingConfig: Level, must be LogFormat, ApplicationLogLevel, SystemLogLevel or LogGroup",
                "CodeUri: other|10: CodeUri: other, must be given once",
                "Handler: [a]|10: Handler: a list of 1, must be given once",
            })
    void shouldRefuseBadPropertiesWithTheirLine(String property, String message) throws IOException {
        refuse(HEAD + "      " + property + "\n", message);
    }

    @Test
    void shouldReadHowToLogKeyByKey() throws IOException {
        String text = """
                Globals: {Function: {LoggingConfig: {LogFormat: JSON, SystemLogLevel: DEBUG}}}
                """ + HEAD + """
                      LoggingConfig: {SystemLogLevel: WARN, ApplicationLogLevel: ERROR, LogGroup: /my/group}
                """;
        assertThat(read(text))
                .extracting(FunctionConfig::logging)
                .containsExactly(new LoggingConfig(Format.JSON, Level.ERROR, Level.WARN, "/my/group"));
        assertThat(read(HEAD)).extracting(FunctionConfig::logging).containsExactly(LoggingConfig.DEFAULT);
    }

    @Test
    void shouldReadImagesAndForgetWhatGlobalsSayOfPackages() throws IOException {
        String text = """
                Globals: {Function: {Runtime: provided.al2023, Handler: bootstrap, CodeUri: code, Timeout: 7}}
                Resources:
                  Hello:
                    Type: AWS::Serverless::Function
                    Properties:
                      PackageType: Image
                      ImageUri: other.zip
                      ImageConfig:
                        EntryPoint: [/app, -x]
                        Command: [one]
                        WorkingDirectory: /work
                """;
        FunctionConfig config = read(text).getFirst();
        assertThat(config.codeUri()).isEqualTo(folder.resolve("other.zip"));
        assertThat(config.image()).isEqualTo(new ImageConfig(List.of("/app", "-x"), List.of("one"), "/work"));
        assertThat(config.runtime()).isEmpty();
        assertThat(config.timeoutSec()).isEqualTo(7);
        assertThat(read(text.substring(0, text.indexOf("      ImageConfig:")))
                        .getFirst()
                        .image())
                .isEqualTo(ImageConfig.NONE);
        refuse(text + "      Handler: x\n", "3: Handler: given in Hello, must not be given with PackageType Image");
        refuse(text.replace("other.zip", "nowhere"), "7: ImageUri: nowhere, must be an image's folder or archive here");
    }

    @Test
    void shouldFindLayersThatAreResourcesOfTheTemplate() throws IOException {
        String text = """
                Globals: {Function: {Layers: [!Ref Shared]}}
                Resources:
                  Hello:
                    Type: AWS::Serverless::Function
                    Properties:
                      CodeUri: code
                      Handler: bootstrap
                      Runtime: provided.al2023
                      Layers: [layer, !Ref Zip, {Ref: Shared}]
                  Zip:
                    Type: AWS::Serverless::LayerVersion
                    Properties: {ContentUri: other.zip, LayerName: zip, CompatibleRuntimes: [provided.al2023]}
                  Shared: {Type: AWS::Serverless::LayerVersion, Properties: {ContentUri: layer}}
                """;
        Path layer = folder.resolve("layer");
        assertThat(read(text)).hasSize(1);
        assertThat(read(text).getFirst().layers()).containsExactly(layer, layer, folder.resolve("other.zip"), layer);
        assertThat(SamTemplate.readAll(folder.resolve("template.yaml"))
                        .getFirst()
                        .layerNames())
                .containsExactly("Shared", "layer", "zip", "Shared");
        refuse(
                text.replace("!Ref Zip", "!Ref Hello"),
                "9: Layers: !Ref Hello, must be an AWS::Serverless::LayerVersion of this template");
        refuse(text.replace("other.zip", "nowhere"), "12: ContentUri: nowhere, must be a folder or a zip here");
        refuse(text.replace("ContentUri: other.zip, ", ""), "10: ContentUri: missing in Zip, must be given");
        refuse(text.replace("LayerName", "Name"), "12: Name: zip, is no property of AWS::Serverless::LayerVersion");
    }

    @Test
    void shouldRefuseTooManyBytesOfEnvironment() throws IOException {
        refuse(
                HEAD + "      Environment: {Variables: {KEY: " + "x".repeat(4_094) + "}}\n",
                "7: Environment: 4097, must be at most 4096 bytes in all");
        assertThat(read(HEAD + "      Environment: {Variables: {KEY: " + "x".repeat(4_093) + "}}\n"))
                .hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Resourses: {}|1: Resourses: a mapping of 0, is no section that is known here",
                "Transform: x|1: template: no Resources, must have Resources",
                "Resources: {Api: {Type: AWS::Serverless::Api}}|1: Api: AWS::Serverless::Api, must be AWS::Serverless::Function, AWS::Serverless::LayerVersion, or a queue, topic, bucket, event bus or table",
                "Resources: {F: {Properties: {}}}|1: F: no Type, must be AWS::Serverless::Function",
                "Resources: {F: {Type: AWS::Serverless::Function}}|1: F: no Properties, must have Properties",
                "Resources: {F: {Type: AWS::Serverless::Function, Properties: {}}}|1: CodeUri: missing in F, must be given",
                "{Globals: {Apo: {}}, Resources: {}}|1: Apo: a mapping of 0, must be Function",
                "Resources: [|1: not YAML: ",
                "Conditions: {}|1: Conditions: a mapping of 0, is not served",
                "Resources: {F: {Type: AWS::Serverless::Function, Condition: x}}|1: Condition: x, is not served",
            })
    void shouldRefuseBadTemplates(String text, String message) throws IOException {
        refuse(text, message);
    }

    @Test
    void shouldRefuseWhatIsNestedTooDeep() throws IOException {
        refuse(
                "Metadata:\n  " + "{a: ".repeat(20_000) + "1" + "}".repeat(20_000),
                "2: not YAML: nested deeper than 100 levels");
        refuse("Metadata: " + "[".repeat(20_000), "1: not YAML: nested deeper than 100 levels");
        refuse("Metadata: " + "{a: ".repeat(99) + "1" + "}".repeat(99), "1: template: no Resources");
    }

    @Test
    void shouldSayWhatIsNoText() throws IOException {
        Path file = Files.write(folder.resolve("latin.yaml"), new byte[] {'#', (byte) 0xe4, '\n'});
        assertThatThrownBy(() -> SamTemplate.read(file)).hasMessage(file + ": cannot be read: not UTF-8 text");
        assertThatThrownBy(() -> SamTemplate.read(folder)).hasMessage(folder + ": cannot be read: Is a directory");
    }

    private void refuse(String text, String message) throws IOException {
        Path file = Files.writeString(folder.resolve("template.yaml"), text);
        assertThatThrownBy(() -> SamTemplate.read(file))
                .isInstanceOf(TemplateException.class)
                .hasMessageStartingWith(file + ":" + message)
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
    }

    private List<FunctionConfig> read(String text) throws IOException {
        return SamTemplate.read(Files.writeString(folder.resolve("template.yaml"), text));
    }
}
