package dev.thaw.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** A server that is killed again and again in a stream of management calls has kept whatever it answered. */
@Tag("slow")
final class ControlDurabilityTest {
    private static final int KILLS = 4;
    private static final int FUNCTIONS = 6;
    private static final long BOUND_SEC = 60;
    private static final long SEED = Long.getLong("thaw.test.seed", 20_262);
    private static final String PATH = "/2015-03-31/functions";
    private static final String LAYER = "/2018-10-31/layers/shared/versions";
    private static final String CODE = zip();

    /**
     * Something of a function that is made once and then changed again and again.
     *
     * @param made method and path of the call that makes it; {@code @} stands for the function's name
     * @param changed of the calls that change it
     * @param path where it is read
     * @param body of both calls; {@code #} stands for how often it was set
     * @param shown what the answer then has
     */
    private record Setting(String made, String changed, String path, String body, String shown) {
        private static Setting of(String made, String changed, String path, String body, String shown) {
            return new Setting(made, changed, path, body.replace('\'', '"'), shown.replace('\'', '"'));
        }

        private Pattern shown(int times) {
            return Pattern.compile(Pattern.quote(shown.replace("#", Integer.toString(times))) + "(?!\\d)");
        }
    }

    private static final Setting CONFIGURATION = Setting.of(
            "POST " + PATH,
            "PUT " + PATH + "/@/configuration",
            PATH + "/@/configuration",
            "{'Description':'#','Environment':{'Variables':{'TIMES':'#'}},'FunctionName':'@','Handler':'h',"
                    + "'Role':'arn:aws:iam::000000000000:role/r','Runtime':'provided.al2023',"
                    + "'Code':{'ZipFile':'" + CODE + "'}}",
            "'Environment':{'Variables':{'TIMES':'#'}}");

    private static final List<Setting> SETTINGS = List.of(
            Setting.of(
                    "POST " + PATH + "/@/aliases",
                    "PUT " + PATH + "/@/aliases/live",
                    PATH + "/@/aliases/live",
                    "{'Name':'live','FunctionVersion':'2','RoutingConfig':{'AdditionalVersionWeights':{'1':0.0#5}}}",
                    "'RoutingConfig':{'AdditionalVersionWeights':{'1':0.0#5}}"),
            Setting.of(
                    "PUT /2017-10-31/functions/@/concurrency",
                    "PUT /2017-10-31/functions/@/concurrency",
                    "/2019-09-30/functions/@/concurrency",
                    "{'ReservedConcurrentExecutions':#}",
                    "'ReservedConcurrentExecutions':#"),
            Setting.of(
                    "PUT /2019-09-30/functions/@/provisioned-concurrency?Qualifier=1",
                    "PUT /2019-09-30/functions/@/provisioned-concurrency?Qualifier=1",
                    "/2019-09-30/functions/@/provisioned-concurrency?Qualifier=1",
                    "{'ProvisionedConcurrentExecutions':1}",
                    "'RequestedProvisionedConcurrentExecutions':1"),
            Setting.of(
                    "PUT /2019-09-25/functions/@/event-invoke-config",
                    "PUT /2019-09-25/functions/@/event-invoke-config",
                    "/2019-09-25/functions/@/event-invoke-config",
                    "{'MaximumEventAgeInSeconds':6#,'MaximumRetryAttempts':1}",
                    "'MaximumEventAgeInSeconds':6#"),
            Setting.of(
                    "POST /2021-10-31/functions/@/url",
                    "PUT /2021-10-31/functions/@/url",
                    "/2021-10-31/functions/@/url",
                    "{'AuthType':'NONE','Cors':{'MaxAge':#}}",
                    "'MaxAge':#"));

    /** What the server has answered: how often a setting of a function was set. */
    private record Set(Setting setting, String function) {
        private String path() {
            return setting.path.replace("@", function);
        }
    }

    @TempDir
    private Path folder;

    private final HttpClient client = HttpClient.newHttpClient();
    private final Map<Set, Integer> times = new HashMap<>();
    /** The last version that was answered, of functions and of the layer, by the path of its versions. */
    private final Map<String, Integer> versions = new HashMap<>();

    private volatile URI server = URI.create("http://127.0.0.1:1");
    private int answered;
    private volatile CountDownLatch beforeKill = new CountDownLatch(0);
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
                beforeKill = new CountDownLatch(random.nextInt(40, 140));
                Thread killer = Thread.ofVirtual().start(() -> kill(child));
                change();
                killer.join();
                child.end();
            } finally {
                child.close();
            }
        }
        try (Child child = launch()) {
            assertKept();
            System.out.println("durability: " + answered + " management calls answered, killed " + KILLS + " times, "
                    + times.size() + " settings of functions and "
                    + versions.values().stream().reduce(0, Integer::sum)
                    + " versions as answered (seed " + SEED + ")");
            assertThat(times).as("each setting of each function").hasSize(FUNCTIONS * (SETTINGS.size() + 1));
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
        server = URI.create(child.awaitUrl());
        return child;
    }

    /** While the calls go on: how far they are by then is chance. */
    private void kill(Child child) {
        try {
            if (!beforeKill.await(BOUND_SEC, TimeUnit.SECONDS)) {
                throw new AssertionError(beforeKill.getCount() + " calls are not answered yet");
            }
            killed = true;
            child.signal("KILL");
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Changes functions one after the other until the server is gone. */
    private void change() throws InterruptedException {
        try {
            for (int i = 0; ; i++) {
                String name = "f" + i % FUNCTIONS;
                set(CONFIGURATION, name);
                publish(PATH + "/" + name + "/versions", "{}");
                if (versions.getOrDefault(PATH + "/" + name + "/versions", 0) >= 2) {
                    for (Setting setting : SETTINGS) {
                        set(setting, name);
                    }
                }
                publish(LAYER, "{\"Description\":\"shared\",\"Content\":{\"ZipFile\":\"" + CODE + "\"}}");
            }
        } catch (IOException gone) {
            assertThat(killed).as("the server ended by itself: %s", gone).isTrue();
        }
    }

    private void set(Setting setting, String function) throws IOException, InterruptedException {
        Set set = new Set(setting, function);
        int time = times.getOrDefault(set, 0) + 1;
        String body = setting.body.replace("#", Integer.toString(time)).replace("@", function);
        String[] call = (time == 1 ? setting.made : setting.changed)
                .replace("@", function)
                .split(" ", 2);
        HttpResponse<String> response = send(call[0], call[1], body);
        // 409 where the kill hit the call that made it.
        boolean there = time == 1 && response.statusCode() == 409;
        assertThat(there || response.statusCode() < 300)
                .as("%s: %s", call[1], response.body())
                .isTrue();
        times.put(set, time);
        onAnswered();
    }

    private void publish(String path, String body) throws IOException, InterruptedException {
        HttpResponse<String> published = send("POST", path, body);
        assertThat(published.statusCode()).as(published.body()).isEqualTo(201);
        int version =
                JsonMapper.shared().readTree(published.body()).get("Version").asInt();
        assertThat(version).as("no number is given twice").isGreaterThan(versions.getOrDefault(path, 0));
        versions.put(path, version);
        onAnswered();
    }

    private void onAnswered() {
        answered++;
        beforeKill.countDown();
    }

    private static String zip() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry("bootstrap"));
            zip.write("no program".getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Base64.getEncoder().encodeToString(bytes.toByteArray());
    }

    /** Of the call that the kill hit nobody knows: it may have come to pass or not. */
    private void assertKept() throws IOException, InterruptedException {
        for (Map.Entry<Set, Integer> each : times.entrySet()) {
            String path = each.getKey().path();
            String shown = read(path);
            Setting setting = each.getKey().setting;
            int time = each.getValue();
            if (!setting.shown(time).matcher(shown).find()) {
                assertThat(shown).as(path).containsPattern(setting.shown(time + 1));
                each.setValue(time + 1);
            }
            assertThat(!setting.equals(CONFIGURATION) || shown.contains("\"State\":\"Active\""))
                    .as(shown)
                    .isTrue();
        }
        for (Map.Entry<String, Integer> each : versions.entrySet()) {
            String path = each.getKey();
            String number = each.getValue().toString();
            read(
                    path.equals(LAYER)
                            ? path + "/" + number
                            : path.replace("/versions", "/configuration") + "?Qualifier=" + number);
        }
    }

    private String read(String path) throws IOException, InterruptedException {
        HttpResponse<String> got = send("GET", path, "");
        assertThat(got.statusCode()).as(path + ": " + got.body()).isEqualTo(200);
        return got.body();
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
