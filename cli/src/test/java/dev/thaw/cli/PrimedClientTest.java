package dev.thaw.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** The client of Java versions with SnapStart, as a process of this host, before and behind its snapshot. */
@Tag("slow")
final class PrimedClientTest {
    private static final String UNPRIMED = "com.amazonaws.services.lambda.runtime.api.client.AWSLambda";
    private static final String PRIMED = "dev.thaw.runtimes.PrimedClient";
    private static final int BOUND_SEC = 60;

    @TempDir
    private Path folder;

    @BeforeAll
    static void build() throws IOException, InterruptedException {
        Host.requireSandboxes();
        Host.requireFile(lib().resolve("thaw-java-client.jar"));
        Host.requireFile(Host.example("java").resolve("Hooks.class"));
    }

    private static Path lib() {
        return ManagedRuntime.clients().resolve("lib");
    }

    /** What the client asked for in order, what it answered, what it wrote, which classes its first event loaded. */
    private record Run(List<String> calls, String answer, String output, long loaded) {}

    private Run run(String main, String handler, String event) throws IOException, InterruptedException {
        Path log = folder.resolve(main + ".classes");
        Path output = folder.resolve(main + ".out");
        try (Stream<Path> jars = Files.list(lib())) {
            String classPath = jars.map(Path::toString)
                    .filter(name -> name.endsWith(".jar"))
                    .sorted()
                    .collect(Collectors.joining(":"));
            ProcessBuilder client = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:+UseSerialGC",
                            "-XX:TieredStopAtLevel=1",
                            "--enable-native-access=ALL-UNNAMED",
                            "-Xlog:class+load:file=" + log,
                            "-cp",
                            classPath,
                            main,
                            handler)
                    .directory(Host.example("java").toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile());
            RuntimeApi api = new RuntimeApi(event, log);
            client.environment().clear();
            client.environment().putAll(api.variables(handler));
            Process process = client.start();
            boolean answered = api.answered.await(BOUND_SEC, TimeUnit.SECONDS);
            process.destroyForcibly().waitFor();
            api.server.stop(0);
            assertThat(answered).as(Files.readString(output)).isTrue();
            return new Run(api.calls, api.answer, Files.readString(output), api.loaded);
        }
    }

    /** Hands out one event. */
    private static final class RuntimeApi {
        final HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        final CountDownLatch answered = new CountDownLatch(1);
        final List<String> calls = new ArrayList<>();
        private final String event;
        private final Path log;
        private long before;
        private volatile long loaded;
        private volatile String answer = "";

        RuntimeApi(String event, Path log) throws IOException {
            this.event = event;
            this.log = log;
            server.createContext("/", this::answer);
            server.start();
        }

        Map<String, String> variables(String handler) {
            return Map.of(
                    "AWS_LAMBDA_RUNTIME_API", "127.0.0.1:" + server.getAddress().getPort(),
                    "_HANDLER", handler,
                    "AWS_LAMBDA_FUNCTION_NAME", "primed",
                    "AWS_LAMBDA_FUNCTION_VERSION", "1",
                    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512",
                    "AWS_LAMBDA_INITIALIZATION_TYPE", "snap-start");
        }

        private void answer(HttpExchange exchange) throws IOException {
            byte[] sent = exchange.getRequestBody().readAllBytes();
            String path = exchange.getRequestURI().getPath();
            calls.add(path.substring(path.lastIndexOf("runtime/") + "runtime/".length()));
            boolean asks = path.endsWith("/invocation/next");
            if (path.endsWith("/response")) {
                loaded = classes() - before;
                answer = new String(sent, StandardCharsets.UTF_8);
                answered.countDown();
            } else if (asks) {
                if (answered.getCount() == 0) {
                    return; // it waits for ever
                }
                before = classes();
                exchange.getResponseHeaders().add("Lambda-Runtime-Aws-Request-Id", "one");
                exchange.getResponseHeaders()
                        .add("Lambda-Runtime-Deadline-Ms", Long.toString(System.currentTimeMillis() + 60_000));
                exchange.getResponseHeaders().add("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:::primed");
            }
            byte[] body = asks ? event.getBytes(StandardCharsets.UTF_8) : "{}".getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(exchange.getRequestMethod().equals("GET") ? 200 : 202, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        }

        private long classes() throws IOException {
            try (Stream<String> lines = Files.lines(log)) {
                return lines.count();
            }
        }
    }

    @Test
    void shouldCallTheHandlerForItsOwnEventsOnly() throws IOException, InterruptedException {
        Run run = run(PRIMED, "Hooks::handleRequest", "{}");

        assertThat(run.calls).startsWith("restore/next", "invocation/next", "invocation/one/response");
        var told = JsonMapper.shared().readTree(run.answer);
        assertThat(told.path("inits").asInt()).isEqualTo(1);
        assertThat(told.path("checkpoints").asInt()).isEqualTo(1);
        assertThat(told.path("restores").asInt()).isEqualTo(1);
        assertThat(run.output).isEqualTo("before checkpoint\nafter restore\n");
    }

    @Test
    void shouldHaveLoadedWhatTheFirstEventNeeds() throws IOException, InterruptedException {
        String event = "{\"length\":6,\"width\":7}";
        Run unprimed = run(UNPRIMED, "Area::handleRequest", event);
        Run primed = run(PRIMED, "Area::handleRequest", event);

        assertThat(primed.answer).isEqualTo(unprimed.answer);
        assertThat(primed.output).isEqualTo(unprimed.output);
        assertThat(primed.loaded).isLessThan(unprimed.loaded / 8);
    }
}
