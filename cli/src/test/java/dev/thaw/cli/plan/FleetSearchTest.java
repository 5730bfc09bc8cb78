package dev.thaw.cli.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.cli.plan.FleetSearch.Point;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The search against trying everything. */
final class FleetSearchTest {
    private static final int WORLDS = 3_000;

    private final Set<Point> tried = new HashSet<>();

    private void run(FleetSearch search, Predicate<Point> holds) {
        tried.clear();
        for (List<Point> points = search.next(); !points.isEmpty(); points = search.next()) {
            for (Point point : points) {
                assertThat(tried.add(point)).as("%s is tried once", point).isTrue();
            }
            search.learn(Set.copyOf(points.stream().filter(holds).toList()));
        }
    }

    @Test
    void shouldFindWhatTryingEverythingFinds() {
        SplittableRandom random = new SplittableRandom(1);
        for (int world = 0; world < WORLDS; world++) {
            int most = random.nextInt(1, 40);
            // Each setting needs so many; some more than there may be.
            int[] needs = random.ints(random.nextInt(1, 6), 1, 50).toArray();
            FleetSearch search = new FleetSearch(needs.length, 1, random.nextInt(0, 60), most);
            run(search, point -> point.hosts() >= needs[point.setting()]);

            int fewest = IntStream.of(needs).min().orElseThrow();
            assertThat(search.hosts()).as("world %d", world).isEqualTo(fewest <= most ? fewest : 0);
            assertThat(search.holding())
                    .isEqualTo(
                            fewest <= most
                                    ? IntStream.range(0, needs.length)
                                            .filter(each -> needs[each] == fewest)
                                            .boxed()
                                            .toList()
                                    : List.of());
            if (fewest > most) {
                assertThat(tried).contains(new Point(0, most));
            }
        }
    }

    @Test
    void shouldHoldAndNotHoldWithOneFewerWhereMoreHostsAreNotAlwaysBetter() {
        SplittableRandom random = new SplittableRandom(2);
        for (int world = 0; world < WORLDS; world++) {
            int most = random.nextInt(2, 30);
            int settings = random.nextInt(1, 5);
            boolean[][] holds = new boolean[settings][most + 1];
            for (boolean[] each : holds) {
                for (int hosts = 1; hosts <= most; hosts++) {
                    each[hosts] = random.nextInt(most) < hosts;
                }
            }
            FleetSearch search = new FleetSearch(settings, 1, random.nextInt(1, most + 1), most);
            run(search, point -> holds[point.setting()][point.hosts()]);

            if (search.hosts() == 0) {
                assertThat(IntStream.range(0, settings).noneMatch(each -> holds[each][most]))
                        .isTrue();
            } else {
                assertThat(search.holding()).isNotEmpty().allMatch(each -> holds[each][search.hosts()]);
                List<Integer> fewer = new ArrayList<>(search.holding());
                fewer.removeIf(each -> search.hosts() == 1 || !tried.contains(new Point(each, search.hosts() - 1)));
                assertThat(fewer).noneMatch(each -> holds[each][search.hosts() - 1]);
            }
        }
    }

    @Test
    void shouldNotTryEverything() {
        FleetSearch search = new FleetSearch(10, 1, 3, 1_000);
        run(search, point -> point.hosts() >= 300 + 10 * point.setting());

        assertThat(search.hosts()).isEqualTo(300);
        assertThat(search.holding()).containsExactly(0);
        assertThat(tried).hasSizeLessThan(150);
    }

    @Test
    void shouldTryTheLargestFleetAloneWhereNothingSmallerCanHold() {
        FleetSearch search = new FleetSearch(2, 8, 1, 8);
        run(search, _ -> false);

        assertThat(search.hosts()).isZero();
        assertThat(search.holding()).isEmpty();
        assertThat(tried).containsExactlyInAnyOrder(new Point(0, 8), new Point(1, 8));
    }
}
