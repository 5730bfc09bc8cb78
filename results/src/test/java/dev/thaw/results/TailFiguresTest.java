package dev.thaw.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.thaw.results.pauses.CpuWait;
import dev.thaw.results.pauses.Pause;
import dev.thaw.results.pauses.Pauses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A thousand invocations of 1 ms, one each 10 ms, some of them slow of something. */
final class TailFiguresTest {
    private static final long MILLI_NS = 1_000_000;
    private static final int COUNT = 1_000;

    @TempDir
    private Path runs;

    @Test
    void shouldKeepTheSlowestThousandthWithinItsBounds() {
        SlowestSamples slowest = new SlowestSamples(0);
        for (int i = 0; i < 30_000; i++) {
            slowest.add(took(i, (i * 7_919L) % 30_000));
            if (i == 4) {
                assertThat(slowest.tail()).isEqualTo(1);
            } else if (i == 149) {
                assertThat(slowest.tail()).isEqualTo(15);
            } else if (i == 14_999) {
                assertThat(slowest.tail()).isEqualTo(20);
            }
        }

        assertThat(slowest.tail()).isEqualTo(30);
        assertThat(slowest.slowestFirst().subList(0, 30))
                .extracting(Sample::fromIntendedNs)
                .startsWith(29_999L)
                .isSortedAccordingTo((x, y) -> Long.compare(y, x))
                .endsWith(29_970L);
        assertThat(slowest.slowestFirst()).hasSize(SlowestSamples.MOST);
    }

    private static Sample took(int at, long ns) {
        Sample sample = new Sample();
        sample.intendedStartNs = at * MILLI_NS;
        sample.sentNs = sample.intendedStartNs;
        sample.doneNs = sample.sentNs + ns;
        return sample;
    }

    @Test
    void shouldExplainTheTailAndShowTheSlowest() throws IOException {
        Path bundle = record();
        JsonNode summary = RunBundle.load(bundle).summary();
        JsonNode tails = summary.path("tails");

        assertThat(tails.path("of").asLong()).isEqualTo(COUNT);
        assertThat(tails.path("count").asInt()).isEqualTo(20);
        assertThat(tails.path("share").asDouble()).isEqualTo(0.02);
        assertThat(tails.path("typicalUs").asDouble()).isCloseTo(1_000, within(2.0));
        // Every fifth of a hundred is slow: of its handler, the queue, its own start, a pause.
        JsonNode causes = tails.path("causes");
        assertThat(causes.path("invoke").path("count").asInt()).isEqualTo(10);
        assertThat(causes.path("victim").path("count").asInt()).isEqualTo(5);
        assertThat(causes.path("coldStart").path("count").asInt()).isEqualTo(4);
        assertThat(causes.path("host").path("count").asInt()).isEqualTo(1);
        assertThat(causes.path("host").path("share").asDouble()).isEqualTo(0.05);
        assertThat(causes.path("unexplained").path("count").asInt()).isZero();
        assertThat(tails.path("phases").path("invoke").path("count").asInt()).isEqualTo(11);
        assertThat(tails.path("phases").path("queue").path("count").asInt()).isEqualTo(5);
        JsonNode slowest = tails.path("slowest").path(0);
        assertThat(slowest.path("cause").asString()).isEqualTo("host");
        assertThat(slowest.path("requestId").asString()).isEqualTo(new UUID(1, 999).toString());
        assertThat(slowest.path("function").asString()).isEqualTo("f");
        assertThat(slowest.path("totalUs").asDouble()).isEqualTo(500_000);
        assertThat(slowest.path("partsUs").path("invoke").asDouble()).isEqualTo(499_900);
        assertThat(slowest.path("billedMs").asLong(-1)).isZero();
        JsonNode coldStart = tails.path("slowest").path(6);
        assertThat(coldStart.path("cause").asString()).isEqualTo("coldStart");
        assertThat(coldStart.path("billedMs").asLong()).isEqualTo(3);
        assertThat(coldStart.path("unbilledInitMs").asLong()).isEqualTo(15);
        assertThat(tails.path("slowest").size()).isEqualTo(SlowestSamples.SHOWN);
        assertThat(summary.path("pauses")
                        .path("server")
                        .path("stalls")
                        .path("longestMs")
                        .asDouble())
                .isEqualTo(450);
        assertThat(summary.path("pauses").path("server").path("dropped").asLong())
                .isEqualTo(30);
        assertThat(summary.path("pauses").path("generator").path("dropped").asLong(-1))
                .isZero();
        assertThat(summary.path("pauses")
                        .path("server")
                        .path("cpuWaits")
                        .path("totalMs")
                        .asDouble())
                .isEqualTo(3);
        assertThat(Files.readAllLines(bundle.resolve("pauses.csv")))
                .contains(
                        "process,kind,from_ns,to_ns,held_ns",
                        "server,stall,10000000000,10450000000,450000000",
                        "server,cpuWait,2000000000,2010000000,3000000");
        assertThat(Files.readString(bundle.resolve(Report.NAME)))
                .contains("Why the slowest were slow", "another's cold start")
                .contains("; its threads had work and no processor 1 times (3 ms)")
                .contains("not counting 30 earlier pauses that it could not keep")
                .contains("<data value=\"3\">3</data> <span class=\"note\">+ <data value=\"15\">15</data> init</span>")
                .contains(new UUID(1, 999).toString());
    }

    private Path record() throws IOException {
        RunPlan plan = SyntheticRun.plan("tails", List.of("f"), COUNT, 10 * SyntheticRun.SECOND_NS);
        try (RunRecorder recorder = RunRecorder.open(plan, runs)) {
            recorder.start(System.nanoTime() + 3_600 * SyntheticRun.SECOND_NS); // this host's own stalls come before it
            for (int i = 0; i < COUNT; i++) {
                recorder.record(sample(i));
            }
            recorder.recordServerPauses(new Pauses(
                    11_000 * MILLI_NS,
                    List.of(new Pause(Pause.Kind.STALL, 10_000 * MILLI_NS, 10_450 * MILLI_NS)),
                    List.of(new CpuWait(2_000 * MILLI_NS, 2_010 * MILLI_NS, 3 * MILLI_NS)),
                    30));
            return recorder.finish().bundle();
        }
    }

    private static Sample sample(int i) {
        Sample sample = new Sample();
        sample.intendedStartNs = 10 * MILLI_NS * i;
        sample.sentNs = sample.intendedStartNs;
        sample.requestIdHigh = 1;
        sample.requestIdLow = i;
        sample.serverKnown = true;
        sample.server.clear();
        sample.server.memoryMib = 128;
        sample.server.phasesNs[Phase.INVOKE.ordinal()] = 900_000;
        slow(sample.server, i);
        sample.doneNs = sample.sentNs + sample.server.phasesSumNs() + 100_000;
        return sample;
    }

    private static void slow(ServerRecord server, int i) {
        if (i == COUNT - 1) {
            server.phasesNs[Phase.INVOKE.ordinal()] = 499_900_000;
        } else if (i % 100 == 50) {
            server.phasesNs[Phase.INVOKE.ordinal()] += 20 * MILLI_NS;
        } else if (i % 200 == 10) {
            server.coldVictim = true;
            server.phasesNs[Phase.QUEUE.ordinal()] = 30 * MILLI_NS;
        } else if (i % 250 == 20) {
            server.coldTrigger = true;
            server.phasesNs[Phase.CREATE.ordinal()] = 10 * MILLI_NS;
            server.phasesNs[Phase.INIT_FUNCTION.ordinal()] = 15 * MILLI_NS;
            server.billedMs = 3;
            server.unbilledInitMs = 15;
        }
    }

    @Test
    void shouldPriceAMillionByBothListsAndBothRules() throws IOException {
        RunPlan plan = SyntheticRun.plan("cost", List.of("f"), 2, 1);
        Path bundle;
        try (RunRecorder recorder = RunRecorder.open(plan, runs)) {
            for (long addedMs : new long[] {200, 0}) {
                Sample sample = took(0, 2 * MILLI_NS);
                sample.serverKnown = true;
                sample.server.clear();
                sample.server.memoryMib = 512;
                sample.server.billedMs = 100;
                sample.server.unbilledInitMs = addedMs;
                recorder.record(sample);
            }
            bundle = recorder.finish().bundle();
        }

        JsonNode cost = RunBundle.load(bundle).summary().path("costPerMillionUsd");
        List<Long> unbilledMs = new ArrayList<>();
        RunRows.read(RunBundle.load(bundle), (_, sample) -> unbilledMs.add(sample.server.unbilledInitMs));
        assertThat(unbilledMs).as("in the rows too").containsExactly(200L, 0L);

        assertThat(cost.path("gbSeconds").path("untilJuly2025").asDouble()).isCloseTo(50_000, within(1e-6));
        assertThat(cost.path("gbSeconds").path("sinceAugust2025").asDouble()).isCloseTo(100_000, within(1e-6));
        assertThat(cost.path("x86_64").path("untilJuly2025").asDouble())
                .isCloseTo(0.2 + 50_000 * 0.0000166667, within(1e-9));
        assertThat(cost.path("arm64").path("sinceAugust2025").asDouble())
                .isCloseTo(0.2 + 100_000 * 0.0000133334, within(1e-9));
        assertThat(Files.readString(bundle.resolve(Report.NAME)))
                .contains(
                        "arm64, what if",
                        "<data value=\""
                                + cost.path("x86_64").path("sinceAugust2025").asString());
    }
}
