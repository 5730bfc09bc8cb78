package dev.thaw.scheduler.events.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ScheduleExpressionTest {
    private static final long YEAR_2199_MS = 7_226_582_400_000L;

    /** 2024-05-17 is a Friday, 2024-06-01 a Saturday, 2024-06-30 a Sunday. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "cron(0 12 * * ? *) | 2024-05-17T11:59:59.999Z | 2024-05-17T12:00:00Z",
                "cron(0 12 * * ? *) | 2024-05-17T12:00:00Z | 2024-05-18T12:00:00Z",
                "cron(0/15 * * * ? *) | 2024-05-17T11:16:00Z | 2024-05-17T11:30:00Z",
                "cron(5-10/5 8,17 * * ? *) | 2024-05-17T08:10:00Z | 2024-05-17T17:05:00Z",
                "cron(0 8 1 * ? *) | 2024-05-17T00:00:00Z | 2024-06-01T08:00:00Z",
                "cron(0 18 ? * MON-FRI *) | 2024-05-17T18:00:00Z | 2024-05-20T18:00:00Z",
                "cron(0 18 ? * 1 *) | 2024-05-17T18:00:00Z | 2024-05-19T18:00:00Z",
                "cron(0 0 L * ? *) | 2024-02-01T00:00:00Z | 2024-02-29T00:00:00Z",
                "cron(0 0 31 * ? *) | 2024-06-01T00:00:00Z | 2024-07-31T00:00:00Z",
                "cron(0 0 1W * ? *) | 2024-05-31T00:00:00Z | 2024-06-03T00:00:00Z",
                "cron(0 0 30W * ? *) | 2024-06-01T00:00:00Z | 2024-06-28T00:00:00Z",
                "cron(0 0 ? * 6L *) | 2024-05-17T00:00:00Z | 2024-05-31T00:00:00Z",
                "cron(0 0 ? * L *) | 2024-05-17T00:00:00Z | 2024-05-18T00:00:00Z",
                "cron(0 0 ? * 3#2 *) | 2024-05-17T00:00:00Z | 2024-06-11T00:00:00Z",
                "cron(0 0 ? * TUE#5 *) | 2024-05-01T00:00:00Z | 2024-07-30T00:00:00Z",
                "cron(0 0 29 FEB ? *) | 2024-03-01T00:00:00Z | 2028-02-29T00:00:00Z",
                "cron(30 6 1 JAN ? 2030) | 2024-05-17T00:00:00Z | 2030-01-01T06:30:00Z",
                "cron(0 0 1 1 ? 2030/10) | 2031-05-17T00:00:00Z | 2040-01-01T00:00:00Z",
            })
    void shouldFireNextAt(String expression, Instant after, Instant next) {
        long nextMs = ScheduleExpression.parse(expression).nextEpochMs(0, after.toEpochMilli());
        assertThat(Instant.ofEpochMilli(nextMs)).isEqualTo(next);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "rate(1 minute) | 1000 | 1000 | 61000",
                "rate(1 minute) | 1000 | 61000 | 121000",
                "rate(2 hours) | 0 | 7199999 | 7200000",
                "rate(1 day) | 500 | 0 | 86400500",
            })
    void shouldFireEverySoOftenFromItsStartOn(String expression, long startMs, long afterMs, long nextMs) {
        assertThat(ScheduleExpression.parse(expression).nextEpochMs(startMs, afterMs))
                .isEqualTo(nextMs);
    }

    @ParameterizedTest
    @CsvSource({"cron(0 0 1 1 ? 2020)", "cron(0 0 30 2 ? *)"})
    void shouldNeverFireAgain(String expression) {
        assertThat(ScheduleExpression.parse(expression).nextEpochMs(0, 1_715_938_200_000L))
                .isEqualTo(ScheduleExpression.NEVER);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "every day | must be rate(..) or cron(..)",
                "rate(0 minutes) | must be 1 minute, or 2 minutes or more",
                "rate(1 minutes) | must be 1 minute, or 2 minutes or more",
                "rate(5 minute) | must be 1 minute, or 2 minutes or more",
                "rate(5 seconds) | must be rate(N minutes), hours or days",
                "cron(0 12 * * ?) | must have 6 fields: minutes, hours, day-of-month, month, day-of-week, year",
                "cron(0 12 * * * *) | either day-of-month or day-of-week must be ?",
                "cron(0 12 ? * ? *) | either day-of-month or day-of-week must be ?",
                "cron(60 12 * * ? *) | minutes: '60', must be 0..59",
                "cron(0 24 * * ? *) | hours: '24', must be 0..23",
                "cron(0 9-8 * * ? *) | hours: '9-8', must be 0..23",
                "cron(0/0 8 * * ? *) | minutes: '0/0', must be 0..59",
                "cron(0 8 32W * ? *) | day-of-month: '32W', must be 1..31",
                "cron(0 8 * SEPT ? *) | month: 'SEPT', must be 1..12",
                "cron(0 8 ? * 8 *) | day-of-week: '8', must be 1..7",
                "cron(0 8 * * ? 2200) | year: '2200', must be 1970..2199",
                "cron(0, 8 * * ? *) | minutes: '', must be 0..59",
            })
    void shouldSayWhatIsWrong(String expression, String problem) {
        assertThatThrownBy(() -> ScheduleExpression.parse(expression))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("schedule '" + expression + "': " + problem);
    }

    /** Against stepping minute by minute. */
    @Property(tries = 200)
    void shouldFireAtTheFirstMinuteThatFits(
            @ForAll @Size(min = 1, max = 3) Set<@IntRange(max = 59) Integer> minutes,
            @ForAll @Size(min = 1, max = 3) Set<@IntRange(max = 23) Integer> hours,
            @ForAll @Size(min = 1, max = 4) Set<@IntRange(min = 1, max = 28) Integer> days,
            @ForAll @LongRange(max = YEAR_2199_MS) long afterMs) {
        ScheduleExpression expression =
                ScheduleExpression.parse("cron(" + list(minutes) + " " + list(hours) + " " + list(days) + " * ? *)");
        LocalDateTime expected = LocalDateTime.ofEpochSecond(Math.floorDiv(afterMs, 60_000L) * 60, 0, ZoneOffset.UTC)
                .plusMinutes(1);
        while (!(minutes.contains(expected.getMinute())
                && hours.contains(expected.getHour())
                && days.contains(expected.getDayOfMonth()))) {
            expected = expected.plusMinutes(1);
        }
        assertThat(expression.nextEpochMs(0, afterMs))
                .isEqualTo(expected.toInstant(ZoneOffset.UTC).toEpochMilli());
    }

    @Property(tries = 200)
    void shouldFireAtEachOfItsPeriodsOnce(
            @ForAll @IntRange(min = 2, max = 10_000) int minutes,
            @ForAll @LongRange(max = YEAR_2199_MS) long startMs,
            @ForAll @LongRange(max = 1L << 40) long sinceMs) {
        ScheduleExpression expression = ScheduleExpression.parse("rate(" + minutes + " minutes)");
        long nextMs = expression.nextEpochMs(startMs, startMs + sinceMs);
        assertThat(nextMs - startMs).isGreaterThan(sinceMs).isLessThanOrEqualTo(sinceMs + minutes * 60_000L);
        assertThat((nextMs - startMs) % (minutes * 60_000L)).isZero();
    }

    private static String list(Set<Integer> values) {
        return values.stream().map(String::valueOf).collect(Collectors.joining(","));
    }
}
