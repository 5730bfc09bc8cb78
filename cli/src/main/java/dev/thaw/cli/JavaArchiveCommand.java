package dev.thaw.cli;

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
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;

/**
 * {@code thaw java-archive}: makes the class archive that Java functions start from, by a training run of the unmodified
 * runtime client against a Runtime API of a few lines. The launcher calls it once a build.
 */
@Command(name = "java-archive", hidden = true, description = "Make the class archive of Java functions.")
final class JavaArchiveCommand implements Callable<Integer> {
    private static final int EVENTS = 20;
    private static final int BOUND_SEC = 120;
    /** Of every JDK, takes a map: events are parsed, nothing is left to compile. */
    private static final String HANDLER = "java.util.HashMap::putAll";

    private final CountDownLatch trained = new CountDownLatch(1);
    private final AtomicInteger asked = new AtomicInteger();

    @Override
    public Integer call() throws IOException, InterruptedException {
        HttpServer api = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        api.createContext("/", this::answer);
        api.start();
        try {
            return train("127.0.0.1:" + api.getAddress().getPort());
        } finally {
            api.stop(0);
        }
    }

    private int train(String address) throws IOException, InterruptedException {
        Path archive = ManagedRuntime.clients().resolve("lib/java.aot");
        ProcessBuilder client = new ProcessBuilder(command(archive)).inheritIO();
        client.environment().clear();
        client.environment()
                .putAll(Map.of(
                        "AWS_LAMBDA_RUNTIME_API", address,
                        "_HANDLER", HANDLER,
                        "AWS_LAMBDA_FUNCTION_NAME", "archive",
                        "AWS_LAMBDA_FUNCTION_VERSION", "$LATEST",
                        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512",
                        "AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand"));
        Process process = client.start();
        var _ = process.onExit().thenRun(trained::countDown);
        try {
            boolean done = trained.await(BOUND_SEC, TimeUnit.SECONDS) && asked.get() > EVENTS;
            process.destroy();
            return done && process.waitFor(BOUND_SEC, TimeUnit.SECONDS) && Files.exists(archive) ? 0 : 1;
        } finally {
            process.destroyForcibly();
        }
    }

    /** As {@code runtimes/bootstrap} starts it. */
    private static List<String> command(Path archive) throws IOException {
        List<String> words = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin/java").toString()));
        words.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED"));
        words.add("-XX:AOTCacheOutput=" + archive);
        try (Stream<Path> files = Files.list(ManagedRuntime.clients().resolve("lib"))) {
            words.add("-cp");
            words.add(files.map(Path::toString)
                    .filter(file -> file.endsWith(".jar"))
                    .sorted()
                    .collect(Collectors.joining(":")));
        }
        words.addAll(List.of("com.amazonaws.services.lambda.runtime.api.client.AWSLambda", HANDLER));
        return words;
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
