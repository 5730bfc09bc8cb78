package dev.thaw.loadgen.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

final class ArrivalSpoolTest {
    private static List<String> walk(ArrivalCursor cursor) {
        List<String> all = new ArrayList<>();
        while (cursor.next()) {
            all.add(cursor.startNs() + " " + cursor.function() + " " + cursor.durationUs());
        }
        return all;
    }

    /** The duration is the place in which an arrival came: equals must stay as they came. */
    @Property(tries = 200)
    void shouldMergeRunsIntoTheOrderOfOneStableSort(
            @ForAll @Size(max = 60) List<@LongRange(max = 25) Long> starts,
            @ForAll @IntRange(min = 1, max = 70) int runArrivals) {
        ArrivalSpool spool = new ArrivalSpool(runArrivals);
        List<Integer> places = new ArrayList<>();
        for (int i = 0; i < starts.size(); i++) {
            spool.add(starts.get(i), i % 3, i);
            places.add(i);
        }
        places.sort(Comparator.comparing(starts::get));
        List<String> expected = places.stream()
                .map(i -> starts.get(i) + " " + (2 - i % 3) + " " + i)
                .toList();
        ArrivalSpool.Walks walks = spool.finish(new int[] {2, 1, 0});
        assertThat(walk(walks.walk())).isEqualTo(expected);
        assertThat(walk(walks.walk())).isEqualTo(expected);
    }

    /** Walks at the same time do not disturb each other, and one that has ended stays so. */
    @Example
    void shouldLetWalksGoSideBySide() {
        RowCollector rows = new RowCollector(TraceOptions.defaults(), new ArrivalSpool(3));
        for (int i = 0; i < 10; i++) {
            rows.add(rows.function("f"), 10 - i, i);
        }
        Trace trace = rows.toTrace(TraceFormat.CSV, Path.of("made"), new BrokenRows(false));
        ArrivalCursor one = trace.arrivals();
        ArrivalCursor two = trace.arrivals();
        for (int i = 1; i <= 10; i++) {
            assertThat(one.next()).isTrue();
            assertThat(one.startNs()).isEqualTo(i);
            if (i % 2 == 0) {
                assertThat(two.next()).isTrue();
                assertThat(two.startNs()).isEqualTo(i / 2);
            }
        }
        assertThat(one.next()).isFalse();
        assertThat(one.next()).isFalse();
    }
}
