package dev.thaw.loadgen;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.agrona.concurrent.NanoClock;
import org.junit.jupiter.api.Test;

final class WarmUpTest {
    private static List<Path> rehearsals() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.filter(file -> file.getFileName().toString().startsWith("thaw-rehearsal"))
                    .toList();
        }
    }

    /** Each look at the clock is a second: the bound is over before the compiler can have come to rest. */
    private static NanoClock hasty() {
        long[] nowNs = {0};
        return () -> nowNs[0] += 1_000_000_000L;
    }

    @Test
    void shouldEndAtItsBoundAndLeaveNoFiles() throws IOException, InterruptedException {
        List<Path> before = rehearsals();

        WarmUp.run(1, hasty());

        assertThat(rehearsals()).isEqualTo(before);
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().equals("thaw-load-1"));
    }

    @Test
    void shouldAskTheKernelForShortSlicesWhereItKnowsThem() throws InterruptedException {
        boolean[] taken = {false};
        Thread thread = new Thread(() -> taken[0] = ShortSlice.request(), "short-slice");
        thread.start();
        thread.join();

        assertThat(taken[0]).isEqualTo(System.getProperty("os.name").equals("Linux"));
    }
}
