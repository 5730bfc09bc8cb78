package dev.thaw.loadgen.trace.write;

import dev.thaw.loadgen.trace.ArrivalCursor;
import dev.thaw.loadgen.trace.Trace;
import dev.thaw.loadgen.trace.TraceException;
import dev.thaw.loadgen.trace.TraceFormat;
import dev.thaw.loadgen.trace.TraceFunction;
import dev.thaw.loadgen.trace.TraceProgress;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.PackedHistogram;
import org.agrona.collections.IntArrayList;

/**
 * Writes formats with one row for each function and one number for each minute. Of Azure 2019 it holds one day at a time, of
 * the others all: 8 bytes for each function and minute in which it is invoked, a histogram (1 %) of durations for each
 * function.
 */
final class MinuteWriter {
    private static final int DAY_MINUTES = 1_440;
    private static final double[] PERCENTILES = {0, 1, 25, 50, 75, 99, 100};
    private static final String KEY = "HashOwner,HashApp,HashFunction";
    private static final String OWNER = "thaw";

    private final Trace trace;
    private final TraceProgress progress;
    private final NewFiles files;
    private final List<Function> functions = new ArrayList<>();

    MinuteWriter(Trace trace, TraceProgress progress, NewFiles files) {
        this.trace = trace;
        this.progress = progress;
        this.files = files;
    }

    /** A function in the minutes that are held: minute and count by turns, and its durations. */
    private static final class Function {
        final IntArrayList cells = new IntArrayList();
        final PackedHistogram durationsUs = new PackedHistogram(2);
        double sumUs;
        int minUs = Integer.MAX_VALUE;
        int maxUs;

        void add(int minute, int us) {
            int size = cells.size();
            if (size > 0 && cells.getInt(size - 2) == minute) {
                cells.setInt(size - 1, cells.getInt(size - 1) + 1);
            } else {
                cells.addInt(minute);
                cells.addInt(1);
            }
            durationsUs.recordValue(us);
            sumUs += us;
            minUs = Math.min(minUs, us);
            maxUs = Math.max(maxUs, us);
        }

        long count() {
            return durationsUs.getTotalCount();
        }

        long meanUs() {
            return Math.round(sumUs / Math.max(1, count()));
        }

        /** In steps of 1 %, but never outside of what was there. */
        long percentileUs(double percentile) {
            if (percentile == 0) {
                return minUs;
            }
            return percentile == 100 ? maxUs : Math.clamp(durationsUs.getValueAtPercentile(percentile), minUs, maxUs);
        }
    }

    /** What is written once the minutes up to an end have been collected. */
    @FunctionalInterface
    private interface Chapter {
        void write(int number, int minutes) throws IOException;
    }

    void write(TraceFormat format, Path path) throws IOException {
        switch (format) {
            case AZURE2019 -> {
                requireNewFolder(path);
                chapters(DAY_MINUTES, (day, minutes) -> {
                    String ending = String.format(Locale.ROOT, ".anon.d%02d.csv", day + 1);
                    writeInvocations(path.resolve("invocations_per_function_md" + ending), DAY_MINUTES);
                    writeDurations(path.resolve("function_durations_percentiles" + ending));
                    writeAppMemory(path.resolve("app_memory_percentiles" + ending));
                });
            }
            case INVITRO -> {
                requireNewFolder(path);
                chapters(Integer.MAX_VALUE, (all, minutes) -> {
                    writeInvocations(path.resolve("invocations.csv"), minutes);
                    writeDurations(path.resolve("durations.csv"));
                    writeFunctionMemory(path.resolve("memory.csv"));
                });
            }
            default -> chapters(Integer.MAX_VALUE, (all, minutes) -> writeFaasrail(path, minutes));
        }
    }

    private static void requireNewFolder(Path path) {
        if (Files.exists(path)) {
            throw new TraceException(path + ": is there already, must be a new folder");
        }
    }

    private void chapters(int chapterMinutes, Chapter use) throws IOException {
        int chapter = 0;
        int lastMinute = 0;
        startChapter();
        for (ArrivalCursor arrival = trace.arrivals(); arrival.next(); ) {
            int minute = Math.toIntExact(arrival.startNs() / Trace.MINUTE_NS);
            while (minute / chapterMinutes > chapter) {
                use.write(chapter++, chapterMinutes);
                startChapter();
            }
            lastMinute = minute % chapterMinutes;
            functions.get(arrival.function()).add(lastMinute, arrival.durationUs());
            progress.wrote(1);
        }
        use.write(chapter, lastMinute + 1);
    }

    private void startChapter() {
        functions.clear();
        for (int i = 0; i < trace.functions().size(); i++) {
            functions.add(new Function());
        }
    }

    private CsvRow key(CsvRow row, TraceFunction function) {
        return row.text(OWNER).text(function.application()).text(function.name());
    }

    private static void minuteHeader(Writer out, int minutes) throws IOException {
        for (int minute = 1; minute <= minutes; minute++) {
            out.write("," + minute);
        }
        out.write('\n');
    }

    private static void counts(CsvRow row, Function function, int minutes) {
        int at = 0;
        for (int minute = 0; minute < minutes; minute++) {
            boolean invoked = at < function.cells.size() && function.cells.getInt(at) == minute;
            row.fixed(invoked ? function.cells.getInt(at + 1) : 0, 0);
            at += invoked ? 2 : 0;
        }
    }

    private void writeInvocations(Path path, int minutes) throws IOException {
        try (Writer out = files.text(path)) {
            out.write(KEY + ",Trigger");
            minuteHeader(out, minutes);
            CsvRow row = new CsvRow(out);
            for (int i = 0; i < functions.size(); i++) {
                if (functions.get(i).count() > 0) {
                    key(row, trace.functions().get(i)).text("others");
                    counts(row, functions.get(i), minutes);
                    row.end();
                }
            }
        }
    }

    private void writeDurations(Path path) throws IOException {
        try (Writer out = files.text(path)) {
            out.write(KEY + ",Average,Count,Minimum,Maximum");
            for (double percentile : PERCENTILES) {
                out.write(",percentile_Average_" + (int) percentile);
            }
            out.write('\n');
            CsvRow row = new CsvRow(out);
            for (int i = 0; i < functions.size(); i++) {
                Function function = functions.get(i);
                if (function.count() > 0) {
                    key(row, trace.functions().get(i))
                            .fixed(function.meanUs(), 3)
                            .fixed(function.count(), 0);
                    row.fixed(function.minUs, 3).fixed(function.maxUs, 3);
                    for (double percentile : PERCENTILES) {
                        row.fixed(function.percentileUs(percentile), 3);
                    }
                    row.end();
                }
            }
        }
    }

    private void writeFunctionMemory(Path path) throws IOException {
        try (Writer out = files.text(path)) {
            out.write(KEY + memoryHeader());
            CsvRow row = new CsvRow(out);
            for (int i = 0; i < functions.size(); i++) {
                if (functions.get(i).count() > 0) {
                    TraceFunction function = trace.functions().get(i);
                    memory(key(row, function), functions.get(i).count(), function.memoryMib());
                }
            }
        }
    }

    /** Azure's layout has memory by app: an app's is that of its largest function. */
    private void writeAppMemory(Path path) throws IOException {
        Map<String, long[]> apps = new LinkedHashMap<>();
        for (int i = 0; i < functions.size(); i++) {
            TraceFunction function = trace.functions().get(i);
            long[] app = apps.computeIfAbsent(function.application(), a -> new long[2]);
            app[0] += functions.get(i).count();
            app[1] = Math.max(app[1], function.memoryMib());
        }
        try (Writer out = files.text(path)) {
            out.write("HashOwner,HashApp" + memoryHeader());
            CsvRow row = new CsvRow(out);
            for (Map.Entry<String, long[]> app : apps.entrySet()) {
                if (app.getValue()[0] > 0) {
                    memory(row.text(OWNER).text(app.getKey()), app.getValue()[0], app.getValue()[1]);
                }
            }
        }
    }

    private static String memoryHeader() {
        StringBuilder header = new StringBuilder(",SampleCount,AverageAllocatedMb");
        for (int percentile : new int[] {1, 5, 25, 50, 75, 95, 99, 100}) {
            header.append(",AverageAllocatedMb_pct").append(percentile);
        }
        return header.append('\n').toString();
    }

    private static void memory(CsvRow row, long samples, long mib) throws IOException {
        row.fixed(samples, 0);
        for (int i = 0; i < 9; i++) {
            row.fixed(mib, 0);
        }
        row.end();
    }

    private void writeFaasrail(Path path, int minutes) throws IOException {
        try (Writer out = files.text(path)) {
            out.write("avg,mapped_wreq");
            minuteHeader(out, minutes);
            CsvRow row = new CsvRow(out);
            for (int i = 0; i < functions.size(); i++) {
                Function function = functions.get(i);
                if (function.count() > 0) {
                    String meanMs = String.format(Locale.ROOT, "%.3f", function.meanUs() / 1e3);
                    row.fixed(function.meanUs(), 3)
                            .text("{\"mean\": " + meanMs + ", \"bench\": \""
                                    + trace.functions().get(i).name() + "\", \"payload\": \"\"}");
                    counts(row, function, minutes);
                    row.end();
                }
            }
        }
    }
}
