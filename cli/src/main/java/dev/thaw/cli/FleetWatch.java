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
import java.util.concurrent.RejectedExecutionException;
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
    private static final long NS_PER_SEC = 1_000_000_000L;
    /** Its multiples' fractions are spread evenly, however many there are. */
    private static final double GOLDEN_RATIO = (Math.sqrt(5) - 1) / 2;

    private final RunRecorder recorder;
    private final NanoClock clock;
    private final long startNs;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(TIMEOUT)
            .build();
    private final URI page;
    private long samples;
    private final @Nullable Credentials key;
    private final ScheduledExecutorService watching = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("thaw-fleet").daemon(true).factory());

    FleetWatch(URI server, @Nullable Credentials key, RunRecorder recorder, NanoClock clock, long startNs) {
        this.recorder = recorder;
        this.clock = clock;
        this.startNs = startNs;
        this.key = key;
        page = server.resolve("/_thaw/fleet");
        scheduleNext();
    }

    private void scheduleNext() {
        var _ = watching.schedule(
                this::sample, Math.max(0, startNs + sampleNs(samples++) - clock.nanoTime()), TimeUnit.NANOSECONDS);
    }

    /**
     * One in each second of the run, each time at another part of it: at the same part, a load of so many starts a second
     * would be seen in the same state again and again.
     */
    static long sampleNs(long sample) {
        double fraction = sample * GOLDEN_RATIO % 1;
        return sample * NS_PER_SEC + (long) (fraction * NS_PER_SEC);
    }

    private void sample() {
        try {
            HttpRequest request = SigningOptions.get(key, page).timeout(TIMEOUT).build();
            HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
            if (answer.statusCode() == 200) {
                recorder.recordFleet(FleetSample.fromJson(answer.body()).at(clock.nanoTime() - startNs));
            }
            scheduleNext();
        } catch (IOException | IllegalArgumentException | RejectedExecutionException e) {
            // Not a server of ours, or gone, or the run is over: the samples end here, the run says what it lost.
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
