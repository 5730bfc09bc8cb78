package dev.thaw.loadgen;

import dev.thaw.results.CauseText;
import java.net.ConnectException;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Counts of why invocations were lost or not sent. */
final class Causes {
    /** A peer that words each failure differently must not fill the memory. */
    private static final int MAX_DIFFERENT = 100;

    private final Map<String, Long> counts = new TreeMap<>();

    void add(String cause) {
        String key = counts.size() < MAX_DIFFERENT || counts.containsKey(cause) ? cause : "other";
        counts.merge(key, 1L, Long::sum);
    }

    void clear() {
        counts.clear();
    }

    Map<String, Long> counts() {
        return counts;
    }

    /** What went wrong, without addresses, so that equal causes count together. */
    static String describe(Throwable problem) {
        String text = String.valueOf(problem.getMessage());
        String lower = text.toLowerCase(Locale.ROOT);
        if (lower.contains("refused")) {
            return "connection refused";
        }
        if (lower.contains("reset")) {
            return "connection reset";
        }
        if (problem instanceof ConnectException) {
            return "cannot connect: " + text.replaceAll(": /?\\S+:\\d+$", "");
        }
        return CauseText.of(problem);
    }
}
