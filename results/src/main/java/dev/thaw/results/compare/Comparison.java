package dev.thaw.results.compare;

import dev.thaw.results.RunBundle;
import dev.thaw.results.statistics.Design;
import java.io.IOException;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * Whether B differs from A, by how much, and how sure that is.
 *
 * @param a A's runs
 * @param b B's runs
 * @param differences what is not the same on both sides beside what was measured
 * @param notes what a reader must know to read the figures, a line each
 * @param unitText what the units are, for people
 * @param design of the metric with most units
 * @param shift of the latency, percentile by percentile; null where there is none
 * @param findings of all of it, and geometric means over {@link #cells}; corrected together
 * @param groups by group of cells, where there are groups; each metric corrected over them
 * @param cells by function, benchmark, kernel or setting; each metric corrected over them
 */
public record Comparison(
        List<RunBundle> a,
        List<RunBundle> b,
        List<Difference> differences,
        List<String> notes,
        String unitText,
        Design design,
        ComparisonSettings settings,
        @Nullable ShiftFunction shift,
        List<Finding> findings,
        SortedMap<String, List<Finding>> groups,
        SortedMap<String, List<Finding>> cells) {
    /** Name of the geometric mean over all cells of a metric. */
    static final String MEAN_SUFFIX = ", geometric mean";

    /** Fails with one line where the two may not or cannot be compared. */
    public static Comparison of(List<RunBundle> a, List<RunBundle> b, ComparisonSettings settings) throws IOException {
        return new Comparer(a, b, settings).compare();
    }
}
