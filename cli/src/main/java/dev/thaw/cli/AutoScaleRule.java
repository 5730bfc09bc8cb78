package dev.thaw.cli;

import dev.thaw.scheduler.core.ProvisionedScaling;
import dev.thaw.scheduler.core.ProvisionedScaling.Bounds;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * How one function's provisioned concurrency scales, as typed: {@code echo:PROD=1..10@0.7,08:00=5..10}. The first bounds
 * hold from midnight, UTC; without target the schedule alone decides.
 *
 * @param function name, with qualifier or without
 */
record AutoScaleRule(
        String function, List<Bounds> schedule, @Nullable Double target) {
    static final String SYNTAX = "NAME[:QUALIFIER]=MIN..MAX[@TARGET][,HH:MM=MIN..MAX]..";

    private static final Pattern FIRST = Pattern.compile("([\\w$:-]+)=(\\d{1,5})\\.\\.(\\d{1,5})(?:@(\\d*\\.?\\d+))?");
    private static final Pattern NEXT = Pattern.compile("([01]\\d|2[0-3]):([0-5]\\d)=(\\d{1,5})\\.\\.(\\d{1,5})");

    ProvisionedScaling scaling() {
        return new ProvisionedScaling(schedule, target);
    }

    static AutoScaleRule parse(String text) {
        String[] parts = text.split(",", -1);
        Matcher first = FIRST.matcher(parts[0]);
        if (!first.matches()) {
            throw wrong(text);
        }
        List<Bounds> schedule = new ArrayList<>();
        schedule.add(new Bounds(0, number(first, 2), number(first, 3)));
        for (int part = 1; part < parts.length; part++) {
            Matcher next = NEXT.matcher(parts[part]);
            if (!next.matches()) {
                throw wrong(text);
            }
            schedule.add(new Bounds(number(next, 1) * 60 + number(next, 2), number(next, 3), number(next, 4)));
        }
        String target = first.group(4);
        AutoScaleRule rule =
                new AutoScaleRule(first.group(1), schedule, target == null ? null : Double.valueOf(target));
        rule.scaling(); // says what is wrong with it
        return rule;
    }

    private static int number(Matcher matcher, int group) {
        return Integer.parseInt(matcher.group(group));
    }

    private static IllegalArgumentException wrong(String text) {
        return new IllegalArgumentException("'" + text + "', must be " + SYNTAX);
    }

    /** Reads it from a command line. */
    static final class Converter implements ITypeConverter<AutoScaleRule> {
        @Override
        public AutoScaleRule convert(String text) {
            try {
                return parse(text);
            } catch (IllegalArgumentException wrong) {
                throw new TypeConversionException(wrong.getMessage());
            }
        }
    }
}
