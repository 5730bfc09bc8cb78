package dev.thaw.cli;

import dev.thaw.scheduler.virtual.FaultModel;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How often what goes wrong, in words: {@code create=0.1%,init=1%,exit=0.5%,error=2%}, those left out never; or {@code none}. */
final class FailureText {
    static final String NONE = "none";

    private static final List<String> KINDS = List.of("create", "init", "exit", "error");
    private static final Pattern EACH = Pattern.compile("([a-z]+)=(\\d{1,3}(?:\\.\\d{1,6})?)%");
    private static final double PERCENT = 100;

    private FailureText() {}

    /** One line says what is wrong with any other text. */
    static FaultModel parse(String text) {
        Map<String, Double> shares = new HashMap<>();
        if (!text.equals(NONE)) {
            for (String each : text.split(",", -1)) {
                add(each, shares);
            }
        }
        return new FaultModel(share(shares, 0), share(shares, 1), share(shares, 2), share(shares, 3));
    }

    private static void add(String each, Map<String, Double> shares) {
        Matcher read = EACH.matcher(each);
        if (!read.matches() || !KINDS.contains(read.group(1))) {
            throw new IllegalArgumentException("'" + each + "', must be none, or create, init, exit, error with a share"
                    + " each, such as init=1%,error=0.5%");
        }
        if (shares.put(read.group(1), Double.parseDouble(read.group(2)) / PERCENT) != null) {
            throw new IllegalArgumentException("'" + each + "': " + read.group(1) + " is there twice");
        }
    }

    private static double share(Map<String, Double> shares, int kind) {
        return shares.getOrDefault(KINDS.get(kind), 0.0);
    }
}
