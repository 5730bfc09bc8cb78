package dev.thaw.scheduler.events.source;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * When a schedule fires: {@code rate(5 minutes)} or {@code cron(0 12 ? * MON-FRI *)}, as EventBridge has them, in UTC.
 * Pure.
 */
public sealed interface ScheduleExpression permits ScheduleExpression.Rate, CronExpression {
    /** It fires no more. */
    long NEVER = Long.MAX_VALUE;

    /** The first moment after this one, for a schedule that began at {@code startEpochMs}; or {@link #NEVER}. */
    long nextEpochMs(long startEpochMs, long afterEpochMs);

    /** Every so often, from its start on. */
    record Rate(long periodMs) implements ScheduleExpression {
        private static final Pattern TEXT = Pattern.compile("rate\\((\\d{1,9}) (minute|hour|day)(s?)\\)");
        private static final Map<String, Long> UNITS_MS =
                Map.of("minute", 60_000L, "hour", 3_600_000L, "day", 86_400_000L);

        @Override
        public long nextEpochMs(long startEpochMs, long afterEpochMs) {
            long periods = Math.floorDiv(Math.max(afterEpochMs, startEpochMs) - startEpochMs, periodMs) + 1;
            return startEpochMs + periods * periodMs;
        }

        private static Rate parse(String text) {
            Matcher matcher = TEXT.matcher(text);
            if (!matcher.matches()) {
                throw new IllegalArgumentException("must be rate(N minutes), hours or days");
            }
            long value = Long.parseLong(matcher.group(1));
            boolean plural = !matcher.group(3).isEmpty();
            if (value == 0 || plural != (value > 1)) {
                throw new IllegalArgumentException("must be 1 minute, or 2 minutes or more");
            }
            return new Rate(value * UNITS_MS.getOrDefault(matcher.group(2), 0L));
        }
    }

    /** Reads an expression; throws {@link IllegalArgumentException}, which says what is wrong with it. */
    static ScheduleExpression parse(String text) {
        String trimmed = text.strip();
        try {
            if (trimmed.toLowerCase(Locale.ROOT).startsWith("rate(")) {
                return Rate.parse(trimmed.toLowerCase(Locale.ROOT));
            }
            if (trimmed.startsWith("cron(") && trimmed.endsWith(")")) {
                return CronExpression.parse(trimmed.substring("cron(".length(), trimmed.length() - 1));
            }
        } catch (IllegalArgumentException wrong) {
            throw new IllegalArgumentException("schedule '" + text + "': " + wrong.getMessage(), wrong);
        }
        throw new IllegalArgumentException("schedule '" + text + "': must be rate(..) or cron(..)");
    }
}
