package dev.thaw.sandbox.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KernelCounterTest {
    private static final String CPU_STAT = "nr_periods 7\nnr_throttled 3\nthrottled_time 123456789012\nlast 5";

    @TempDir
    Path folder;

    @Test
    void shouldReadTheNumberBehindItsKeyInItsUnit() throws IOException {
        assertThat(read(CPU_STAT, "throttled_time", 1)).isEqualTo(123_456_789_012L);
        assertThat(read(CPU_STAT, "nr_periods", 1000)).isEqualTo(7000);
        assertThat(read(CPU_STAT, "last", 1)).isEqualTo(5);
        assertThat(read("42\n", "", 1)).isEqualTo(42);
    }

    @Test
    void shouldTellWhatItDoesNotKnow() throws IOException {
        assertThat(read(CPU_STAT, "nr", 1)).isEqualTo(-1);
        assertThat(read(CPU_STAT, "throttled_time_more", 1)).isEqualTo(-1);
        assertThat(read("", "", 1)).isEqualTo(-1);
        KernelCounter absent = KernelCounter.open(folder.resolve("absent").toString(), "", 1);
        assertThat(absent.read()).isEqualTo(-1);
        absent.close();
    }

    private long read(String content, String key, long scale) throws IOException {
        Path file = Files.writeString(folder.resolve("file"), content);
        KernelCounter counter = KernelCounter.open(file.toString(), key, scale);
        try {
            return counter.read();
        } finally {
            counter.close();
        }
    }
}
