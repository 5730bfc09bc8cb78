package dev.thaw.cli.plan;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How much concurrency each function has provisioned, in words: {@code none}, a number for every function, or {@code p99}:
 * what is enough in 99 % of the time.
 */
record Provisioned(String text, int each, double share) {
    private static final Pattern NUMBER = Pattern.compile("\\d{1,4}");
    private static final Pattern PERCENTILE = Pattern.compile("p(\\d{1,2}(?:\\.\\d{1,3})?)");

    /** One line says what is wrong with any other text. */
    static Provisioned parse(String text) {
        if (text.equals("none")) {
            return new Provisioned(text, 0, 0);
        }
        if (NUMBER.matcher(text).matches()) {
            return new Provisioned(text, Integer.parseInt(text), 0);
        }
        Matcher percentile = PERCENTILE.matcher(text);
        if (!percentile.matches()) {
            throw new IllegalArgumentException(
                    "'" + text + "', must be none, a number for each function, or a share of its time such as p99");
        }
        return new Provisioned(text, 0, Double.parseDouble(percentile.group(1)) / 100);
    }

    int of(int functionId, BusyLevels levels) {
        return share > 0 ? levels.enough(functionId, share) : each;
    }

    boolean isNone() {
        return each == 0 && share == 0;
    }
}
