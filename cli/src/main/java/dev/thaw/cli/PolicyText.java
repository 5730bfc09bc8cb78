package dev.thaw.cli;

import dev.thaw.scheduler.core.FixedTtlKeepAlive;
import dev.thaw.scheduler.core.KeepAlivePolicy;
import dev.thaw.scheduler.core.MostRecentlyUsedPlacement;
import dev.thaw.scheduler.core.PlacementPolicy;
import dev.thaw.scheduler.virtual.Policies;
import java.util.Map;
import java.util.function.Supplier;
import picocli.CommandLine.TypeConversionException;

/**
 * Policies by the words of a command line: checked at once, made anew for each run.
 *
 * @param keepAlive a time such as {@code 10m}, or {@code lru}
 * @param placement {@code mru}
 * @param scaling as of a server
 */
record PolicyText(String keepAlive, String placement, String scaling) {
    PolicyText {
        makeKeepAlive(keepAlive);
        makePlacement(placement);
        ServerOptions.scalingPolicy(scaling);
    }

    Supplier<Policies> policies() {
        return () ->
                new Policies(makePlacement(placement), makeKeepAlive(keepAlive), ServerOptions.scalingPolicy(scaling));
    }

    /** Which policy for each decision. */
    Map<String, String> byName() {
        return Map.of("keepAlive", keepAlive, "placement", placement);
    }

    private static KeepAlivePolicy makeKeepAlive(String word) {
        if (word.equals("lru")) {
            return new FixedTtlKeepAlive(Long.MAX_VALUE);
        }
        try {
            return new FixedTtlKeepAlive(new Durations().convert(word).toNanos());
        } catch (TypeConversionException noTime) {
            throw new WrongUse("--keep-alive: '" + word + "', must be lru, or a duration such as 10m");
        }
    }

    private static PlacementPolicy makePlacement(String word) {
        if (word.equals("mru")) {
            return new MostRecentlyUsedPlacement();
        }
        throw new WrongUse("--placement: '" + word + "', must be mru");
    }
}
