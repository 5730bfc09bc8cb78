package dev.thaw.scheduler.control;

import java.util.Locale;
import java.util.Map;

/** What tags a function may have. */
final class TagRules {
    private static final int MAX_TAGS = 50;
    /** Of tags that the service itself sets. */
    private static final String SYSTEM_PREFIX = "aws:";

    private static final int MAX_KEY_LENGTH = 128;
    private static final int MAX_VALUE_LENGTH = 256;

    private TagRules() {}

    /** The tags of a request; none where it says nothing of them. */
    static Map<String, String> read(Body body) {
        Map<String, String> tags = body.map("Tags");
        if (tags == null) {
            return Map.of();
        }
        check(tags);
        return tags;
    }

    static void check(Map<String, String> tags) {
        for (String key : tags.keySet()) {
            if (key.toLowerCase(Locale.ROOT).startsWith(SYSTEM_PREFIX)) {
                throw ServiceFault.invalidParameter("Tag keys must not start with " + SYSTEM_PREFIX + ": " + key);
            }
        }
        if (tags.size() > MAX_TAGS) {
            throw ServiceFault.invalidParameter("Number of tags exceeds resource tag limit.");
        }
        for (Map.Entry<String, String> tag : tags.entrySet()) {
            if (tag.getKey().isEmpty()
                    || tag.getKey().length() > MAX_KEY_LENGTH
                    || tag.getValue().length() > MAX_VALUE_LENGTH) {
                throw ServiceFault.invalidParameter("Tag keys must have 1.." + MAX_KEY_LENGTH
                        + " characters and values at most " + MAX_VALUE_LENGTH + ".");
            }
        }
    }
}
