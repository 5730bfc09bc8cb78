package dev.thaw.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.thaw.scheduler.functions.FunctionConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example extensions end to end: each registers, subscribes to telemetry and prints what it gets. */
@Tag("slow")
final class ExtensionExamplesTest {
    @TempDir
    Path folder;

    @BeforeAll
    static void requireSandboxes() throws IOException, InterruptedException {
        Host.requireSandboxes();
        requireInit();
    }

    /** Builds what runs extensions beside a runtime; skips where that cannot be done. */
    static void requireInit() throws IOException, InterruptedException {
        boolean built = new ProcessBuilder("make", "-s", "-C", "../sandbox/src/main/c")
                        .inheritIO()
                        .start()
                        .waitFor()
                == 0;
        if (!built) {
            System.out.println("skipped: external extensions need make and gcc");
        }
        assumeTrue(built);
    }

    private static FunctionConfig function(String name, String runtime, String handler, Path code, String layer) {
        return new FunctionConfig(
                name,
                code,
                handler,
                runtime,
                "x86_64",
                512,
                20,
                512,
                List.of(Host.example("layers").resolve(layer)),
                Map.of(),
                FunctionConfig.UNRESERVED);
    }

    /** Its whole life: init, two invocations, shutdown, each as telemetry and the lifecycle's events tell it. */
    private void shouldPrintWhatItGets(FunctionConfig function, String event) throws IOException {
        try (RunningServer server = RunningServer.start(folder.resolve("server"), _ -> {}, function)) {
            String name = function.name();
            Reply first = server.invoke(name, event);
            Reply second = server.invoke(name, event);
            assertThat(List.of(first.functionError(), second.functionError())).containsOnly("");
            server.logs().await(name, "both reports", text -> printed(text, first) && printed(text, second));
            server.closeServer();
            assertThat(server.logs().text(name))
                    .containsSubsequence("telemetry ", "\"type\":\"platform.initStart\"", "\"phase\":\"init\"")
                    .contains("\"type\":\"platform.telemetrySubscription\"", "\"state\":\"Subscribed\"")
                    .contains("\"type\":\"platform.extension\"")
                    .containsSubsequence(
                            "event {\"eventType\":\"INVOKE\"", second.requestId(), "event {\"eventType\":\"SHUTDOWN\"");
        }
    }

    private static boolean printed(String log, Reply reply) {
        return log.lines()
                .anyMatch(line -> line.contains("\"type\":\"platform.report\",\"record\":{\"requestId\":\""
                        + reply.requestId() + "\",\"status\":\"success\""));
    }

    @Test
    void shouldTellAShellExtensionOfEveryPhase() throws IOException {
        Host.requireProgram("perl");
        Host.requireProgram("curl");
        shouldPrintWhatItGets(
                function("beside-shell", "provided.al2023", "echo", Host.example("x86_64"), "shell"), "{}");
    }

    @Test
    void shouldTellAJavaExtensionOfEveryPhase() throws IOException {
        Host.requireRuntime("java21");
        shouldPrintWhatItGets(
                function("beside-java", "java21", "Area::handleRequest", Host.example("java"), "java"),
                "{\"length\":6,\"width\":7}");
    }
}
