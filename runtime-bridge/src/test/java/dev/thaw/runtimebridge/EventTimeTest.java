package dev.thaw.runtimebridge;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

final class EventTimeTest {
    private static final DateTimeFormatter REFERENCE =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    @Property
    void shouldWordEveryTimeAsTheFormatDoes(
            @ForAll @LongRange(min = 0, max = 253_402_300_799_999L) long epochMs,
            @ForAll @LongRange(max = 90_000) long later) {
        assertThat(written(epochMs)).isEqualTo(REFERENCE.format(Instant.ofEpochMilli(epochMs)));
        long next = Math.min(253_402_300_799_999L, epochMs + later);
        assertThat(written(next)).isEqualTo(REFERENCE.format(Instant.ofEpochMilli(next)));
    }

    private static String written(long epochMs) {
        byte[] out = new byte[2 + EventTime.LENGTH];
        EventTime.write(epochMs, out, 1);
        return new String(out, 1, EventTime.LENGTH, StandardCharsets.US_ASCII);
    }
}
