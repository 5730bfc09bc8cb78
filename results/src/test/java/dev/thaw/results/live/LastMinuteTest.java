package dev.thaw.results.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.results.FleetSample;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class LastMinuteTest {
    private static final long SECOND_NS = 1_000_000_000L;
    private static final MachineUse MACHINE = new MachineUse(2, 0.5, 0.01);

    private final LastMinute minute = new LastMinute();
    private long nowNs = -30 * SECOND_NS;
    private ServerTotals totals = new ServerTotals(0, 0, 0, 0, 0);

    /** One interval as it was, by itself. */
    private record Kept(long fromNs, long toNs, List<Long> answers, long cold, ServerTotals before) {}

    static LiveReading reading(long atNs, ServerTotals totals, @Nullable EndedInterval ended) {
        FleetSample fleet = new FleetSample(atNs, 1, 2, 3, 4, 5, 6, totals.created(), 8, 9, 10, 11);
        return new LiveReading(
                fleet, 7, totals, List.of(new HostUse("local", 4096, 1024, 256, 8000, 2000, 500)), ended);
    }

    private Kept addInterval(Random random, long lengthNs, int ended) {
        EndedInterval interval = new EndedInterval();
        List<Long> answers = new ArrayList<>();
        int cold = 0;
        for (int i = 0; i < ended; i++) {
            long answerNs = (long) Math.exp(random.nextDouble() * 25);
            interval.record(answerNs, answerNs / 2);
            answers.add(answerNs);
            if (random.nextInt(10) == 0) {
                interval.countColdTrigger();
                cold++;
            }
        }
        Kept kept = new Kept(nowNs, nowNs + lengthNs, answers, cold, totals);
        nowNs += lengthNs;
        totals = new ServerTotals(
                totals.invocations() + ended,
                totals.errors() + random.nextInt(3),
                totals.throttles() + random.nextInt(2),
                totals.refusals(),
                totals.created() + cold);
        minute.add(reading(nowNs, totals, interval));
        interval.reset(); // as the server does: what is kept must be a copy
        return kept;
    }

    /** The fewest of the latest that cover a minute, or all. */
    private static List<Kept> inWindow(List<Kept> all, long nowNs) {
        int from = all.size();
        long coveredNs = 0;
        while (from > 0 && coveredNs < LastMinute.WINDOW_NS) {
            from--;
            coveredNs = nowNs - all.get(from).fromNs();
        }
        return all.subList(from, all.size());
    }

    @Test
    void shouldHoldWhatTheIntervalsOfTheLastMinuteHoldTogether() {
        Random random = new Random(7);
        minute.add(reading(nowNs, totals, null));
        List<Kept> all = new ArrayList<>();
        for (int second = 0; second < 200; second++) {
            // Seconds, some of them late, one far longer than the window; some without anything.
            long lengthNs = second == 120 ? 75 * SECOND_NS : SECOND_NS + random.nextInt(500_000_000);
            all.add(addInterval(random, lengthNs, random.nextInt(4) == 0 ? 0 : random.nextInt(60)));

            List<Kept> window = inWindow(all, nowNs);
            assertThat(minute.steps()).isEqualTo(window.size());
            assertThat(minute.fromNs()).isEqualTo(window.getFirst().fromNs());
            assertThat(minute.counted(totals))
                    .isEqualTo(totals.minus(window.getFirst().before()));
            assertThat(minute.coldTriggers)
                    .isEqualTo(window.stream().mapToLong(Kept::cold).sum());
            assertSame(
                    minute.answers,
                    window.stream().flatMap(each -> each.answers().stream()).toList());
        }
    }

    /** Against all values, sorted: no histogram. */
    private static void assertSame(Histogram histogram, List<Long> values) {
        List<Long> sorted = values.stream().sorted().toList();
        assertThat(histogram.getTotalCount()).isEqualTo(sorted.size());
        for (double percent : sorted.isEmpty() ? new double[0] : new double[] {50, 90, 99, 100}) {
            long exact = sorted.get((int) Math.ceil(percent / 100 * sorted.size()) - 1);
            assertThat(histogram.getValueAtPercentile(percent)).isBetween(exact, exact + exact / 1_000 + 1);
        }
        if (!sorted.isEmpty()) {
            assertThat(histogram.getMaxValue()).isBetween(sorted.getLast(), (long) (sorted.getLast() * 1.001) + 1);
        }
    }

    @Test
    void shouldBeginWithTheFirstReading() {
        totals = new ServerTotals(1_000, 10, 5, 1, 3);
        minute.add(reading(nowNs, totals, new EndedInterval()));

        JsonNode event = event(reading(nowNs, totals, null));

        assertThat(event.path("events").isNull()).isTrue();
        assertThat(event.path("sources").isEmpty()).isTrue();
        assertThat(event.path("lastMinute").isNull()).isTrue();
        assertThat(event.path("lastSecond").isNull()).isTrue();
        assertThat(event.path("recordingSeconds").asDouble()).isZero();
        assertThat(event.path("sinceStart").path("invocations").asLong()).isEqualTo(1_000);
    }

    @Test
    void shouldTellEachFigureAndNoPercentileOfTooFew() {
        minute.add(reading(nowNs, totals, null));
        EndedInterval interval = new EndedInterval();
        for (int i = 1; i <= 150; i++) {
            interval.record(i * 1_000_000L, 500_000);
        }
        interval.countColdTrigger();
        interval.countColdVictim();
        interval.countSuppressedInit();
        nowNs += 2 * SECOND_NS;
        LiveReading reading = reading(nowNs, new ServerTotals(150, 4, 3, 2, 1), interval)
                .with(new EventBacklog(5, 4, 3, 2_500), List.of(new SourceState("queue", "arn", "Enabling", null)));
        minute.add(reading);

        JsonNode event = event(reading);

        JsonNode last = event.path("lastMinute");
        assertThat(last.path("seconds").asDouble()).isEqualTo(2);
        assertThat(last.path("intervals").asInt()).isEqualTo(1);
        assertThat(last.path("invocations").asLong()).isEqualTo(150);
        assertThat(last.path("errors").asLong()).isEqualTo(4);
        assertThat(last.path("coldStarts").asLong()).isEqualTo(1);
        assertThat(last.path("victims").asLong()).isEqualTo(1);
        assertThat(last.path("suppressedInits").asLong()).isEqualTo(1);
        assertThat(last.path("answerUs").path("p99").asDouble()).isBetween(149_000.0, 149_150.0);
        assertThat(last.path("answerUs").path("p999").isNull()).isTrue();
        assertThat(last.path("functionUs").path("max").asDouble()).isBetween(500.0, 500.5);
        assertThat(event.path("lastSecond").path("answerUs")).isEqualTo(last.path("answerUs"));
        assertThat(event.path("environments").toString())
                .isEqualTo("{\"busy\":2,\"idle\":3,\"frozen\":4,\"resetting\":5,\"starting\":1}");
        assertThat(event.path("waiting").asInt()).isEqualTo(6);
        assertThat(event.path("concurrent").asInt()).isEqualTo(7);
        assertThat(event.path("events").toString())
                .isEqualTo("{\"waiting\":5,\"underWay\":4,\"deliveries\":3,\"oldestSeconds\":2.5}");
        assertThat(event.path("sources").toString())
                .isEqualTo(
                        "[{\"source\":\"queue\",\"functionArn\":\"arn\",\"state\":\"Enabling\",\"lastResult\":null}]");
        assertThat(event.path("hosts").path(0).path("heldVcpus").asDouble()).isEqualTo(2);
        assertThat(event.path("machine").path("busyCpus").asDouble()).isEqualTo(0.5);
    }

    private JsonNode event(LiveReading reading) {
        return JsonMapper.shared().readTree(LiveEvent.of(reading, minute, MACHINE, 1, nowNs - 90 * SECOND_NS));
    }
}
