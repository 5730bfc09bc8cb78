package dev.thaw.results;

import de.siegmar.fastcsv.reader.NamedCsvRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.NoSuchElementException;
import org.HdrHistogram.Histogram;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What the plots of a report show, read from the bundle's files and binned so that the page stays small. */
final class ChartData {
    private static final int MAX_POINTS = 600;
    private static final int POINTS_PER_NINE = 40;
    private static final double NS_PER_MS = 1e6;
    private static final double NS_PER_S = 1e9;
    private static final double PERCENT = 100;
    private static final String SECOND = "second";

    private final Path directory;
    private final ObjectNode root = Json.MAPPER.createObjectNode();

    private ChartData(Path directory) {
        this.directory = directory;
    }

    /** Fails with one line that names the bundle where a table holds something else than numbers. */
    static ObjectNode of(RunBundle bundle) throws IOException {
        try {
            return read(bundle);
        } catch (NumberFormatException | NoSuchElementException e) {
            throw new IOException(bundle.directory() + ": damaged table of figures: " + e.getMessage(), e);
        }
    }

    private static ObjectNode read(RunBundle bundle) throws IOException {
        ChartData data = new ChartData(bundle.directory());
        List<NamedCsvRecord> seconds = CsvFiles.read(bundle.directory().resolve(CsvFiles.SECONDS));
        int binRows = Math.max(1, Math.ceilDiv(seconds.size(), MAX_POINTS));
        int rowSeconds = rowSeconds(seconds);
        data.latency(binRows * rowSeconds);
        data.rate(seconds, binRows, rowSeconds);
        data.fleet(CsvFiles.read(bundle.directory().resolve(CsvFiles.FLEET)));
        return data.root;
    }

    /** How long a row counts: a second, longer in a long simulation. */
    private static int rowSeconds(List<NamedCsvRecord> seconds) {
        return seconds.size() < 2
                ? 1
                : Integer.parseInt(seconds.get(1).getField(SECOND))
                        - Integer.parseInt(seconds.get(0).getField(SECOND));
    }

    private void latency(int binSeconds) throws IOException {
        LogSeries latency = LogSeries.read(directory.resolve(IntervalLog.LATENCY), binSeconds);
        Histogram service = LogSeries.read(directory.resolve(IntervalLog.SERVICE), binSeconds)
                .total();
        Histogram lateness = LogSeries.read(directory.resolve(IntervalLog.LATENESS), binSeconds)
                .total();
        nines(latency.total(), service, lateness);
        ObjectNode time = root.putObject("time");
        time.put("binSeconds", binSeconds);
        for (LogSeries.Bin bin : latency.bins()) {
            time.withArray("/x").add(bin.fromSeconds());
            time.withArray("/p50").add(bin.p50Ns() / NS_PER_MS);
            if (bin.p99Ns() < 0) {
                time.withArray("/p99").addNull();
            } else {
                time.withArray("/p99").add(bin.p99Ns() / NS_PER_MS);
            }
            time.withArray("/max").add(bin.maxNs() / NS_PER_MS);
        }
        time.withArray("/x");
    }

    /** Points evenly spread over nines, up to the last that a sample lies beyond: there the curve ends. */
    private void nines(Histogram latency, Histogram service, Histogram lateness) {
        ObjectNode node = root.putObject("nines");
        ArrayNode xs = node.putArray("x");
        ArrayNode fromIntended = node.putArray("fromIntended");
        ArrayNode fromSent = node.putArray("service");
        ArrayNode late = node.putArray("lateness");
        if (latency.getTotalCount() == 0) {
            return;
        }
        double last = Math.log10((double) latency.getTotalCount());
        int points = (int) Math.ceil(last * POINTS_PER_NINE);
        for (int point = 0; point <= points; point++) {
            double nines = points == 0 ? 0 : last * point / points;
            double percentile = PERCENT - PERCENT * Math.pow(10, -nines);
            xs.add(nines);
            add(fromIntended, latency, percentile);
            add(fromSent, service, percentile);
            add(late, lateness, percentile);
        }
    }

    /** Nothing where nothing was measured, as of a generator in virtual time. */
    private static void add(ArrayNode series, Histogram histogram, double percentile) {
        if (histogram.getTotalCount() == 0) {
            series.addNull();
        } else {
            series.add(positive(histogram.getValueAtPercentile(percentile)));
        }
    }

    /** A logarithmic scale has no zero: less than a microsecond shows as one. */
    private static double positive(long valueNs) {
        return Math.max(valueNs, 1_000L) / NS_PER_MS;
    }

    private void rate(List<NamedCsvRecord> seconds, int binRows, int rowSeconds) {
        ObjectNode rate = root.putObject("rate");
        ObjectNode cold = root.putObject("cold");
        rate.putArray("x");
        cold.putArray("x");
        for (int from = 0; from < seconds.size(); from += binRows) {
            List<NamedCsvRecord> bin = seconds.subList(from, Math.min(from + binRows, seconds.size()));
            rate.withArray("/x").add(from * rowSeconds);
            cold.withArray("/x").add(from * rowSeconds);
            for (String key : List.of("planned", "sent", "completed", "failed", "throttled")) {
                rate.withArray("/" + key).add(mean(bin, key, rowSeconds));
            }
            cold.withArray("/cold").add(mean(bin, Seconds.Column.COLD_TRIGGERS.key, rowSeconds));
            cold.withArray("/victims").add(mean(bin, Seconds.Column.COLD_VICTIMS.key, rowSeconds));
            cold.withArray("/suppressed").add(mean(bin, Seconds.Column.SUPPRESSED_INITS.key, rowSeconds));
        }
    }

    private static double mean(List<NamedCsvRecord> bin, String column, int rowSeconds) {
        long sum = 0;
        for (NamedCsvRecord row : bin) {
            sum += Long.parseLong(row.getField(column));
        }
        return Percentiles.rounded(sum / ((double) bin.size() * rowSeconds));
    }

    private void fleet(List<NamedCsvRecord> samples) {
        ObjectNode fleet = root.putObject("fleet");
        fleet.putArray("x");
        int step = Math.max(1, Math.ceilDiv(samples.size(), MAX_POINTS));
        for (int at = 0; at < samples.size(); at += step) {
            NamedCsvRecord sample = samples.get(at);
            fleet.withArray("/x").add(Percentiles.rounded(Long.parseLong(sample.getField("at_ns")) / NS_PER_S));
            for (String state : List.of("starting", "busy", "idle", "frozen", "resetting", "waiting")) {
                fleet.withArray("/" + state).add(Long.parseLong(sample.getField(state)));
            }
        }
    }
}
