package dev.thaw.results;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogScanner;

/** The untagged intervals of a log, read back: one histogram for each bin of seconds, and all of it in one. */
final class LogSeries {
    /** One bin; a percentile is -1 where the bin holds too few samples for it. */
    record Bin(double fromSeconds, long p50Ns, long p99Ns, long maxNs) {}

    private final int binSeconds;
    private final List<Bin> bins = new ArrayList<>();
    private final Histogram total = Latencies.growing();
    private final Histogram open = Latencies.growing();
    private long openBin = -1;

    private LogSeries(int binSeconds) {
        this.binSeconds = binSeconds;
    }

    /** Empty where the file does not exist. Fails with one line that names the file. */
    static LogSeries read(Path log, int binSeconds) throws IOException {
        LogSeries series = new LogSeries(binSeconds);
        if (Files.exists(log)) {
            File file = log.toFile();
            try (HistogramLogScanner scanner = new HistogramLogScanner(file)) {
                scanner.process(series.new Handler());
            } catch (RuntimeException e) {
                throw new IOException(log + ": not an interval log: " + e.getMessage(), e);
            }
        }
        series.closeBin();
        return series;
    }

    Histogram total() {
        return total;
    }

    List<Bin> bins() {
        return bins;
    }

    private void add(double fromSeconds, EncodableHistogram interval) {
        long bin = (long) (fromSeconds / binSeconds);
        if (bin != openBin) {
            closeBin();
            openBin = bin;
        }
        open.add((Histogram) interval);
    }

    private void closeBin() {
        if (open.getTotalCount() > 0) {
            total.add(open);
            bins.add(new Bin(
                    openBin * (double) binSeconds,
                    Percentile.P50.of(open),
                    Percentile.P99.of(open),
                    open.getMaxValue()));
            open.reset();
        }
    }

    /** Decodes untagged intervals only: the tagged ones are many. */
    private final class Handler implements HistogramLogScanner.EventHandler {
        @Override
        public boolean onComment(String comment) {
            return false;
        }

        @Override
        public boolean onBaseTime(double secondsSinceEpoch) {
            return false;
        }

        @Override
        public boolean onStartTime(double secondsSinceEpoch) {
            return false;
        }

        @Override
        public boolean onHistogram(
                String tag,
                double timestamp,
                double length,
                HistogramLogScanner.EncodableHistogramSupplier lazyReader) {
            if (tag == null) {
                try {
                    add(timestamp, lazyReader.read());
                } catch (java.util.zip.DataFormatException e) {
                    throw new IllegalArgumentException(e);
                }
            }
            return false;
        }

        @Override
        public boolean onException(Throwable cause) {
            throw new IllegalArgumentException(cause.getMessage(), cause);
        }
    }
}
