package dev.thaw.cli.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The fewest hosts with which any of the settings holds, and which ones do with as many. Pure: says what to try next and
 * learns what came of it. Looks upward from a first guess in doubling steps, and then between the last number that nobody
 * held and the first one that somebody did. Who does not hold with some number is not asked with fewer: more hosts are
 * taken to be no worse. Where that is not so, what is found holds and nobody who was asked holds with one fewer.
 */
final class FleetSearch {
    private List<Integer> settings;
    private final int most;
    private int low;
    /** Somebody holds with so many; 0: nobody is known to. */
    private int high;

    private int guess;

    /** A number of settings on fleets of {@code least} to {@code most} hosts. */
    FleetSearch(int settings, int least, int guess, int most) {
        this.settings = IntStream.range(0, settings).boxed().toList();
        this.most = most;
        low = Math.clamp(least, 1, most);
        this.guess = Math.clamp(guess, low, most);
    }

    /**
     * To try.
     *
     * @param setting its index
     */
    record Point(int setting, int hosts) {}

    /** All to try now; none where the search is over. */
    List<Point> next() {
        int hosts = nextHosts();
        return hosts == 0
                ? List.of()
                : settings.stream().map(each -> new Point(each, hosts)).toList();
    }

    private int nextHosts() {
        if (high == 0) {
            return low > most ? 0 : guess;
        }
        return low == high ? 0 : (low + high) >>> 1;
    }

    /** What came of {@link #next}: those that hold. */
    void learn(Set<Point> holding) {
        int hosts = nextHosts();
        List<Integer> left = new ArrayList<>();
        settings.stream()
                .filter(each -> holding.contains(new Point(each, hosts)))
                .forEach(left::add);
        if (left.isEmpty()) {
            low = hosts + 1;
            guess = (int) Math.min(most, 2L * hosts);
        } else {
            high = hosts;
            settings = left;
        }
    }

    /** The answer, or 0: nobody holds. */
    int hosts() {
        return low == high ? high : 0;
    }

    /** Those that hold with so many. */
    List<Integer> holding() {
        return hosts() == 0 ? List.of() : settings;
    }
}
