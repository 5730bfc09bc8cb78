package dev.thaw.scheduler.control;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Collects the constraints of the service model that a request breaks, and refuses it with all of them at once, worded as
 * the service words them (wire.md W5, {@code ValidationException}).
 */
final class Checks {
    private final List<String> broken = new ArrayList<>();

    /** Refuses the request where a constraint was broken. */
    void refuse() {
        if (!broken.isEmpty()) {
            String errors = broken.size() == 1 ? "1 validation error" : broken.size() + " validation errors";
            throw new ServiceFault(400, "ValidationException", errors + " detected: " + String.join("; ", broken));
        }
    }

    /** One constraint, in words. */
    void add(@Nullable Object value, String at, String constraint) {
        String shown = value == null ? "null" : "'" + value + "'";
        broken.add("Value " + shown + " at '" + at + "' failed to satisfy constraint: " + constraint);
    }

    void required(@Nullable Object value, String at) {
        if (value == null) {
            add(null, at, "Member must not be null");
        }
    }

    void length(@Nullable String value, String at, int least, int most) {
        if (value != null && value.length() > most) {
            add(value, at, "Member must have length less than or equal to " + most);
        }
        if (value != null && value.length() < least) {
            add(value, at, "Member must have length greater than or equal to " + least);
        }
    }

    void size(Collection<?> values, String at, int least, int most) {
        if (values.size() > most) {
            add(values, at, "Member must have length less than or equal to " + most);
        }
        if (values.size() < least) {
            add(values, at, "Member must have length greater than or equal to " + least);
        }
    }

    void pattern(@Nullable String value, String at, Pattern pattern) {
        pattern(value, at, pattern, pattern.pattern());
    }

    /** Another pattern is shown than is asked, where the service's own says less than it means. */
    void pattern(@Nullable String value, String at, Pattern pattern, String shown) {
        if (value != null && !pattern.matcher(value).matches()) {
            add(value, at, "Member must satisfy regular expression pattern: " + shown);
        }
    }

    void range(@Nullable Integer value, String at, int least, int most) {
        if (value != null && value < least) {
            add(value, at, "Member must have value greater than or equal to " + least);
        }
        if (value != null && value > most) {
            add(value, at, "Member must have value less than or equal to " + most);
        }
    }

    void oneOf(@Nullable String value, String at, Collection<String> values) {
        if (value != null && !values.contains(value)) {
            add(value, at, "Member must satisfy enum value set: [" + String.join(", ", values) + "]");
        }
    }

    void eachOf(Collection<String> values, String at, Collection<String> allowed) {
        if (!allowed.containsAll(values)) {
            add(
                    values,
                    at,
                    "Member must satisfy constraint: [Member must satisfy enum value set: ["
                            + String.join(", ", allowed) + "], Member must not be null]");
        }
    }
}
