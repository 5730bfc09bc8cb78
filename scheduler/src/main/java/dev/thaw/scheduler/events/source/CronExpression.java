package dev.thaw.scheduler.events.source;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.Predicate;

/**
 * {@code cron(minutes hours day-of-month month day-of-week year)}, in UTC. Pure.
 *
 * @param days of its months; see {@link CronDays}
 */
record CronExpression(CronField minutes, CronField hours, Predicate<LocalDate> days, CronField months, CronField years)
        implements ScheduleExpression {
    private static final List<String> MONTHS =
            List.of("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC");
    private static final int FIELDS = 6;
    private static final int FIRST_YEAR = 1970;
    private static final int LAST_YEAR = 2199;

    static CronExpression parse(String text) {
        String[] fields = text.strip().split(" +", -1);
        if (fields.length != FIELDS) {
            throw new IllegalArgumentException(
                    "must have 6 fields: minutes, hours, day-of-month, month, day-of-week, year");
        }
        return new CronExpression(
                CronField.parse("minutes", fields[0], 0, 59, List.of()),
                CronField.parse("hours", fields[1], 0, 23, List.of()),
                CronDays.parse(fields[2], fields[4]),
                CronField.parse("month", fields[3], 1, 12, MONTHS),
                CronField.parse("year", fields[5], FIRST_YEAR, LAST_YEAR, List.of()));
    }

    @Override
    public long nextEpochMs(long startEpochMs, long afterEpochMs) {
        LocalDateTime first = LocalDateTime.ofInstant(Instant.ofEpochMilli(afterEpochMs), ZoneOffset.UTC)
                .truncatedTo(ChronoUnit.MINUTES)
                .plusMinutes(1);
        LocalDate day = first.toLocalDate();
        LocalTime from = first.toLocalTime();
        while (day.getYear() <= LAST_YEAR) {
            if (!years.test(day.getYear())) {
                day = LocalDate.of(day.getYear() + 1, 1, 1);
            } else if (!months.test(day.getMonthValue())) {
                day = day.withDayOfMonth(1).plusMonths(1);
            } else {
                int minute = days.test(day) ? minuteOfDay(from) : -1;
                if (minute >= 0) {
                    return day.atStartOfDay()
                            .plusMinutes(minute)
                            .toInstant(ZoneOffset.UTC)
                            .toEpochMilli();
                }
                day = day.plusDays(1);
            }
            from = LocalTime.MIDNIGHT;
        }
        return NEVER;
    }

    /** The first that is allowed from this time on; -1 for none. */
    private int minuteOfDay(LocalTime from) {
        for (int hour = from.getHour(); hour < 24; hour++) {
            if (!hours.test(hour)) {
                continue;
            }
            for (int minute = hour == from.getHour() ? from.getMinute() : 0; minute < 60; minute++) {
                if (minutes.test(minute)) {
                    return hour * 60 + minute;
                }
            }
        }
        return -1;
    }
}
