package dev.thaw.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.results.Phase;
import dev.thaw.results.ServerRecord;
import dev.thaw.sandbox.kernel.ScratchFolders;
import dev.thaw.scheduler.functions.SamTemplate;
import dev.thaw.scheduler.functions.TemplateFunction;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.GetFunctionConfigurationResponse;
import software.amazon.awssdk.services.lambda.model.SnapStartOptimizationStatus;
import software.amazon.awssdk.services.lambda.model.State;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** SnapStart from a template to restored microVMs, in C on both architectures and in Java (contract.md sections 2.1, 2.2, 13 and 22). */
@Tag("slow")
@SuppressWarnings("NullAway.Init")
final class RestoredFunctionsTest {
    private static final String SECRET = "planted-in-memory-and-nowhere-else";

    private static final String OTHERS = """
            Globals:
              Function:
                Runtime: provided.al2023
                Handler: hooks
                CodeUri: CODE
                AutoPublishAlias: live
                SnapStart: {ApplyOn: PublishedVersions}
            Resources:
              before-error:
                Type: AWS::Serverless::Function
                Properties: {Environment: {Variables: {THAW_HOOK: "before:error"}}}
              after-error:
                Type: AWS::Serverless::Function
                Properties: {Environment: {Variables: {THAW_HOOK: "after:error"}}}
              after-exit:
                Type: AWS::Serverless::Function
                Properties: {Environment: {Variables: {THAW_HOOK: "after:exit"}}}
              after-hang:
                Type: AWS::Serverless::Function
                Properties: {Environment: {Variables: {THAW_HOOK: "after:hang"}}}
              echo:
                Type: AWS::Serverless::Function
                Properties: {Handler: echo, Environment: {Variables: {SECRET: SECRET_WORD}}}
            """;

    private static final String ARM64 = """
            Resources:
              hooks-arm64:
                Type: AWS::Serverless::Function
                Properties:
                  Runtime: provided.al2023
                  Handler: hooks
                  CodeUri: CODE
                  Architectures: [arm64]
                  AutoPublishAlias: live
                  SnapStart: {ApplyOn: PublishedVersions}
            """;

    @TempDir
    static Path folder;

    private static final List<String> NOTES = new ArrayList<>();
    private static RunningServer server;
    private static LambdaClient lambda;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        Host.requireSandboxes();
        Path others = Files.writeString(
                folder.resolve("others.yaml"),
                OTHERS.replace("CODE", Host.example("x86_64").toString()).replace("SECRET_WORD", SECRET));
        List<TemplateFunction> functions = new ArrayList<>(SamTemplate.readAll(others));
        if (Host.hasArm64Guests()) {
            Path template = folder.resolve("arm64.yaml");
            functions.addAll(SamTemplate.readAll(Files.writeString(
                    template, ARM64.replace("CODE", Host.example("arm64").toString()))));
        }
        Path examples = Host.example("..").resolve("snapstart.yaml").normalize();
        functions.addAll(SamTemplate.readAll(examples));
        Host.requireMicroVms(functions);
        server = RunningServer.startInMicroVms(folder.resolve("server"), functions, NOTES::add);
        lambda = server.sdk();
    }

    @AfterAll
    static void stop() throws IOException {
        if (server != null) {
            lambda.close();
            server.close();
            assertThat(snapshotFiles()).isEmpty();
        }
    }

    private static GetFunctionConfigurationResponse published(String function) {
        Await.until(
                "the snapshot of " + function + " is made or refused",
                () -> version(function).state() != State.PENDING);
        return version(function);
    }

    private static GetFunctionConfigurationResponse version(String function) {
        return lambda.getFunctionConfiguration(
                request -> request.functionName(function).qualifier("1"));
    }

    private static JsonNode json(Reply reply) {
        assertThat(reply.functionError()).as(reply.toString()).isEmpty();
        assertThat(reply.status()).as(reply.toString()).isEqualTo(200);
        return JsonMapper.shared().readTree(reply.text());
    }

    @Test
    void shouldGoOnFromOneInitOnArm64() {
        Host.requireArm64Guests();

        shouldGoOnFromOneInitEachWithATimeAndRandomnessOfItsOwn("hooks-arm64");
    }

    @ParameterizedTest
    @ValueSource(strings = {"hooks", "java-hooks"})
    void shouldGoOnFromOneInitEachWithATimeAndRandomnessOfItsOwn(String function) {
        GetFunctionConfigurationResponse version = published(function);
        assertThat(version.state()).as(version.toString()).isEqualTo(State.ACTIVE);
        assertThat(version.snapStart().optimizationStatus()).isEqualTo(SnapStartOptimizationStatus.ON);

        Reply first = server.invoke(function + ":live", "{}");
        Reply second = ofAnotherEnvironment(function, first);
        long nowMs = System.currentTimeMillis();
        JsonNode one = json(first);
        JsonNode other = json(second);

        for (JsonNode told : List.of(one, other)) {
            assertThat(told.path("inits").asInt()).isEqualTo(1);
            assertThat(told.path("checkpoints").asInt()).isEqualTo(1);
            assertThat(told.path("restores").asInt()).isEqualTo(1);
            assertThat(told.path("type").asString()).isEqualTo("snap-start");
            assertThat(told.path("restoreMs").asLong())
                    .isGreaterThan(told.path("checkpointMs").asLong())
                    .isBetween(nowMs - 60_000, nowMs);
        }
        assertThat(one.path("kept")).isEqualTo(other.path("kept"));
        assertThat(one.path("fresh").asString())
                .hasSize(32)
                .isNotEqualTo(other.path("fresh").asString())
                .isNotEqualTo(one.path("kept").asString());
        assertRestored(first);
        assertThat(server.awaitLog(function, "RESTORE_REPORT"))
                .contains("INIT_REPORT Init Duration: ", "RESTORE_START Runtime Version: ", "before checkpoint\n")
                .containsPattern("RESTORE_START[^\\n]*\\n(.*\\n)?after restore\\n")
                .doesNotContain("rehearsal");
    }

    private static Reply ofAnotherEnvironment(String function, Reply first) {
        CompletableFuture<Reply> _ = server.send(function + ":live", "{\"sleepMs\":8000}");
        for (int attempt = 0; attempt < 100; attempt++) {
            Reply reply = server.invoke(function + ":live", "{}");
            if (reply.server().environmentId != first.server().environmentId) {
                return reply;
            }
        }
        throw new AssertionError("the first environment serves all");
    }

    private static void assertRestored(Reply reply) {
        ServerRecord record = reply.server();
        assertThat(record.coldTrigger).isTrue();
        assertThat(record.phasesNs[Phase.RESTORE.ordinal()]).isPositive();
        assertThat(record.phasesNs[Phase.CREATE.ordinal()]).isZero();
        assertThat(record.phasesNs[Phase.INIT_FUNCTION.ordinal()]).isZero();
        assertThat(reply.report()).contains("\tRestore Duration: ", "\tBilled Restore Duration: ");
    }

    @Test
    void shouldNotMakeASnapshotOfLatest() {
        JsonNode told = json(server.invoke("hooks", "{}"));

        assertThat(told.path("type").asString()).isEqualTo("on-demand");
        assertThat(told.path("restores").asInt()).isZero();
        assertThat(told.path("checkpoints").asInt()).isZero();
    }

    @Test
    void shouldKeepSnapshotsSealedAndOnlyAsLongAsTheirVersions() throws IOException {
        assertThat(published("echo").state()).isEqualTo(State.ACTIVE);
        assertThat(server.invoke("echo:live", "{\"n\":1}").text()).isEqualTo("{\"n\":1}");
        List<Path> before = snapshotFiles();
        assertThat(before).isNotEmpty();
        for (Path file : before) {
            assertThat(Files.readString(file, StandardCharsets.ISO_8859_1)).doesNotContain(SECRET);
        }

        lambda.deleteAlias(request -> request.functionName("echo").name("live"));
        lambda.deleteFunction(request -> request.functionName("echo").qualifier("1"));

        Await.until("one is gone", () -> before.stream().anyMatch(Files::notExists));
    }

    private static List<Path> snapshotFiles() throws IOException {
        List<Path> files = new ArrayList<>();
        try (Stream<Path> folders =
                Files.list(new ServerOptions().backendConfig().scratchDirectory())) {
            String ours = ScratchFolders.snapshotPrefix();
            for (Path each : folders.filter(
                            path -> path.getFileName().toString().startsWith(ours))
                    .toList()) {
                try (Stream<Path> inside = Files.walk(each)) {
                    inside.filter(Files::isRegularFile).forEach(files::add);
                }
            }
        }
        return files;
    }

    @Test
    void shouldFailAVersionWhoseHookFails() {
        GetFunctionConfigurationResponse version = published("before-error");

        assertThat(version.state()).isEqualTo(State.FAILED);
        assertThat(version.stateReasonCodeAsString()).isEqualTo("FunctionError.RuntimeInitError");
        assertThat(server.awaitLog("before-error", "INIT_REPORT")).contains("Error Type: Function.Hook");
    }

    @Test
    void shouldRefuseWhereARestoreFails() {
        for (String function : List.of("after-error", "after-exit")) {
            assertThat(published(function).state()).isEqualTo(State.ACTIVE);
            Reply reply = server.invoke(function + ":live", "{}");
            assertThat(reply.status()).as(reply.toString()).isEqualTo(400);
            assertThat(reply.errorType()).isEqualTo("SnapStartException");
        }
        assertThat(server.awaitLog("after-error", "RESTORE_REPORT"))
                .containsPattern("RESTORE_REPORT Restore Duration: .* ms\tStatus: error\tError Type: Function.Hook");
        assertThat(server.awaitLog("after-exit", "RESTORE_REPORT"))
                .containsPattern(
                        "RESTORE_REPORT Restore Duration: .* ms\tStatus: error\tError Type: Runtime.ExitError");
    }

    @Test
    void shouldEndARestoreThatTakesLongerThanTenSeconds() {
        assertThat(published("after-hang").state()).isEqualTo(State.ACTIVE);

        Reply reply = server.invoke("after-hang:live", "{}");

        assertThat(reply.status()).as(reply.toString()).isEqualTo(408);
        assertThat(reply.errorType()).isEqualTo("SnapStartTimeoutException");
        assertThat(server.awaitLog("after-hang", "RESTORE_REPORT"))
                .containsPattern("RESTORE_REPORT Restore Duration: 1\\d{4}\\.\\d\\d ms\tStatus: timeout");
    }
}
