package dev.thaw.results;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.TimeZone;
import org.HdrHistogram.HistogramLogWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class IntervalLogTest {
    @TempDir
    private Path directory;

    /** In UTC as HdrHistogram itself writes it there, and the same elsewhere. */
    @Test
    void shouldTellItsStartAlikeWhereverItIsWritten() throws IOException {
        TimeZone zone = TimeZone.getDefault();
        Locale locale = Locale.getDefault();
        try {
            TimeZone.setDefault(TimeZone.getTimeZone("UTC"));
            ByteArrayOutputStream expected = new ByteArrayOutputStream();
            new HistogramLogWriter(new PrintStream(expected, true, StandardCharsets.UTF_8))
                    .outputStartTime(1_700_000_000_123L);
            TimeZone.setDefault(TimeZone.getTimeZone("Asia/Kathmandu"));
            Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
            new IntervalLog(directory, "x.hlog", "x", 1_700_000_000_123L, new BundleFailure()).close();

            assertThat(Files.readAllLines(directory.resolve("x.hlog")).get(2))
                    .isEqualTo(expected.toString(StandardCharsets.UTF_8).strip());
        } finally {
            TimeZone.setDefault(zone);
            Locale.setDefault(locale);
        }
    }
}
