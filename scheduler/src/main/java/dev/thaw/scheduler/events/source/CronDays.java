package dev.thaw.scheduler.events.source;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.temporal.TemporalAdjusters;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The two fields of a cron expression that choose days, of which one must be {@code ?}: day of month with {@code L} (the
 * last) and {@code 15W} (the weekday nearest to the 15th, in its month), day of week (1 is Sunday) with {@code L} (the
 * week's last), {@code 6L} (the month's last Friday) and {@code 3#2} (its second Tuesday). Pure.
 */
final class CronDays {
    private static final String UNSET = "?";
    private static final String LAST = "L";
    private static final List<String> NAMES = List.of("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT");
    private static final Pattern NEAREST_WEEKDAY = Pattern.compile("(\\d{1,2})W");
    private static final Pattern LAST_OF_MONTH = Pattern.compile("([1-7]|[A-Z]{3})L");
    private static final Pattern NTH_OF_MONTH = Pattern.compile("([1-7]|[A-Z]{3})#([1-5])");
    private static final int LAST_DAY = 31;

    private CronDays() {}

    static Predicate<LocalDate> parse(String ofMonth, String ofWeek) {
        if (ofMonth.equals(UNSET) == ofWeek.equals(UNSET)) {
            throw new IllegalArgumentException("either day-of-month or day-of-week must be ?");
        }
        return ofWeek.equals(UNSET) ? daysOfMonth(ofMonth) : daysOfWeek(ofWeek);
    }

    private static Predicate<LocalDate> daysOfMonth(String text) {
        if (text.equals(LAST)) {
            return day -> day.getDayOfMonth() == day.lengthOfMonth();
        }
        Matcher nearest = NEAREST_WEEKDAY.matcher(text);
        if (nearest.matches()) {
            int wanted = Integer.parseInt(nearest.group(1));
            if (wanted < 1 || wanted > LAST_DAY) {
                throw new IllegalArgumentException("day-of-month: '" + text + "', must be 1..31");
            }
            return day -> wanted <= day.lengthOfMonth() && day.equals(nearestWeekday(day.withDayOfMonth(wanted)));
        }
        CronField days = CronField.parse("day-of-month", text, 1, LAST_DAY, List.of());
        return day -> days.test(day.getDayOfMonth());
    }

    private static LocalDate nearestWeekday(LocalDate day) {
        return switch (day.getDayOfWeek()) {
            case SATURDAY -> day.getDayOfMonth() == 1 ? day.plusDays(2) : day.minusDays(1);
            case SUNDAY -> day.getDayOfMonth() == day.lengthOfMonth() ? day.minusDays(2) : day.plusDays(1);
            default -> day;
        };
    }

    private static Predicate<LocalDate> daysOfWeek(String text) {
        Matcher last = LAST_OF_MONTH.matcher(text);
        if (last.matches()) {
            DayOfWeek wanted = dayOfWeek(last.group(1));
            return day -> day.equals(day.with(TemporalAdjusters.lastInMonth(wanted)));
        }
        Matcher nth = NTH_OF_MONTH.matcher(text);
        if (nth.matches()) {
            DayOfWeek wanted = dayOfWeek(nth.group(1));
            int number = Integer.parseInt(nth.group(2));
            return day -> day.getDayOfWeek() == wanted && (day.getDayOfMonth() - 1) / 7 + 1 == number;
        }
        CronField days = CronField.parse("day-of-week", text.equals(LAST) ? "7" : text, 1, 7, NAMES);
        return day -> days.test(day.getDayOfWeek().getValue() % 7 + 1);
    }

    private static DayOfWeek dayOfWeek(String text) {
        int number = NAMES.contains(text) ? NAMES.indexOf(text) + 1 : Integer.parseInt(text);
        return DayOfWeek.SATURDAY.plus(number);
    }
}
