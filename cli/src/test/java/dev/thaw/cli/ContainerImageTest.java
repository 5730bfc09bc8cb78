package dev.thaw.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.sandbox.microvm.images.GuestImages;
import dev.thaw.scheduler.functions.FunctionConfig;
import dev.thaw.scheduler.functions.ImageConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Functions of container images, made by the example's script and by hand (contract.md section 11). */
@Tag("slow")
final class ContainerImageTest {
    private static final Pattern LIBRARY = Pattern.compile("(/\\S+) \\(0x");
    /** The documented entry script, and what must hold of the root around it. */
    private static final String ENTRY_SCRIPT = """
            #!/bin/dash
            [ -z "$AWS_LAMBDA_RUNTIME_API" ] && exit 3
            [ -e /usr ] && exit 4
            : > /tmp/mine || exit 5
            (: > /var/mine) 2>/dev/null && exit 6
            [ "$PWD" = /var ] || exit 7
            [ "$GREETING" = image ] || exit 8
            [ "$1" = the -a "$2" = command ] || exit 9
            [ $# -eq 2 -o "$3 $4 $5" = '-- 3 --' ] || exit 10
            _HANDLER=echo exec /var/task/bootstrap
            """;

    private static final String EXTENSION = """
            #!/bin/dash
            api="http://$AWS_LAMBDA_RUNTIME_API/2020-01-01/extension"
            id=$(curl -sS -o /dev/null -w '%header{lambda-extension-identifier}' \\
                -H 'Lambda-Extension-Name: watcher' -d '{"events":["INVOKE","SHUTDOWN"]}' "$api/register")
            echo "watcher in $PWD beside $(echo /entry*), handler '$_HANDLER'"
            while event=$(curl -sS -H "Lambda-Extension-Identifier: $id" "$api/event/next"); do
                echo "watcher gets $event"
                case "$event" in *SHUTDOWN*) exit 0 ;; esac
            done
            """;

    @TempDir
    static Path directory;

    private static RunningServer server;

    @BeforeAll
    static void start() throws Exception {
        Host.requireSandboxes();
        Path echo = image("x86_64", "amd64");
        ImageConfig probe = new ImageConfig(null, List.of("probe"), null);
        server = RunningServer.start(
                directory,
                _ -> {},
                function("echo", echo, ImageConfig.NONE, Map.of()),
                function("probe", echo, probe, Map.of()),
                function("greeting", echo, probe, Map.of("GREETING", "of the function")),
                function("absent", echo, new ImageConfig(List.of("/absent"), null, null), Map.of()),
                function("relative", echo, new ImageConfig(List.of("bootstrap"), null, null), Map.of()),
                function("folder", echo, new ImageConfig(List.of("/var/task"), null, null), Map.of()),
                function("homeless", echo, new ImageConfig(null, null, "/absent"), Map.of()),
                function("shell", shellImage(), ImageConfig.NONE, Map.of()));
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    private static FunctionConfig function(
            String name, Path image, ImageConfig config, Map<String, String> environment) {
        return function(name, image, "x86_64", config, environment);
    }

    private static FunctionConfig function(
            String name, Path image, String architecture, ImageConfig config, Map<String, String> environment) {
        return new FunctionConfig(
                name,
                image,
                "",
                "",
                architecture,
                256,
                20,
                512,
                List.of(),
                environment,
                FunctionConfig.UNRESERVED,
                config);
    }

    private static Path image(String example, String architecture) throws Exception {
        return image(Host.example(example), architecture, directory.resolve(example), "echo");
    }

    private static Path image(Path folder, String architecture, Path target, String... command) throws Exception {
        List<String> words = new ArrayList<>(List.of(
                "sh",
                Host.example("../image.sh").normalize().toString(),
                folder.toString(),
                architecture,
                target.toString()));
        words.addAll(List.of(command));
        assertThat(new ProcessBuilder(words).inheritIO().start().waitFor()).isZero();
        return target;
    }

    private static Path shellImage() throws Exception {
        return shellImage("shell", shellRoot("shell-root"));
    }

    /** A root with a shell, and the entry script that is started in it. */
    private static Path shellRoot(String name) throws Exception {
        Path root = Files.createDirectories(directory.resolve(name));
        putProgram(Path.of("/bin/sh").toRealPath(), root.resolve("bin/dash"), root);
        put(Host.example("x86_64").resolve("bootstrap"), root.resolve("var/task/bootstrap"));
        Path entry = Files.writeString(root.resolve("entry.sh"), ENTRY_SCRIPT);
        assertThat(entry.toFile().setExecutable(true, false)).isTrue();
        return root;
    }

    /** An image of that root by the script's own layout, moved up to the root. */
    private static Path shellImage(String name, Path root) throws Exception {
        Path target = directory.resolve(name);
        String script = Files.readString(Host.example("../image.sh").normalize())
                .replace("s,^\\.,var/task,", "s,^\\./,,")
                .replace("\"/var/task/bootstrap\"", "\"/entry.sh\"")
                .replace("\"WorkingDir\":\"/var/task\"", "\"WorkingDir\":\"/var\"")
                .replace("of the image", "image");
        Path own = Files.writeString(directory.resolve("image.sh"), script);
        Process made = new ProcessBuilder(
                        "sh", own.toString(), root.toString(), "amd64", target.toString(), "the", "command")
                .inheritIO()
                .start();
        assertThat(made.waitFor()).isZero();
        return target;
    }

    /** A program of this host, with the libraries that it needs. */
    private static void putProgram(Path program, Path to, Path root) throws IOException {
        put(program, to);
        Process ldd = new ProcessBuilder("ldd", program.toString()).start();
        Matcher library = LIBRARY.matcher(new String(ldd.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        while (library.find()) {
            put(Path.of(library.group(1)), root.resolve(library.group(1).substring(1)));
        }
    }

    private static void put(Path from, Path to) throws IOException {
        Files.createDirectories(to.resolveSibling(""));
        Files.copy(from.toRealPath(), to, StandardCopyOption.REPLACE_EXISTING);
    }

    @Test
    void shouldRunTheImagesEntryPointWithItsCommand() {
        Reply cold = server.invoke("echo", "{\"n\":1}");
        Reply warm = server.invoke("echo", "{\"n\":2}");

        assertThat(cold.text()).isEqualTo("{\"n\":1}");
        assertThat(cold.functionError()).isEmpty();
        assertThat(cold.report()).contains("Init Duration: ");
        assertThat(warm.text()).isEqualTo("{\"n\":2}");
        assertThat(warm.server().coldTrigger).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "probe, GREETING, of the image",
        "greeting, GREETING, of the function",
        "probe, _HANDLER, probe",
        "probe, AWS_LAMBDA_FUNCTION_NAME, probe",
        "probe, AWS_LAMBDA_RUNTIME_API, 127.0.0.1:9001"
    })
    void shouldLayTheFunctionsVariablesOverTheImages(String function, String name, String value) {
        assertThat(server.invoke(function, "{\"do\":\"env\",\"name\":\"" + name + "\"}")
                        .text())
                .isEqualTo("\"" + value + "\"");
    }

    @ParameterizedTest
    @CsvSource({
        "absent, Runtime.InvalidEntrypoint, fork/exec /absent: no such file or directory",
        "relative, Runtime.InvalidEntrypoint, fork/exec bootstrap: must be an absolute path",
        "folder, Runtime.InvalidEntrypoint, fork/exec /var/task: permission denied",
        "homeless, Runtime.InvalidWorkingDir, chdir /absent: no such file or directory"
    })
    void shouldSayWhyAnImageCannotStart(String function, String type, String reason) {
        Reply reply = server.invoke(function, "{}");

        assertThat(reply.functionError()).isEqualTo("Unhandled");
        assertThat(reply.text())
                .isEqualTo("{\"errorType\":\"" + type + "\",\"errorMessage\":\"RequestId: " + reply.requestId()
                        + " Error: " + reason + "\"}");
        assertThat(server.awaitLog(function, "IMAGE\tLaunch error: " + reason)).contains("\tWorkingDir: [");
    }

    @Test
    void shouldRunTheDocumentedEntryScriptInTheImagesOwnRoot() {
        assertThat(server.invoke("shell", "{\"n\":3}").text()).isEqualTo("{\"n\":3}");
    }

    @Test
    void shouldRunExtensionsOfTheImageAsThoseOfLayers() throws Exception {
        ExtensionExamplesTest.requireInit();
        Host.requireProgram("curl");
        Path root = shellRoot("watched-root");
        putProgram(Path.of("/usr/bin/curl"), root.resolve("bin/curl"), root);
        Path extension = Files.createDirectories(root.resolve("opt/extensions")).resolve("watcher");
        Files.writeString(extension, EXTENSION);
        Path launchless = shellImage("launchless", root);
        assertThat(extension.toFile().setExecutable(true, false)).isTrue();
        Path watched = shellImage("watched", root);
        try (RunningServer own = RunningServer.start(
                directory.resolve("watching"),
                _ -> {},
                function("watched", watched, ImageConfig.NONE, Map.of()),
                function("launchless", launchless, ImageConfig.NONE, Map.of()),
                function(
                        "dashed",
                        watched,
                        new ImageConfig(null, List.of("the", "command", "--", "3", "--"), null),
                        Map.of()))) {
            Reply reply = own.invoke("watched", "{\"n\":5}");
            assertThat(reply.text()).isEqualTo("{\"n\":5}");
            assertThat(own.invoke("dashed", "{\"n\":6}").text()).isEqualTo("{\"n\":6}");
            assertThat(own.invoke("launchless", "{}").text()).contains("Extension.LaunchError");
            own.closeServer();
            assertThat(own.logs().text("watched"))
                    .containsSubsequence(
                            "watcher in / beside /entry.sh, handler ''\n",
                            "START RequestId: " + reply.requestId(),
                            "watcher gets {\"eventType\":\"INVOKE\"",
                            "END RequestId: " + reply.requestId(),
                            "watcher gets {\"eventType\":\"SHUTDOWN\"");
        }
    }

    @Test
    void shouldServeTheEmulatorsEndpoint() throws Exception {
        try (RunningServer alone = RunningServer.start(
                directory.resolve("alone"),
                _ -> {},
                function("any-name", directory.resolve("x86_64"), ImageConfig.NONE, Map.of()))) {
            assertThat(alone.invoke("function", "{}").text()).isEqualTo("{}");
        }
    }

    @Test
    void shouldRunAnImageOfTheOtherArchitectureEmulated() throws Exception {
        Host.requireArm64();
        Path image = image("arm64", "arm64");
        try (RunningServer emulating = RunningServer.start(
                directory.resolve("emulating"),
                _ -> {},
                function("arm64", image, "arm64", ImageConfig.NONE, Map.of()))) {
            Reply reply = emulating.invoke("arm64", "{\"n\":4}");
            assertThat(reply.text()).isEqualTo("{\"n\":4}");
            assertThat(reply.server().emulated).isTrue();
        }
    }

    @Test
    void shouldRunInMicroVmsOfEitherArchitecture() throws Exception {
        Host.requireMicroVms();
        Host.requireArm64();
        Path foreign = image(Host.example("arm64"), "arm64", directory.resolve("of-guest"), "echo");
        Instant before = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        try (RunningServer machines = RunningServer.start(
                directory.resolve("machines"),
                options -> options.backend = "microvm",
                function("here", directory.resolve("x86_64"), ImageConfig.NONE, Map.of()),
                function("entry", directory.resolve("shell"), ImageConfig.NONE, Map.of()),
                function("there", foreign, "arm64", ImageConfig.NONE, Map.of()))) {
            assertThat(guestImagesUsedSince(before))
                    .as("made at the deployment")
                    .isGreaterThanOrEqualTo(3);
            CompletableFuture<Reply> there = machines.send("there", "{\"n\":1}");
            assertThat(machines.invoke("here", "{\"n\":2}").text()).isEqualTo("{\"n\":2}");
            assertThat(machines.invoke("entry", "{\"n\":3}").text()).isEqualTo("{\"n\":3}");
            assertThat(there.join().text()).isEqualTo("{\"n\":1}");
        }
    }

    private static long guestImagesUsedSince(Instant instant) throws IOException {
        try (var images = Files.list(GuestImages.directory(Installation.root()).resolve("functions"))) {
            return images.filter(image -> !image.toFile().isDirectory()
                            && !Instant.ofEpochMilli(image.toFile().lastModified())
                                    .isBefore(instant))
                    .count();
        }
    }

    @Test
    void shouldLeaveNoUnpackedImageBehind() throws Exception {
        Path scratch = Path.of(System.getProperty("java.io.tmpdir"));
        String prefix = "thaw-images-" + ProcessHandle.current().pid() + "-";
        long before = count(scratch, prefix);
        try (RunningServer passing = RunningServer.start(
                directory.resolve("passing"),
                _ -> {},
                function("passing", directory.resolve("x86_64"), ImageConfig.NONE, Map.of()))) {
            assertThat(passing.invoke("passing", "1").text()).isEqualTo("1");
            assertThat(count(scratch, prefix)).isEqualTo(before + 1);
        }
        assertThat(count(scratch, prefix)).isEqualTo(before);
    }

    private static long count(Path folder, String prefix) throws IOException {
        try (var children = Files.list(folder)) {
            return children.filter(child -> child.getFileName().toString().startsWith(prefix))
                    .count();
        }
    }
}
