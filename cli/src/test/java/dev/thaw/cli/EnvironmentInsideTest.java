package dev.thaw.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.scheduler.functions.FunctionConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a function on an OS-only runtime finds around it (contract.md sections 1.5, 1.8, 1.9, 1.10, 1.14 and 22). */
@Tag("slow")
final class EnvironmentInsideTest {
    private static final int LAYERS = 5;
    private static final String OF_LAYER = """
            #!/bin/sh
            cat /opt/who /opt/of-1 /opt/of-2 /opt/of-3 /opt/of-4 /opt/of-5
            exec /opt/real
            """;
    private static final String LOOKS_AROUND = """
            #!/bin/sh
            [ -z "${_X_AMZN_TRACE_ID+set}" ] && echo 'no trace id'
            [ -z "${AWS_EXECUTION_ENV+set}" ] && echo 'no execution environment'
            echo "in $(pwd)"
            getent hosts sandbox.localdomain
            exec /var/task/real
            """;
    private static final String WRAPPER = """
            #!/bin/sh
            export WRAPPED=yes
            exec "$@"
            """;

    @TempDir
    static Path folder;

    private static RunningServer server;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        Host.requireSandboxes();
        Path empty = Functions.file(folder, "empty", "readme", "no bootstrap here");
        Path own = Functions.code(folder, "own", "#!/bin/sh\nexec /var/task/real\n", "rwxr-xr-x");
        Path wrapper = Functions.file(folder, "wrapper", "wrapper", WRAPPER);
        server = RunningServer.start(
                folder.resolve("server"),
                _ -> {},
                function("layered", empty, layers(), Map.of()),
                function("covered", own, layers(), Map.of()),
                function("unwrapped", own, List.of(wrapper), Map.of("AWS_LAMBDA_EXEC_WRAPPER", "/opt/wrapper")),
                function("looks", Functions.code(folder, "looks", LOOKS_AROUND, "rwxr-xr-x"), List.of(), Map.of()),
                function("streams", own, List.of(), Map.of()));
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    /** Each has a file of its own and one that the next one covers; only the first has a bootstrap. */
    private static List<Path> layers() throws IOException {
        List<Path> layers = new ArrayList<>();
        for (int i = 1; i <= LAYERS; i++) {
            Path layer = Functions.file(folder, "layer-" + i, "who", "top: " + i + "\n");
            Files.writeString(layer.resolve("of-" + i), "of " + i + "\n");
            layers.add(layer);
        }
        Functions.file(folder, "layer-1", "bootstrap", OF_LAYER);
        if (Files.notExists(folder.resolve("layer-1/real"))) {
            Files.copy(Host.example("x86_64").resolve("bootstrap"), folder.resolve("layer-1/real"));
        }
        return layers;
    }

    private static FunctionConfig function(String name, Path code, List<Path> layers, Map<String, String> variables) {
        return Functions.managed(name, "provided.al2023", "probe", code, layers, variables);
    }

    private static String variable(String function, String name) {
        return server.invoke(function, "{\"do\":\"env\",\"name\":\"" + name + "\"}")
                .text();
    }

    @Test
    void shouldMergeFiveLayersInTheirOrder() {
        Reply reply = server.invoke("layered", "{\"do\":\"count\"}");
        assertThat(reply.text()).as(reply.toString()).isEqualTo("{\"count\":1}");
        assertThat(server.awaitLog("layered", "of 5")).contains("top: 5\nof 1\nof 2\nof 3\nof 4\nof 5\n");
    }

    @Test
    void shouldStartTheBootstrapOfALayerUnlessThePackageHasOne() {
        assertThat(server.invoke("layered", "{\"do\":\"count\"}").functionError())
                .isEmpty();
        Reply covered = server.invoke("covered", "{\"do\":\"count\"}");
        assertThat(covered.functionError()).isEmpty();
        assertThat(server.awaitLog("covered", covered.requestId())).doesNotContain("top: ");
    }

    @Test
    void shouldTakeNoNoticeOfAWrapper() {
        assertThat(variable("unwrapped", "AWS_LAMBDA_EXEC_WRAPPER")).isEqualTo("\"/opt/wrapper\"");
        assertThat(variable("unwrapped", "WRAPPED")).isEqualTo("null");
    }

    @Test
    void shouldOmitWhatOnlyManagedRuntimesHaveAndKnowItsOwnName() {
        assertThat(server.invoke("looks", "{\"do\":\"count\"}").functionError()).isEmpty();
        assertThat(server.awaitLog("looks", "sandbox.localdomain"))
                .contains("no trace id\nno execution environment\nin /var/task\n")
                .containsPattern("\n127\\.0\\.0\\.1\\s.*sandbox\\.localdomain");
    }

    @Test
    void shouldHaveOneLogStreamForEachEnvironment() {
        CompletableFuture<Reply> first = server.send("streams", "{\"do\":\"sleep\",\"ms\":2000}");
        server.awaitFleet("the first at work", fleet -> fleet.busy() == 1);
        String event = "{\"do\":\"env\",\"name\":\"AWS_LAMBDA_LOG_STREAM_NAME\"}";
        Reply second = server.invoke("streams", event);
        // The one that was used last serves again.
        Reply again = first.thenApply(_ -> server.invoke("streams", event)).join();
        Reply oncemore = server.invoke("streams", event);

        assertThat(second.text()).matches("\"\\d{4}/\\d\\d/\\d\\d/\\[\\$LATEST][0-9a-f]{32}\"");
        assertThat(again.server().environmentId).isNotEqualTo(second.server().environmentId);
        assertThat(again.text()).isNotEqualTo(second.text());
        assertThat(oncemore.text()).isEqualTo(again.text());
        assertThat(variable("streams", "AWS_LAMBDA_LOG_GROUP_NAME")).isEqualTo("\"/aws/lambda/streams\"");
    }
}
