package dev.thaw.runtimebridge;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class LogTailTest {
    private final LogTail tail = new LogTail();

    @Test
    void shouldKeepEverythingWhileItFits() {
        append("START\n");
        append("END\n");
        assertThat(new String(tail.toBytes(), StandardCharsets.US_ASCII)).isEqualTo("START\nEND\n");
        tail.clear();
        assertThat(tail.toBytes()).isEmpty();
    }

    @Test
    void shouldKeepTheLastFourKilobytesOfPiecesOfAnySize() {
        Random random = new Random(7);
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < 200; i++) {
            String piece = Integer.toString(i).repeat(random.nextInt(i % 50 == 0 ? 5000 : 60));
            all.append(piece);
            append(piece);
            int from = Math.max(0, all.length() - LogTail.LIMIT_BYTES);
            assertThat(new String(tail.toBytes(), StandardCharsets.US_ASCII)).isEqualTo(all.substring(from));
        }
    }

    private void append(String text) {
        byte[] bytes = ("?" + text).getBytes(StandardCharsets.US_ASCII);
        tail.append(bytes, 1, text.length());
    }
}
