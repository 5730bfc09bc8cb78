package dev.thaw.scheduler.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A headless Chromium with one page, driven over its DevTools protocol in real time: a page that follows events never
 * comes to rest, so none of it can be dumped once it does.
 */
final class Browser implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String LISTENING = "DevTools listening on ";
    private static final int BOUND_S = 30;

    /** Script errors and what the page logged as errors. */
    final Queue<String> problems = new ConcurrentLinkedQueue<>();

    private final Process process;
    private final HttpClient http = HttpClient.newHttpClient();
    private final BlockingQueue<JsonNode> answers = new LinkedBlockingQueue<>();
    private final WebSocket socket;
    private int lastId;

    static Optional<String> find() {
        return Stream.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
                .filter(each -> Files.isExecutable(Path.of(each)))
                .findFirst();
    }

    Browser(String chromium, Path profile) throws IOException, InterruptedException {
        process = new ProcessBuilder(
                        chromium,
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--user-data-dir=" + profile,
                        "--remote-debugging-port=0",
                        "about:blank")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        URI tools = URI.create(
                "http://" + URI.create(devTools(process.errorReader())).getAuthority() + "/json/list");
        Thread.ofVirtual().start(() -> process.errorReader().lines().forEach(_ -> {}));
        String pages = http.send(HttpRequest.newBuilder(tools).build(), BodyHandlers.ofString())
                .body();
        String page = JSON.readTree(pages).path(0).path("webSocketDebuggerUrl").asString();
        socket = http.newWebSocketBuilder()
                .buildAsync(URI.create(page), new Listener())
                .join();
        call("Runtime.enable", Map.of());
        call("Log.enable", Map.of());
        call("Page.enable", Map.of());
    }

    private static String devTools(BufferedReader errors) throws IOException {
        for (String line = errors.readLine(); line != null; line = errors.readLine()) {
            if (line.startsWith(LISTENING)) {
                return line.substring(LISTENING.length());
            }
        }
        throw new IOException("chromium ended without " + LISTENING);
    }

    void open(String url, int width, boolean dark) throws InterruptedException {
        call(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", 900, "deviceScaleFactor", 1, "mobile", false));
        call("Emulation.setEmulatedMedia", Map.of("features", new Object[] {
            Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light")
        }));
        call("Page.navigate", Map.of("url", url));
    }

    /** The value of an expression. */
    JsonNode evaluate(String expression) throws InterruptedException {
        JsonNode answer =
                call("Runtime.evaluate", Map.of("expression", expression, "returnByValue", true, "awaitPromise", true));
        return answer.path("result").path("value");
    }

    /** Waits until an expression is true; while it fails, it is not. */
    void await(String expression) throws InterruptedException {
        evaluate("new Promise(done => { const look = setInterval(() => { try { if (" + expression
                + ") { clearInterval(look); done(true); } } catch (e) { } }, 20); })");
    }

    private JsonNode call(String method, Map<String, ?> parameters) throws InterruptedException {
        int id = ++lastId;
        socket.sendText(JSON.writeValueAsString(Map.of("id", id, "method", method, "params", parameters)), true)
                .join();
        for (JsonNode answer = answers.poll(BOUND_S, TimeUnit.SECONDS);
                answer != null;
                answer = answers.poll(BOUND_S, TimeUnit.SECONDS)) {
            if (answer.path("id").asInt() == id) {
                assertThat(answer.path("error").isMissingNode())
                        .as("%s", answer)
                        .isTrue();
                return answer.path("result");
            }
        }
        throw new AssertionError("chromium did not answer " + method + " " + parameters);
    }

    @Override
    public void close() {
        socket.abort();
        http.shutdownNow();
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    private final class Listener implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                take(JSON.readTree(text.toString()));
                text.setLength(0);
            }
            from.request(1);
            return null;
        }

        private void take(JsonNode message) {
            String method = message.path("method").asString("");
            if (message.has("id")) {
                answers.add(message);
            } else if (method.equals("Runtime.exceptionThrown")) {
                problems.add(message.path("params").toString());
            } else if (method.equals("Log.entryAdded")
                    && message.path("params")
                            .path("entry")
                            .path("level")
                            .asString("")
                            .equals("error")) {
                problems.add(message.path("params").path("entry").toString());
            }
        }
    }
}
