package dev.thaw.loadgen.trace;

import java.io.Closeable;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Another of Huawei's series, read beside the requests: one row for each time, one column for each function.
 *
 * <p>Threading: one thread.
 */
final class SeriesRows implements Closeable {
    static final double MAX_TIME_SEC = 4.2e9;

    private final CsvTable table;
    private final int time;
    private double atSec = -1;
    private boolean ended;

    SeriesRows(CsvTable table) {
        this.table = table;
        time = table.column("time");
    }

    /**
     * The file of that series for the same day; null where there is none.
     *
     * @param requests {@code .../requests_minute/day_000.csv} or its like
     */
    static @Nullable Path fileBeside(Path requests, String series) {
        Path folder = TraceInput.folderOf(requests);
        Path file = folder.resolveSibling(series).resolve(String.valueOf(requests.getFileName()));
        boolean there = String.valueOf(folder.getFileName()).startsWith("requests") && Files.isRegularFile(file);
        return there ? file : null;
    }

    /** The delays beside the requests, of the same steps; null where there are none. */
    static @Nullable SeriesRows delaysBeside(Path requests, TraceProgress progress) {
        String steps = String.valueOf(TraceInput.folderOf(requests).getFileName());
        @Nullable Path file = fileBeside(requests, steps.replaceFirst("^requests", "function_delay"));
        return file == null ? null : new SeriesRows(CsvTable.open(file, progress));
    }

    /** Where a function was not deployed there is no number. */
    static boolean isNothing(String text) {
        return text.isEmpty() || text.equalsIgnoreCase("nan");
    }

    /** The function's value at that time, NaN for none; times must not go back. */
    double at(double sec, String function, double max) {
        while (!ended && atSec < sec) {
            ended = !table.next(new BrokenRows(false));
            if (!ended) {
                atSec = table.number(time, 0, MAX_TIME_SEC);
            }
        }
        int column = ended || atSec != sec ? -1 : table.columnOf(function);
        return column < 0 || isNothing(table.raw(column)) ? Double.NaN : table.number(column, 0, max);
    }

    @Override
    public void close() {
        table.close();
    }
}
