package dev.thaw.scheduler.policy;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A policy as people write it: {@code name}, {@code name:value} or {@code name:key=value,key=value}. Options are taken out
 * one by one; {@link #build} refuses what is left.
 *
 * <p>Threading: none.
 */
final class PolicyOptions {
    /** Stands for the key of a value without one. */
    private static final String PLAIN = "";

    private static final Pattern DURATION = Pattern.compile("(\\d{1,12}(?:\\.\\d{1,9})?)(us|ms|s|m|h)");
    private static final Pattern NUMBER = Pattern.compile("\\d{1,9}(?:\\.\\d{1,9})?");

    final String name;
    private final Map<String, String> options = new LinkedHashMap<>();

    PolicyOptions(String text) {
        int colon = text.indexOf(':');
        name = colon < 0 ? text : text.substring(0, colon);
        if (colon >= 0) {
            for (String part : text.substring(colon + 1).split(",", -1)) {
                put(part);
            }
        }
    }

    static boolean isDuration(String text) {
        return DURATION.matcher(text).matches();
    }

    private void put(String part) {
        int equals = part.indexOf('=');
        String key = equals < 0 ? PLAIN : part.substring(0, equals).strip();
        String value = part.substring(equals + 1).strip();
        if (value.isEmpty() || (equals >= 0 && key.isEmpty())) {
            throw new IllegalArgumentException(name + ": '" + part + "' is no option, must be VALUE or KEY=VALUE");
        }
        if (options.putIfAbsent(key, value) != null) {
            throw new IllegalArgumentException(name + ": " + (key.isEmpty() ? "a value" : key) + " is given twice");
        }
    }

    /** The value without a key where it has the shape of a duration, or else what is said with this key. */
    long durationNs(String key, long otherwiseNs) {
        String text = take(key);
        if (text == null) {
            return otherwiseNs;
        }
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            throw wrong(key, text, "a duration such as 100ms, 60s or 10m");
        }
        double unitNs = switch (matcher.group(2)) {
            case "us" -> 1e3;
            case "ms" -> 1e6;
            case "s" -> 1e9;
            case "m" -> 60e9;
            default -> 3600e9;
        };
        return Math.round(Double.parseDouble(matcher.group(1)) * unitNs);
    }

    double number(String key, double otherwise, double least, double most) {
        String text = take(key);
        if (text == null) {
            return otherwise;
        }
        double value = NUMBER.matcher(text).matches() ? Double.parseDouble(text) : Double.NaN;
        if (!(value >= least && value <= most)) {
            throw wrong(key, text, plain(least) + ".." + plain(most));
        }
        return value;
    }

    int integer(String key, int otherwise, int least, int most) {
        double value = number(key, otherwise, least, most);
        if (value != Math.rint(value)) {
            throw wrong(key, plain(value), "a whole number");
        }
        return (int) value;
    }

    /** All that is left, by key, as weights. */
    Map<String, Integer> weights() {
        Map<String, Integer> weights = new LinkedHashMap<>();
        for (String key : options.keySet().toArray(String[]::new)) {
            if (!key.isEmpty()) {
                weights.put(key, integer(key, 1, 1, 1_000_000));
            }
        }
        return weights;
    }

    /** Makes the policy, once nothing of its text is left over. */
    <T> T build(Supplier<T> policy) {
        if (!options.isEmpty()) {
            String key = options.keySet().iterator().next();
            throw new IllegalArgumentException(name + " has no option " + (key.isEmpty() ? options.get(key) : key));
        }
        try {
            return policy.get();
        } catch (IllegalArgumentException wrong) {
            throw new IllegalArgumentException(name + ": " + wrong.getMessage(), wrong);
        }
    }

    private @Nullable String take(String key) {
        return options.remove(key);
    }

    private IllegalArgumentException wrong(String key, String text, String expected) {
        String what = key.isEmpty() ? "" : key + " is ";
        return new IllegalArgumentException(name + ": " + what + "'" + text + "', must be " + expected);
    }

    private static String plain(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }
}
