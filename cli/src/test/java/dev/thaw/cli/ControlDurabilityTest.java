package dev.thaw.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A server that is killed again and again in a stream of management calls has kept whatever it answered. */
@Tag("slow")
final class ControlDurabilityTest {
    private static final int KILLS = 4;
    private static final int FUNCTIONS = 12;
    private static final long SEED = Long.getLong("thaw.test.seed", 20_262);
    private static final String PATH = "/2015-03-31/functions";

    /** What the server has answered of a function: the round of its last change and the last published version. */
    private record Acknowledged(int round, int version) {}

    @TempDir
    private Path folder;

    private final HttpClient client = HttpClient.newHttpClient();
    private final Map<String, Acknowledged> acknowledged = new TreeMap<>();
    private volatile URI server = URI.create("http://127.0.0.1:1");
    private final AtomicInteger answered = new AtomicInteger();
    private volatile boolean killed;

    @Test
    void shouldKeepWhateverItAnsweredThoughItIsKilled() throws Exception {
        Host.requireSandboxes();
        SplittableRandom random = new SplittableRandom(SEED);
        for (int kill = 0; kill < KILLS; kill++) {
            Child child = launch();
            try {
                assertKept();
                killed = false;
                int enough = answered.get() + random.nextInt(5, 60);
                long delayUs = random.nextLong(20_000);
                Thread killer = Thread.ofVirtual().start(() -> kill(child, enough, delayUs));
                change(kill);
                killer.join();
                child.end();
            } finally {
                child.close();
            }
        }
        try (Child child = launch()) {
            assertKept();
            System.out.println("durability: " + answered + " management calls answered, killed " + KILLS + " times, "
                    + acknowledged.size() + " functions as answered (seed " + SEED + ")");
            child.signal("TERM");
            child.end();
        }
    }

    private Child launch() throws IOException {
        Path template = Files.writeString(folder.resolve("template.yaml"), "Resources: {}\n");
        Child child = Child.launch(
                "serve",
                "-t",
                template.toString(),
                "--port",
                "0",
                "--state",
                folder.resolve("state").toString(),
                "--logs",
                folder.resolve("logs").toString());
        server = URI.create(child.awaitLine("listening on ").substring("listening on ".length()));
        return child;
    }

    private void kill(Child child, int enough, long delayUs) {
        Await.until(enough + " calls are answered", () -> answered.get() >= enough);
        LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(delayUs));
        killed = true;
        try {
            child.signal("KILL");
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Changes functions one after the other until the server is gone. */
    private void change(int kill) throws InterruptedException {
        try {
            for (int i = 0; ; i++) {
                String name = "f" + i % FUNCTIONS;
                Acknowledged before = acknowledged.get(name);
                int round = before == null ? 0 : before.round + 1;
                String body = "{\"Description\":\"" + round + "\",\"Environment\":{\"Variables\":{\"KILL\":\"" + kill
                        + "\"}}";
                if (before == null) {
                    // 409 where the kill hit its creation.
                    assertThat(send("POST", PATH, body + creation(name)).statusCode())
                            .isIn(201, 409);
                } else {
                    assertThat(send("PUT", PATH + "/" + name + "/configuration", body + "}")
                                    .statusCode())
                            .isEqualTo(200);
                }
                int version = before == null ? 0 : before.version;
                acknowledged.put(name, new Acknowledged(round, version));
                HttpResponse<String> published = send("POST", PATH + "/" + name + "/versions", "{}");
                assertThat(published.statusCode()).isEqualTo(201);
                version = Integer.parseInt(JsonMapper.shared()
                        .readTree(published.body())
                        .get("Version")
                        .stringValue());
                acknowledged.put(name, new Acknowledged(round, version));
                answered.addAndGet(2);
            }
        } catch (IOException gone) {
            assertThat(killed).as("the server ended by itself: %s", gone).isTrue();
        }
    }

    private static String creation(String name) throws IOException {
        ByteArrayOutputStream zip = new ByteArrayOutputStream();
        try (ZipOutputStream out = new ZipOutputStream(zip)) {
            out.putNextEntry(new ZipEntry("bootstrap"));
            out.write(name.getBytes(StandardCharsets.UTF_8));
        }
        return ",\"FunctionName\":\"" + name + "\",\"Role\":\"arn:aws:iam::000000000000:role/r\",\"Handler\":\"h\","
                + "\"Runtime\":\"provided.al2023\",\"Code\":{\"ZipFile\":\""
                + Base64.getEncoder().encodeToString(zip.toByteArray()) + "\"}}";
    }

    /** Of the call that the kill hit nobody knows: it may have come to pass or not. */
    private void assertKept() throws IOException, InterruptedException {
        for (Map.Entry<String, Acknowledged> each : Map.copyOf(acknowledged).entrySet()) {
            HttpResponse<String> got = send("GET", PATH + "/" + each.getKey() + "/configuration", "");
            assertThat(got.statusCode()).as(each.getKey()).isEqualTo(200);
            JsonNode configuration = JsonMapper.shared().readTree(got.body());
            int round = each.getValue().round;
            int found = Integer.parseInt(configuration.get("Description").stringValue());
            assertThat(found).as(each.getKey()).isBetween(round, round + 1);
            assertThat(configuration.get("State").stringValue()).isEqualTo("Active");
            int version = each.getValue().version;
            if (version > 0) {
                assertThat(send("GET", PATH + "/" + each.getKey() + "/configuration?Qualifier=" + version, "")
                                .statusCode())
                        .as(each.getKey() + ":" + version)
                        .isEqualTo(200);
            }
            acknowledged.put(each.getKey(), new Acknowledged(found, version));
        }
    }

    private HttpResponse<String> send(String method, String path, String body)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(server.resolve(path))
                .header("Content-Type", "application/json")
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .build();
        return client.send(request, BodyHandlers.ofString());
    }
}
