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

    private static CpuWait waited(long fromMs, long toMs) {
        return new CpuWait(fromMs * MILLI_NS, toMs * MILLI_NS, MILLI_NS);
    }

    private static Pauses told(Pause... pauses) {
        return new Pauses(0, List.of(pauses), null, 0);
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
                told(collection(10, 20), stall(12, 22), stall(40, 50)), told(stall(12, 14), stall(48, 52)));

        assertThat(pauses.serverCollections().within(0, 100 * MILLI_NS)).isEqualTo(10 * MILLI_NS);
        assertThat(pauses.generatorCollections().within(0, 100 * MILLI_NS)).isZero();
        // The generator's own stall at 12 was in no collection of its own.
        assertThat(pauses.stalls().within(0, 100 * MILLI_NS)).isEqualTo(14 * MILLI_NS);
    }

    @Test
    void shouldTellThemOnTheReadersClockAndLeaveOutWhatWasToldBefore() {
        Pauses before = new Pauses(980 * MILLI_NS, List.of(stall(900, 950)), List.of(waited(900, 960)), 0);
        Pauses after = new Pauses(
                2_000 * MILLI_NS,
                List.of(stall(900, 950), stall(1_500, 1_600)),
                List.of(waited(900, 960), waited(1_510, 1_520)),
                0);

        Pauses read = after.since(before).on(6_990 * MILLI_NS, 7_010 * MILLI_NS);

        assertThat(read.all()).containsExactly(stall(6_500, 6_600));
        assertThat(read.cpuWaits()).containsExactly(waited(6_510, 6_520));
        assertThat(read.dropped()).isZero();
        assertThat(read.inNsSince(6_550 * MILLI_NS).all()).containsExactly(stall(-50, 50));
        assertThat(read.inNsSince(6_600 * MILLI_NS).all()).isEmpty();
        assertThat(read.inNsSince(6_600 * MILLI_NS).cpuWaits()).isEmpty();
    }

    /** Both may have waited for long: to serialize, to send, to parse. */
    @Test
    void shouldShiftNothingWhereTheirClockIsTheReaders() {
        Pauses told = new Pauses(2_000 * MILLI_NS, List.of(stall(1_500, 1_600)), null, 0);

        assertThat(told.on(2_000 * MILLI_NS, 2_080 * MILLI_NS)).isEqualTo(told);
        assertThat(told.on(1_900 * MILLI_NS, 2_000 * MILLI_NS)).isEqualTo(told);
        assertThat(told.on(2_001 * MILLI_NS, 2_081 * MILLI_NS).all()).containsExactly(stall(1_541, 1_641));
        assertThat(told.on(-500 * MILLI_NS, -460 * MILLI_NS).all()).containsExactly(stall(-980, -880));
    }

    @Test
    void shouldKeepALongStallWithAShortCollectionInIt() {
        RunPauses pauses = new RunPauses(
                told(stall(100, 180), collection(120, 121), stall(200, 210), collection(205, 210)), told());

        assertThat(pauses.stalls().within(0, 1_000 * MILLI_NS)).isEqualTo(80 * MILLI_NS);
        assertThat(pauses.serverCollections().within(0, 1_000 * MILLI_NS)).isEqualTo(6 * MILLI_NS);
    }

    /** Of collectors that pause for hundredths of a millisecond, hundreds would else be an excess of their own. */
    @Test
    void shouldGiveACollectionOfLessThanAMillisecondNoLength() {
        PauseLog log = new PauseLog();
        try (CollectionWatch watch = new CollectionWatch(log::add, () -> 500 * MILLI_NS, () -> 100)) {
            watch.onCollection(90, 0);
            watch.onCollection(95, 3);
        }

        assertThat(log.told(0).all()).contains(collection(490, 490), collection(492, 495));
        RunPauses pauses = new RunPauses(told(collection(490, 490), stall(480, 500)), told());
        assertThat(pauses.serverCollections().within(0, 1_000 * MILLI_NS)).isZero();
        assertThat(pauses.stalls().within(0, 1_000 * MILLI_NS)).isEqualTo(20 * MILLI_NS);
    }

    @Test
    void shouldKeepTheLastOnes() {
        PauseLog log = new PauseLog();
        for (int i = 0; i <= PauseLog.CAPACITY; i++) {
            log.add(stall(i, i + 1));
        }

        Pauses told = log.told(0);
        assertThat(told.all()).hasSize(PauseLog.CAPACITY).first().isEqualTo(stall(1, 2));
        assertThat(told.dropped()).isEqualTo(1);
    }

    @Test
    void shouldSayHowManyOfARunItHasForgotten() {
        PauseLog log = new PauseLog();
        int end = fill(log, 0, PauseLog.CAPACITY + 500);
        Pauses before = log.told(end * MILLI_NS);
        end = fill(log, end, 1_000);
        Pauses after = log.told(end * MILLI_NS).since(before);
        assertThat(after.all()).hasSize(1_000);
        assertThat(after.dropped()).as("older ones made room").isZero();

        end = fill(log, end, PauseLog.CAPACITY);
        after = log.told(end * MILLI_NS).since(before);
        assertThat(after.all()).hasSize(PauseLog.CAPACITY);
        assertThat(after.dropped()).isEqualTo(1_000);
        assertThat(after.on(0, 1).inNsSince(0).dropped()).isEqualTo(1_000);
    }

    /** Returns where they end. */
    private static int fill(PauseLog log, int from, int pauses) {
        for (int i = from; i < from + pauses; i++) {
            log.add(stall(i, i + 1));
        }
        return from + pauses;
    }

    @Test
    void shouldNoteAWakeUpThatComesTooLate() {
        PauseLog log = new PauseLog();
        PauseWatch.onWakeUp(log, 10 * MILLI_NS, 10 * MILLI_NS + PauseWatch.LEAST_NS - 1);
        PauseWatch.onWakeUp(log, 30 * MILLI_NS, 80 * MILLI_NS);

        assertThat(log.told(0).all()).containsExactly(stall(30, 80));
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
        try (CollectionWatch _ = new CollectionWatch(listener, System::nanoTime, System::currentTimeMillis)) {
            beforeNs.set(System.nanoTime());
            System.gc();
            long afterNs = System.nanoTime();

            assertThat(told.await(20, TimeUnit.SECONDS))
                    .as(log.told(0).all().toString())
                    .isTrue();
            assertThat(log.told(0).all()).anyMatch(each -> isCollectionWithin(each, beforeNs.get(), afterNs));
        }
    }

    private static boolean isCollectionWithin(Pause pause, long fromNs, long toNs) {
        return pause.kind() == Pause.Kind.COLLECTION
                && pause.fromNs() > fromNs - SLACK_NS
                && pause.toNs() < toNs + SLACK_NS;
    }
}
