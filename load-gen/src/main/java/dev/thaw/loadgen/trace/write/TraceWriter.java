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
import java.util.List;

/** Writes a trace in a format that {@link Trace#open} reads back, in one walk over it. */
public final class TraceWriter {
    /** Formats that can be written. */
    public static final List<TraceFormat> FORMATS = List.of(
            TraceFormat.CSV,
            TraceFormat.AZURE2019,
            TraceFormat.AZURE2021,
            TraceFormat.INVITRO,
            TraceFormat.ILUVATAR,
            TraceFormat.FAASRAIL);

    private static final int REPORTED_ROWS = 10_000;

    private final Trace trace;
    private final TraceProgress progress;

    private TraceWriter(Trace trace, TraceProgress progress) {
        this.trace = trace;
        this.progress = progress;
    }

    /**
     * Writes all or nothing.
     *
     * @param path a new file, or folder where the format is one of several files
     * @throws TraceException where the format cannot be written, or the path is not new
     */
    public static void write(Trace trace, TraceFormat format, Path path, TraceProgress progress) {
        try (NewFiles files = new NewFiles()) {
            new TraceWriter(trace, progress).write(format, path, files);
            files.commit();
        } catch (IOException e) {
            throw NewFiles.unwritable(path, e);
        }
    }

    /** Refuses a format that cannot be written, and a path that is not new. */
    public static void requireWritable(TraceFormat format, Path path) {
        if (!FORMATS.contains(format)) {
            throw unwritable(format);
        }
        if (Files.exists(path)) {
            throw new TraceException(path + ": is there already, must be new");
        }
    }

    private static TraceException unwritable(TraceFormat format) {
        return new TraceException("format: '" + format.key() + "', must be one of "
                + String.join(", ", FORMATS.stream().map(TraceFormat::key).toList()));
    }

    private void write(TraceFormat format, Path path, NewFiles files) throws IOException {
        switch (format) {
            case CSV -> writePlain(files.text(path));
            case AZURE2021 -> writeAzure2021(files.text(path));
            case ILUVATAR -> writeIluvatar(path, files);
            case AZURE2019, INVITRO, FAASRAIL -> new MinuteWriter(trace, progress, files).write(format, path);
            case AUTO, HUAWEI2023, HUAWEI2025, HUAWEI2025COLD, IBM, AZURELLM -> throw unwritable(format);
        }
    }

    /** What is written of one arrival. */
    @FunctionalInterface
    private interface Row {
        void write(CsvRow row, TraceFunction function, ArrivalCursor arrival) throws IOException;
    }

    private void writeRows(Writer out, String header, Row use) throws IOException {
        try (out) {
            CsvRow row = new CsvRow(out);
            out.write(header);
            out.write('\n');
            int unreported = 0;
            for (ArrivalCursor arrival = trace.arrivals(); arrival.next(); ) {
                use.write(row, trace.functions().get(arrival.function()), arrival);
                if (++unreported == REPORTED_ROWS) {
                    progress.wrote(unreported);
                    unreported = 0;
                }
            }
            progress.wrote(unreported);
        }
    }

    private void writePlain(Writer out) throws IOException {
        writeRows(
                out,
                "function,start_ms,duration_ms,memory_mb,app,init_ms",
                (row, function, arrival) -> row.text(function.name())
                        .fixed(arrival.startNs(), 6)
                        .fixed(arrival.durationUs(), 3)
                        .fixed(function.memoryMib(), 0)
                        .text(function.application())
                        .fixedOrNothing(function.initUs(), 3)
                        .end());
    }

    /** Nine digits behind the point: start is end minus duration again, to the ns, in traces of up to 50 days. */
    private void writeAzure2021(Writer out) throws IOException {
        writeRows(
                out,
                "app,func,end_timestamp,duration",
                (row, function, arrival) -> row.text(function.application())
                        .text(function.name())
                        .fixed(arrival.startNs() + arrival.durationUs() * 1_000L, 9)
                        .fixed(arrival.durationUs(), 6)
                        .end());
    }

    /** Starts in whole ms and one duration for each function, as its reader wants them. */
    private void writeIluvatar(Path path, NewFiles files) throws IOException {
        int count = trace.functions().size();
        long[] invocations = new long[count];
        double[] sumsUs = new double[count];
        long[] firstNs = new long[count];
        long[] lastNs = new long[count];
        writeRows(files.text(path), "func_name,invoke_time_ms", (row, function, arrival) -> {
            int index = arrival.function();
            firstNs[index] = invocations[index] == 0 ? arrival.startNs() : firstNs[index];
            lastNs[index] = arrival.startNs();
            invocations[index]++;
            sumsUs[index] += arrival.durationUs();
            row.text(function.name()).fixed(arrival.startNs() / 1_000_000, 0).end();
        });
        Path metadata = path.resolveSibling("metadata-" + path.getFileName());
        try (Writer out = files.text(metadata)) {
            out.write("func_name,cold_dur_ms,warm_dur_ms,mem_mb,mean_iat\n");
            CsvRow row = new CsvRow(out);
            for (int i = 0; i < count; i++) {
                TraceFunction function = trace.functions().get(i);
                long warmUs = Math.round(sumsUs[i] / Math.max(1, invocations[i]));
                row.text(function.name())
                        .fixed(warmUs + Math.max(0, function.initUs()), 3)
                        .fixed(warmUs, 3)
                        .fixed(function.memoryMib(), 0)
                        .fixed((lastNs[i] - firstNs[i]) / Math.max(1, invocations[i] - 1), 6)
                        .end();
            }
        }
    }
}
