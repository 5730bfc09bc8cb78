package dev.thaw.sandbox.code;

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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Makes the class archive that Java functions start from, by a training run of the unmodified runtime client against a
 * Runtime API of a few lines.
 */
public final class JavaArchive {
    /** Of every JDK, takes a map: events are parsed, nothing is left to compile. */
    private static final String HANDLER = "java.util.HashMap::putAll";

    private static final int EVENTS = 20;
    /** An emulated Java on a busy machine takes a minute. */
    private static final int BOUND_SEC = 300;

    private final CountDownLatch trained = new CountDownLatch(1);
    private final AtomicInteger asked = new AtomicInteger();
    private final Java java;

    private JavaArchive(Java java) {
        this.java = java;
    }

    /** The Java that the archive is for. */
    @FunctionalInterface
    public interface Java {
        Process start(List<String> arguments, Map<String, String> variables) throws IOException;
    }

    /**
     * Makes {@code java.aot} in the folder of the client's files.
     *
     * @param seenAs where {@code java} has this folder
     * @return whether it is there now
     */
    public static boolean make(Java java, Path folder, String seenAs) throws IOException, InterruptedException {
        return new JavaArchive(java).make(folder, seenAs);
    }

    private boolean make(Path folder, String seenAs) throws IOException, InterruptedException {
        Path recorded = folder.resolve("java.aotconf");
        String configuration = "-XX:AOTConfiguration=" + seenAs + "/java.aotconf";
        List<String> client = client(folder, seenAs);
        try {
            if (record(words(List.of("-XX:AOTMode=record", configuration), client)) && Files.exists(recorded)) {
                String cache = "-XX:AOTCache=" + seenAs + "/java.aot";
                end(java.start(words(List.of("-XX:AOTMode=create", configuration, cache), client), Map.of()));
            }
            return Files.exists(folder.resolve("java.aot"));
        } finally {
            Files.deleteIfExists(recorded);
        }
    }

    /** As {@code runtimes/bootstrap} starts it. */
    private static List<String> client(Path folder, String seenAs) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            String classPath = files.map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(".jar"))
                    .sorted()
                    .map(file -> seenAs + "/" + file)
                    .collect(Collectors.joining(":"));
            return List.of(
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "--enable-native-access=ALL-UNNAMED",
                    "-cp",
                    classPath,
                    "com.amazonaws.services.lambda.runtime.api.client.AWSLambda",
                    HANDLER);
        }
    }

    private static List<String> words(List<String> options, List<String> client) {
        List<String> words = new ArrayList<>(options);
        words.addAll(client);
        return words;
    }

    private boolean record(List<String> arguments) throws IOException, InterruptedException {
        HttpServer api = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        api.createContext("/", this::answer);
        api.start();
        try {
            return train(arguments, "127.0.0.1:" + api.getAddress().getPort());
        } finally {
            api.stop(0);
        }
    }

    private boolean train(List<String> arguments, String address) throws IOException, InterruptedException {
        Map<String, String> variables = Map.of(
                "AWS_LAMBDA_RUNTIME_API", address,
                "_HANDLER", HANDLER,
                "AWS_LAMBDA_FUNCTION_NAME", "archive",
                "AWS_LAMBDA_FUNCTION_VERSION", "$LATEST",
                "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512",
                "AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand");
        Process process = java.start(arguments, variables);
        var _ = process.onExit().thenRun(trained::countDown);
        boolean done = trained.await(BOUND_SEC, TimeUnit.SECONDS) && asked.get() > EVENTS;
        // What it learned is written at its orderly end; what it was started through ends with it.
        List<ProcessHandle> inside = process.descendants().toList();
        inside.forEach(ProcessHandle::destroy);
        if (inside.isEmpty()) {
            process.destroy();
        }
        return end(process) && done;
    }

    private static boolean end(Process process) throws InterruptedException {
        try {
            return process.waitFor(BOUND_SEC, TimeUnit.SECONDS);
        } finally {
            process.destroyForcibly();
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        byte[] body = "{\"key\": [1, 2.5, true, \"text\"]}".getBytes(StandardCharsets.UTF_8);
        exchange.getRequestBody().readAllBytes();
        if (exchange.getRequestMethod().equals("GET")) {
            if (asked.incrementAndGet() > EVENTS) {
                trained.countDown();
                return; // Asked for its next event: as far as a training run goes.
            }
            exchange.getResponseHeaders().add("Lambda-Runtime-Aws-Request-Id", "event-" + asked.get());
            exchange.getResponseHeaders().add("Lambda-Runtime-Deadline-Ms", Long.toString(Long.MAX_VALUE / 2));
            exchange.getResponseHeaders().add("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:::archive");
            exchange.getResponseHeaders().add("Lambda-Runtime-Trace-Id", "Root=1-0-0;Sampled=0");
        }
        // The client's native part takes it for granted.
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(exchange.getRequestMethod().equals("GET") ? 200 : 202, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }
}
