package dev.thaw.cli;

import dev.thaw.results.RunRecorder;
import dev.thaw.results.ServerMetrics;
import dev.thaw.results.pauses.Pauses;
import dev.thaw.scheduler.auth.Credentials;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.agrona.concurrent.NanoClock;
import org.jspecify.annotations.Nullable;

/**
 * Reads a server's metrics before a run and after it, and records the difference. Where the target has no such page, or
 * none is watched, nothing is recorded.
 *
 * <p>Threading: one thread, which waits for the server.
 */
final class MetricsWatch implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final RunRecorder recorder;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(TIMEOUT)
            .build();
    private final @Nullable URI page;
    private final @Nullable Credentials key;
    private final NanoClock clock;
    private @Nullable Reading before;

    /** Between the two moments, on this process' clock. */
    private record Reading(ServerMetrics metrics, long askedNs, long gotNs) {}

    /** {@code server} is null where none is watched, {@code key} where nothing is signed. */
    MetricsWatch(@Nullable URI server, @Nullable Credentials key, RunRecorder recorder, NanoClock clock) {
        this.recorder = recorder;
        this.clock = clock;
        this.key = key;
        page = server == null ? null : server.resolve("/_thaw/metrics.json");
    }

    /** Reads for the first time: the run is about to begin. */
    void begin() throws InterruptedException {
        before = read();
    }

    /** Reads again: the run has ended, its answers are there. */
    void recordWhatWasAdded(long startNs) throws InterruptedException {
        Reading after = before == null ? null : read();
        if (before != null && after != null) {
            ServerMetrics added = after.metrics.since(before.metrics);
            recorder.recordServerMetrics(added);
            if (!added.pauses().equals(Pauses.NONE)) {
                recorder.recordServerPauses(
                        added.pauses().on(after.askedNs, after.gotNs).inNsSince(startNs));
            }
        }
    }

    private @Nullable Reading read() throws InterruptedException {
        if (page == null) {
            return null;
        }
        try {
            HttpRequest request = SigningOptions.get(key, page).timeout(TIMEOUT).build();
            long askedNs = clock.nanoTime();
            HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
            long gotNs = clock.nanoTime(); // before much text is parsed
            return answer.statusCode() == 200
                    ? new Reading(ServerMetrics.fromJson(answer.body()), askedNs, gotNs)
                    : null;
        } catch (IOException | IllegalArgumentException notOurs) {
            return null;
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
