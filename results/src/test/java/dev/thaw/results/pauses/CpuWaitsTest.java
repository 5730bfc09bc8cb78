package dev.thaw.results.pauses;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CpuWaitsTest {
    private static final long MILLI_NS = 1_000_000;

    @TempDir
    private Path folder;

    private static CpuWait waited(long fromMs, long toMs, long waitedMs) {
        return new CpuWait(fromMs * MILLI_NS, toMs * MILLI_NS, waitedMs * MILLI_NS);
    }

    @Test
    void shouldCountOfAStretchAsMuchAsFits() {
        CpuWaits waits = CpuWaits.of(List.of(waited(30, 40, 2), waited(10, 20, 4), waited(0, 100, 1)));

        assertThat(waits.within(0, 100 * MILLI_NS)).isEqualTo(7 * MILLI_NS);
        assertThat(waits.within(18 * MILLI_NS, 25 * MILLI_NS)).isEqualTo(3 * MILLI_NS);
        assertThat(waits.within(20 * MILLI_NS, 30 * MILLI_NS)).isEqualTo(MILLI_NS);
        assertThat(waits.within(100 * MILLI_NS, 200 * MILLI_NS)).isZero();
        assertThat(CpuWaits.of(List.of()).within(0, Long.MAX_VALUE)).isZero();
    }

    /** Of several threads. */
    @Test
    void shouldNotCountMoreThanThereWas() {
        CpuWaits waits = CpuWaits.of(List.of(waited(10, 20, 8), waited(10, 20, 9)));

        assertThat(waits.within(10 * MILLI_NS, 15 * MILLI_NS)).isEqualTo(5 * MILLI_NS);
    }

    @Test
    void shouldNoteWhatWasWaitedBetweenTwoLooks() throws IOException {
        Path schedstat = folder.resolve("schedstat");
        List<CpuWait> noted = new ArrayList<>();
        Files.writeString(schedstat, "100 5000000 3\n");
        RunDelay delay = Objects.requireNonNull(RunDelay.open(schedstat));
        try (CpuWaitWatch watch = new CpuWaitWatch(delay, noted::add, 10 * MILLI_NS)) {
            Files.writeString(schedstat, "200 8000000 4\n");
            watch.look(10 * MILLI_NS + CpuWaitWatch.PERIOD_NS - 1);
            assertThat(noted).as("too soon").isEmpty();
            watch.look(12 * MILLI_NS);
            Files.writeString(schedstat, "300 " + (8_000_000 + CpuWaitWatch.LEAST_NS - 1) + " 5\n");
            watch.look(14 * MILLI_NS);

            assertThat(noted).containsExactly(waited(10, 12, 3));
            Files.writeString(schedstat, "");
            assertThat(watch.look(16 * MILLI_NS)).as("more to see").isFalse();
        }
    }

    @Test
    void shouldTellNothingWhereTheSystemDoesNot() throws IOException {
        assertThat(RunDelay.open(folder.resolve("none"))).isNull();
        assertThat(RunDelay.open(Files.writeString(folder.resolve("other"), "not numbers")))
                .isNull();
        assertThat(RunDelay.open(Files.writeString(folder.resolve("uncounted"), "0 0 0\n")))
                .isNull();
        assertThat(new PauseLog().told(0).cpuWaits()).as("nobody has looked").isNull();
    }

    @Test
    void shouldFindThreadsOfThisProcessByTheirNames() {
        PauseLog log = new PauseLog();
        try (ThreadWatch watch = new ThreadWatch(_ -> true, log)) {
            watch.look(0);
        }
        boolean tells = Files.exists(Path.of("/proc/thread-self/schedstat"));
        assertThat(log.told(0).cpuWaits() != null).isEqualTo(tells);
        PauseLog ofOthers = new PauseLog();
        try (ThreadWatch watch = new ThreadWatch("nobody"::equals, ofOthers)) {
            watch.look(0);
        }
        assertThat(ofOthers.told(0).cpuWaits()).isNull();
    }
}
