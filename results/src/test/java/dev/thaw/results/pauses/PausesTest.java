package dev.thaw.results.pauses;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

final class PausesTest {
    private static final long MILLI_NS = 1_000_000;
    /** Times of collections are whole milliseconds, told a moment later on a host that may be busy. */
    private static final long SLACK_NS = 50 * MILLI_NS;

    private static Pause collection(long fromMs, long toMs) {
        return new Pause(Pause.Kind.COLLECTION, fromMs * MILLI_NS, toMs * MILLI_NS);
    }

    private static Pause stall(long fromMs, long toMs) {
        return new Pause(Pause.Kind.STALL, fromMs * MILLI_NS, toMs * MILLI_NS);
    }

    @Test
    void shouldCountTimeThatPausesHaveInCommonOnce() {
        PausedTime paused = PausedTime.of(List.of(stall(50, 60), stall(10, 20), stall(15, 30), stall(16, 18)));

        assertThat(paused.within(0, 100 * MILLI_NS)).isEqualTo(30 * MILLI_NS);
        assertThat(paused.within(12 * MILLI_NS, 13 * MILLI_NS)).isEqualTo(MILLI_NS);
        assertThat(paused.within(25 * MILLI_NS, 55 * MILLI_NS)).isEqualTo(10 * MILLI_NS);
        assertThat(paused.within(30 * MILLI_NS, 50 * MILLI_NS)).isZero();
        assertThat(paused.within(60 * MILLI_NS, 90 * MILLI_NS)).isZero();
        assertThat(PausedTime.of(List.of()).within(0, Long.MAX_VALUE)).isZero();
    }

    @Test
    void shouldTakeALateWakeUpInACollectionForThatCollections() {
        RunPauses pauses = new RunPauses(
                List.of(collection(10, 20), stall(12, 22), stall(40, 50)), List.of(stall(12, 14), stall(48, 52)));

        assertThat(pauses.serverCollections().within(0, 100 * MILLI_NS)).isEqualTo(10 * MILLI_NS);
        assertThat(pauses.generatorCollections().within(0, 100 * MILLI_NS)).isZero();
        // The generator's own stall at 12 was in no collection of its own.
        assertThat(pauses.stalls().within(0, 100 * MILLI_NS)).isEqualTo(14 * MILLI_NS);
    }

    @Test
    void shouldTellThemOnTheReadersClockAndLeaveOutWhatWasToldBefore() {
        Pauses before = new Pauses(980 * MILLI_NS, List.of(stall(900, 950)));
        Pauses after = new Pauses(2_000 * MILLI_NS, List.of(stall(900, 950), stall(1_500, 1_600)));

        assertThat(after.since(before).on(7_000 * MILLI_NS)).containsExactly(stall(6_500, 6_600));
    }

    @Test
    void shouldKeepTheLastOnes() {
        PauseLog log = new PauseLog();
        for (int i = 0; i <= PauseLog.CAPACITY; i++) {
            log.add(stall(i, i + 1));
        }

        assertThat(log.all()).hasSize(PauseLog.CAPACITY).first().isEqualTo(stall(1, 2));
    }

    @Test
    void shouldNoteAWakeUpThatComesTooLate() {
        PauseLog log = new PauseLog();
        PauseWatch.onWakeUp(log, 10 * MILLI_NS, 10 * MILLI_NS + PauseWatch.LEAST_NS - 1);
        PauseWatch.onWakeUp(log, 30 * MILLI_NS, 80 * MILLI_NS);

        assertThat(log.all()).containsExactly(stall(30, 80));
    }

    /** The JVM tells whole milliseconds, on a thread of its own. */
    @Test
    void shouldTellWhenThisProcessCollectedGarbage() throws InterruptedException {
        CountDownLatch told = new CountDownLatch(1);
        AtomicLong beforeNs = new AtomicLong(Long.MAX_VALUE);
        PauseLog log = new PauseLog();
        Consumer<Pause> listener = pause -> {
            log.add(pause);
            if (pause.fromNs() > beforeNs.get() - SLACK_NS) {
                told.countDown();
            }
        };
        try (CollectionWatch _ = new CollectionWatch(listener, System::nanoTime)) {
            beforeNs.set(System.nanoTime());
            System.gc();
            long afterNs = System.nanoTime();

            assertThat(told.await(20, TimeUnit.SECONDS))
                    .as(log.all().toString())
                    .isTrue();
            assertThat(log.all()).anyMatch(each -> isCollectionWithin(each, beforeNs.get(), afterNs));
        }
    }

    private static boolean isCollectionWithin(Pause pause, long fromNs, long toNs) {
        return pause.kind() == Pause.Kind.COLLECTION
                && pause.fromNs() > fromNs - SLACK_NS
                && pause.toNs() < toNs + SLACK_NS;
    }
}
