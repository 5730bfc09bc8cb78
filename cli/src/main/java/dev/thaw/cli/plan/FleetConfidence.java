package dev.thaw.cli.plan;

import dev.thaw.results.statistics.BlockBootstrap;
import java.util.Arrays;
import java.util.SortedMap;

/**
 * How sure the number of hosts is: the smallest fleet that holds the objectives in each of the draws of a trace's windows.
 * Fleets of every size are looked at in the same windows. Pure.
 */
final class FleetConfidence {
    /** The answer of each draw, in rising order; one more than the largest fleet where none of them holds. */
    private final int[] hosts;

    /** Left out at either end: fewer of the draws, the fewer blocks there are. */
    private final double outer;

    private final int least;
    private final int most;

    /** Fleets by size, without gaps. */
    FleetConfidence(SortedMap<Integer, WindowFigures> fleets, Objectives objectives, BlockBootstrap bootstrap) {
        least = fleets.firstKey();
        most = fleets.lastKey();
        outer = bootstrap.outer();
        hosts = new int[bootstrap.draws()];
        int[] draw = {0};
        bootstrap.each(weights -> hosts[draw[0]++] = fleets.entrySet().stream()
                .filter(each -> each.getValue().hold(objectives, weights))
                .mapToInt(java.util.Map.Entry::getKey)
                .min()
                .orElse(most + 1));
        Arrays.sort(hosts);
    }

    int low() {
        return hosts[(int) Math.round(outer * (hosts.length - 1))];
    }

    int high() {
        return hosts[(int) Math.round((1 - outer) * (hosts.length - 1))];
    }

    /** Smaller fleets than were looked at might do in more of the draws than may be left out. */
    boolean needsSmaller() {
        return least > 1 && low() == least;
    }

    boolean needsLarger() {
        return high() > most;
    }
}
