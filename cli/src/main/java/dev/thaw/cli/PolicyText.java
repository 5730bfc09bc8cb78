package dev.thaw.cli;

import dev.thaw.scheduler.core.Policies;
import dev.thaw.scheduler.policy.PolicyCatalogue;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Policies by the words of a command line, those of {@link PolicyCatalogue}: checked at once, made anew for each run. */
record PolicyText(String keepAlive, String placement, String queueing, String scaling) {
    /** What goes without saying. */
    static final String DEFAULT_QUEUEING = "fifo";

    PolicyText {
        make(keepAlive, placement, queueing, scaling);
    }

    /** New ones, for one scheduler. */
    Policies make() {
        return make(keepAlive, placement, queueing, scaling);
    }

    Supplier<Policies> policies() {
        return this::make;
    }

    /** Which policy for each decision that is compared. */
    Map<String, String> byName() {
        Map<String, String> names = new TreeMap<>(Map.of("keepAlive", keepAlive, "placement", placement));
        if (!queueing.equals(DEFAULT_QUEUEING)) {
            names.put("queueing", queueing);
        }
        return names;
    }

    private static Policies make(String keepAlive, String placement, String queueing, String scaling) {
        return new Policies(
                OptionText.parse("--placement", placement, PolicyCatalogue::placement),
                OptionText.parse("--keep-alive", keepAlive, PolicyCatalogue::keepAlive),
                OptionText.parse("--queueing", queueing, PolicyCatalogue::queueing),
                OptionText.parse("--scaling", scaling, PolicyCatalogue::scaling));
    }
}
