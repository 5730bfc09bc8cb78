package dev.thaw.results;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import tools.jackson.databind.node.ObjectNode;

/** Brings in an HdrHistogram interval log of latencies that somebody else wrote, as a bundle of kind {@code imported}. */
public final class ImportedLog {
    private static final double MS_PER_S = 1e3;
    private static final long NS_PER_S = 1_000_000_000L;

    private ImportedLog() {}

    /** Writes {@code runsDirectory/<utc>-<name>}; a value of the log is so many ns. Fails with one line. */
    public static Path write(
            InputStream log, long nsPerUnit, String name, String command, Provenance provenance, Path runsDirectory)
            throws IOException {
        return new WholeBundle(ImportedBundle.KIND, name, command, provenance)
                .write(runsDirectory, (directory, manifest) -> {
                    Histogram all = Latencies.growing();
                    double endS = copy(log, nsPerUnit, directory, all);
                    if (all.getTotalCount() == 0) {
                        throw new IllegalArgumentException("holds no interval without a tag");
                    }
                    manifest.putObject("configuration")
                            .put("format", provenance.format())
                            .put("nsPerUnit", nsPerUnit);
                    manifest.put("durationNs", Math.round(endS * NS_PER_S));
                    return summary(provenance, all);
                });
    }

    /** Returns when the last interval ends, in seconds since the log's start. */
    private static double copy(InputStream log, long nsPerUnit, Path directory, Histogram all) throws IOException {
        BundleFailure failure = new BundleFailure();
        double endS = 0;
        try (HistogramLogReader reader = new HistogramLogReader(log)) {
            IntervalLog target = null;
            for (EncodableHistogram next = reader.nextIntervalHistogram();
                    next != null;
                    next = reader.nextIntervalHistogram()) {
                double startS = reader.getStartTimeSec();
                if (target == null) {
                    target = new IntervalLog(
                            directory, IntervalLog.LATENCY, "imported", Math.round(startS * MS_PER_S), failure);
                }
                if (!(next instanceof Histogram values)) {
                    throw new IllegalArgumentException("holds histograms of fractions: whole numbers are read");
                }
                double fromS = next.getStartTimeStamp() / MS_PER_S - startS;
                double toS = next.getEndTimeStamp() / MS_PER_S - startS;
                endS = Math.max(endS, toS);
                Histogram scaled = scaled(values, nsPerUnit);
                if (next.getTag() == null) {
                    all.add(scaled);
                }
                target.write(scaled, Math.round(fromS * NS_PER_S), Math.round(toS * NS_PER_S));
            }
            if (target != null) {
                target.close();
            }
        } catch (RuntimeException e) {
            throw new IllegalArgumentException("not an interval log: " + CauseText.of(e), e);
        }
        if (failure.line().isPresent()) {
            throw new IOException(failure.line().get());
        }
        return endS;
    }

    private static Histogram scaled(Histogram values, long nsPerUnit) {
        Histogram scaled = Latencies.growing();
        scaled.setTag(values.getTag());
        values.recordedValues()
                .forEach(each -> scaled.recordValueWithCount(
                        Math.multiplyExact(each.getValueIteratedTo(), nsPerUnit), each.getCountAtValueIteratedTo()));
        return scaled;
    }

    private static ObjectNode summary(Provenance provenance, Histogram all) {
        ObjectNode summary = Json.MAPPER.createObjectNode();
        summary.put("schema", Summary.SCHEMA).put("kind", ImportedBundle.KIND);
        summary.put("emulated", false);
        summary.put("format", provenance.format());
        summary.putObject("latencyUs").set("fromIntended", Percentiles.us(all));
        ObjectNode row = summary.putArray("cells").addObject().put("name", "").putNull("group");
        ObjectNode latency = Percentiles.us(all);
        row.putObject("metrics").set("latency", latency.put("unit", "us"));
        return summary;
    }
}
