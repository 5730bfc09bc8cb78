package dev.thaw.cli;

import dev.thaw.results.FleetSample;
import dev.thaw.results.RunRecorder;
import dev.thaw.scheduler.auth.Credentials;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.NanoClock;
import org.jspecify.annotations.Nullable;

/**
 * Samples a server's environments once a second, over the same page that anybody can read. Where the target has no such
 * page it stays silent: the run then has no fleet samples.
 *
 * <p>Threading: owns the thread {@code thaw-fleet}.
 */
final class FleetWatch implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final RunRecorder recorder;
    private final NanoClock clock;
    private final long startNs;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(TIMEOUT)
            .build();
    private final URI page;
    private final @Nullable Credentials key;
    private final ScheduledExecutorService watching = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("thaw-fleet").daemon(true).factory());

    FleetWatch(URI server, @Nullable Credentials key, RunRecorder recorder, NanoClock clock, long startNs) {
        this.recorder = recorder;
        this.clock = clock;
        this.startNs = startNs;
        this.key = key;
        page = server.resolve("/_thaw/fleet");
        long delayNs = Math.max(0, startNs - clock.nanoTime());
        var _ = watching.scheduleAtFixedRate(this::sample, delayNs, 1_000_000_000L, TimeUnit.NANOSECONDS);
    }

    private void sample() {
        try {
            HttpRequest request = SigningOptions.get(key, page).timeout(TIMEOUT).build();
            HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
            if (answer.statusCode() == 200) {
                recorder.recordFleet(FleetSample.fromJson(answer.body()).at(clock.nanoTime() - startNs));
            }
        } catch (IOException | IllegalArgumentException e) {
            // Not a server of ours, or gone: the samples end here, the run says what it lost.
            watching.shutdown();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        watching.shutdownNow();
        client.close();
    }
}
