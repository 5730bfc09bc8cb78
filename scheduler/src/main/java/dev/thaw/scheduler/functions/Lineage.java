package dev.thaw.scheduler.functions;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.zip.CRC32C;

/**
 * How often functions ran in one chain of invocations: the part {@code Lineage=hash:count|hash:count} of a trace header,
 * which clients inside functions pass on with what they send. Pure.
 */
public final class Lineage {
    private static final String KEY = "Lineage=";
    /** Of one chain; beyond it the function is forgotten that ran least. Keeps headers under the bound of theirs. */
    private static final int MAX_FUNCTIONS = 20;

    private static final int MAX_COUNT = 9_999;
    private static final int MAX_COUNT_LENGTH = 4;

    private Lineage() {}

    /** How often the function ran in the chain that the trace header tells of. */
    public static int count(String traceId, String name) {
        return traceId.contains(KEY) ? counts(traceId).getOrDefault(hash(name), 0) : 0;
    }

    /** The trace header of an invocation of the function, and of all that comes of it. */
    public static String through(String traceId, String name) {
        Map<String, Integer> counts = counts(traceId);
        String current = hash(name);
        counts.put(current, Math.min(MAX_COUNT, counts.getOrDefault(current, 0) + 1));
        if (counts.size() > MAX_FUNCTIONS) {
            counts.remove(rarest(counts, current));
        }
        StringBuilder header = new StringBuilder(without(traceId));
        header.append(header.isEmpty() ? "" : ";").append(KEY);
        counts.forEach(
                (hash, count) -> header.append(hash).append(':').append(count).append('|'));
        header.setLength(header.length() - 1);
        return header.toString();
    }

    private static String rarest(Map<String, Integer> counts, String current) {
        return counts.entrySet().stream()
                .filter(each -> !each.getKey().equals(current))
                .min(Map.Entry.comparingByValue())
                .orElseThrow()
                .getKey();
    }

    private static String without(String traceId) {
        StringBuilder rest = new StringBuilder();
        for (String part : traceId.split(";", -1)) {
            if (!part.startsWith(KEY)) {
                rest.append(rest.isEmpty() ? "" : ";").append(part);
            }
        }
        return rest.toString();
    }

    /** What is no count is left out: the header is the client's. */
    private static Map<String, Integer> counts(String traceId) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        for (String part : traceId.split(";", -1)) {
            if (part.startsWith(KEY)) {
                // Some clients escape what they find in the header that they pass on.
                String entries =
                        part.substring(KEY.length()).replace("%7C", "|").replace("%3A", ":");
                for (String entry : entries.split("\\|", -1)) {
                    add(counts, entry);
                }
            }
        }
        return counts;
    }

    private static void add(Map<String, Integer> counts, String entry) {
        int colon = entry.lastIndexOf(':');
        String digits = entry.substring(colon + 1);
        boolean isCount = !digits.isEmpty()
                && digits.length() <= MAX_COUNT_LENGTH
                && digits.chars().allMatch(digit -> digit >= '0' && digit <= '9');
        if (colon > 0 && isCount) {
            counts.merge(entry.substring(0, colon), Integer.parseInt(digits), Math::max);
        }
    }

    private static String hash(String name) {
        CRC32C crc = new CRC32C();
        crc.update(FunctionRegistry.arnOf(name).getBytes(StandardCharsets.UTF_8));
        return Objects.requireNonNull(Long.toHexString(crc.getValue() | 1L << 32))
                .substring(1);
    }
}
