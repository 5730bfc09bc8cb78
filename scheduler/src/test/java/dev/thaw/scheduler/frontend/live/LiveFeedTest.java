package dev.thaw.scheduler.frontend.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.results.FleetSample;
import dev.thaw.results.live.EndedInterval;
import dev.thaw.results.live.LiveReading;
import dev.thaw.results.live.ServerTotals;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.SystemEpochClock;
import org.agrona.concurrent.SystemNanoClock;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Events against a scheduler that the test plays. */
final class LiveFeedTest {
    private static final long TICK_MS = 2;

    /** A reading that was asked for; {@code next} null: the end of recording. */
    private record Asked(@Nullable EndedInterval next, CompletableFuture<LiveReading> answer) {}

    /** A reader that keeps what it is told. */
    private static final class Told implements LiveReaders.Reader {
        final BlockingQueue<String> events = new LinkedBlockingQueue<>();

        @Override
        public void onEvent(byte[] event) {
            events.add(new String(event, StandardCharsets.UTF_8));
        }

        @Override
        public void onEnd() {
            events.add("end");
        }

        JsonNode next() throws InterruptedException {
            String event = events.poll(10, TimeUnit.SECONDS);
            assertThat(event).as("an event").startsWith("id: ").contains("\ndata: {");
            return JsonMapper.shared().readTree(event.substring(event.indexOf('{')));
        }
    }

    private final BlockingQueue<Asked> asked = new LinkedBlockingQueue<>();
    private final BlockingQueue<Throwable> errors = new LinkedBlockingQueue<>();
    private final LiveFeed feed =
            new LiveFeed(this::ask, SystemNanoClock.INSTANCE, SystemEpochClock.INSTANCE, errors::add, TICK_MS);

    private @Nullable EndedInterval installed;
    private long invocations;

    private CompletableFuture<LiveReading> ask(@Nullable EndedInterval next) {
        Asked question = new Asked(next, new CompletableFuture<>());
        asked.add(question);
        return question.answer();
    }

    @AfterEach
    void close() {
        feed.close();
        assertThat(errors).isEmpty();
    }

    private Asked takeQuestion() throws InterruptedException {
        Asked question = asked.poll(10, TimeUnit.SECONDS);
        assertThat(question).as("a question").isNotNull();
        return question;
    }

    /** As the scheduler's thread does. */
    private void answer(Asked question) {
        EndedInterval ended = installed;
        installed = question.next();
        FleetSample fleet = new FleetSample(SystemNanoClock.INSTANCE.nanoTime(), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
        question.answer()
                .complete(new LiveReading(fleet, 0, new ServerTotals(invocations, 0, 0, 0, 0), List.of(), ended));
    }

    private void end(int times) {
        for (int i = 0; i < times; i++) {
            invocations++;
            Objects.requireNonNull(installed).record(1_000_000, 500_000);
        }
    }

    @Test
    void shouldAskNobodyBeforeSomebodyReads() {
        assertThat(asked).isEmpty();
        assertThat(feed.readers().isEmpty()).isTrue();
    }

    @Test
    void shouldTellWhatEndsFromTheFirstReaderOn() throws InterruptedException {
        Told reader = new Told();
        feed.readers().add(reader);
        answer(takeQuestion());
        assertThat(reader.next().path("lastMinute").isNull()).isTrue();

        long told = 0;
        for (int interval = 1; interval <= 4; interval++) {
            end(interval);
            told += interval;
            answer(takeQuestion());
            JsonNode event = reader.next();
            assertThat(event.path("lastSecond").path("invocations").asLong()).isEqualTo(interval);
            assertThat(event.path("lastMinute").path("invocations").asLong()).isEqualTo(told);
            assertThat(event.path("lastMinute").path("answerUs").path("count").asLong())
                    .isEqualTo(told);
        }
    }

    @Test
    void shouldAskOnceAtATimeAndGoOnWhereNobodyAnswered() throws InterruptedException {
        Told reader = new Told();
        feed.readers().add(reader);
        Asked first = takeQuestion();
        assertThat(asked.poll(20 * TICK_MS, TimeUnit.MILLISECONDS)).isNull();

        first.answer().completeExceptionally(new IllegalStateException("inbox is full"));
        answer(takeQuestion());

        assertThat(reader.next().path("sinceStart").path("invocations").asLong())
                .isZero();
    }

    @Test
    void shouldStopRecordingWithTheLastReaderAndBeginAnewWithTheNext() throws InterruptedException {
        Told one = new Told();
        Told other = new Told();
        feed.readers().add(one);
        feed.readers().add(other);
        answer(takeQuestion());
        one.next();
        feed.readers().remove(one);
        end(3);
        Asked question = takeQuestion();
        assertThat(question.next()).as("somebody reads").isNotNull();
        answer(question);
        other.next();
        other.next();
        feed.readers().remove(other);

        question = takeQuestion();
        while (question.next() != null) {
            answer(question);
            question = takeQuestion();
        }
        question.answer().completeExceptionally(new IllegalStateException("inbox is full"));
        question = takeQuestion();
        assertThat(question.next()).as("asked once more").isNull();
        answer(question);

        Told third = new Told();
        feed.readers().add(third);
        answer(takeQuestion());
        JsonNode event = third.next();
        assertThat(event.path("lastMinute").isNull()).as("a minute of its own").isTrue();
        assertThat(event.path("sinceStart").path("invocations").asLong()).isEqualTo(3);
    }

    @Test
    void shouldTakeAsManyReadersAsMayBeAndTellThemOfTheEnd() {
        Told reader = new Told();
        feed.readers().add(reader);
        for (int i = 1; i < LiveReaders.MOST; i++) {
            assertThat(feed.readers().add(new Told())).isTrue();
        }
        assertThat(feed.readers().add(new Told())).isFalse();
        feed.readers().remove(reader);
        assertThat(feed.readers().add(reader)).isTrue();

        feed.close();

        assertThat(reader.events).containsExactly("end");
        assertThat(feed.readers().add(new Told())).isFalse();
    }
}
