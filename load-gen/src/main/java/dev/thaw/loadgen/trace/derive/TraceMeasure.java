package dev.thaw.loadgen.trace.derive;

import dev.thaw.loadgen.trace.ArrivalCursor;
import dev.thaw.loadgen.trace.Trace;
import dev.thaw.loadgen.trace.TraceFunction;
import dev.thaw.loadgen.trace.TraceSummary;
import dev.thaw.loadgen.trace.derive.TraceInfo.Spread;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;

/** Walks over a trace and keeps what {@link TraceInfo} tells. */
final class TraceMeasure {
    private static final long SECOND_NS = 1_000_000_000L;
    private static final int FEWEST = 3;

    private final Trace trace;
    private final Moments[] iatNs;
    private final long[] lastNs;
    private final long[] counts;
    private final Moments allIatNs = new Moments();
    private final Moments perSecond = new Moments();
    private final Histogram durationsUs = new Histogram(3);
    private double busyUs;
    private int minUs = Integer.MAX_VALUE;
    private int maxUs;
    private long invocations;
    private long zeroDurations;
    private long atMinuteStart;
    private long second;
    private long inSecond;
    private long minute;
    private long inMinute;
    private long peakPerSec;
    private long peakPerMinute;

    TraceMeasure(Trace trace) {
        this.trace = trace;
        int functions = trace.functions().size();
        iatNs = new Moments[functions];
        Arrays.setAll(iatNs, i -> new Moments());
        lastNs = new long[functions];
        counts = new long[functions];
    }

    /** Mean and variance as they come (Welford). */
    static final class Moments {
        long count;
        double mean;
        private double squares;

        void add(double value) {
            count++;
            double from = value - mean;
            mean += from / count;
            squares += from * (value - mean);
        }

        /** So many zeros. */
        void addZeros(long zeros) {
            if (zeros > 0) {
                double total = (double) count + zeros;
                squares += mean * mean * count * zeros / total;
                mean = mean * count / total;
                count += zeros;
            }
        }

        double variance() {
            return squares / count;
        }

        double cv() {
            return Math.sqrt(variance()) / mean;
        }
    }

    TraceInfo measure() {
        long previousNs = -1;
        for (ArrivalCursor arrival = trace.arrivals(); arrival.next(); ) {
            long ns = arrival.startNs();
            if (previousNs >= 0) {
                allIatNs.add((double) ns - previousNs);
            }
            previousNs = ns;
            add(arrival, ns);
        }
        endSecond();
        peakPerMinute = Math.max(peakPerMinute, inMinute);
        return info();
    }

    private void add(ArrivalCursor arrival, long ns) {
        int function = arrival.function();
        if (counts[function]++ > 0) {
            iatNs[function].add((double) ns - lastNs[function]);
        }
        lastNs[function] = ns;
        int us = arrival.durationUs();
        durationsUs.recordValue(us);
        busyUs += us;
        minUs = Math.min(minUs, us);
        maxUs = Math.max(maxUs, us);
        zeroDurations += us == 0 ? 1 : 0;
        invocations++;
        count(ns);
    }

    private void count(long ns) {
        if (ns / SECOND_NS != second) {
            endSecond();
            perSecond.addZeros(ns / SECOND_NS - second - 1);
            second = ns / SECOND_NS;
            inSecond = 0;
        }
        if (ns / Trace.MINUTE_NS != minute) {
            peakPerMinute = Math.max(peakPerMinute, inMinute);
            minute = ns / Trace.MINUTE_NS;
            inMinute = 0;
        }
        inSecond++;
        inMinute++;
        atMinuteStart += ns % Trace.MINUTE_NS < SECOND_NS ? 1 : 0;
    }

    private void endSecond() {
        perSecond.add((double) inSecond);
        peakPerSec = Math.max(peakPerSec, inSecond);
    }

    private TraceInfo info() {
        TraceSummary summary = trace.summary();
        double sec = summary.durationNs() / 1e9;
        perSecond.addZeros((long) Math.ceil(sec) - second - 1);
        long applications = trace.functions().stream()
                .map(TraceFunction::application)
                .distinct()
                .count();
        Map<String, Long> rowsByFile = new LinkedHashMap<>();
        trace.rowsByFile().forEach((file, rows) -> rowsByFile.put(file.toString(), rows));
        return new TraceInfo(
                summary.format().key(),
                summary.source(),
                rowsByFile.values().stream().mapToLong(rows -> rows).sum(),
                rowsByFile,
                invocations,
                trace.functions().size(),
                (int) applications,
                sec,
                sec == 0 ? 0 : invocations / sec,
                peakPerSec,
                peakPerMinute,
                allIatNs.count == 0 ? Double.NaN : allIatNs.mean / 1e6,
                allIatNs.count == 0 ? Double.NaN : allIatNs.cv(),
                functionIatCvMedian(),
                perSecond.mean == 0 ? Double.NaN : perSecond.variance() / perSecond.mean,
                invocations == 0 ? Double.NaN : atMinuteStart * 60.0 / invocations,
                sec == 0 ? 0 : busyUs / 1e6 / sec,
                zeroDurations,
                invocations == 0 ? 0 : 100.0 * zeroDurations / invocations,
                topTenthShare(),
                durations(),
                memories(),
                summary.brokenRows(),
                summary.notes());
    }

    private double functionIatCvMedian() {
        double[] cvs = IntStream.range(0, counts.length)
                .filter(i -> counts[i] >= FEWEST && iatNs[i].mean > 0)
                .mapToDouble(i -> iatNs[i].cv())
                .sorted()
                .toArray();
        return cvs.length == 0 ? Double.NaN : (cvs[(cvs.length - 1) / 2] + cvs[cvs.length / 2]) / 2;
    }

    private double topTenthShare() {
        long[] sorted = counts.clone();
        Arrays.sort(sorted);
        int tenth = (sorted.length + 9) / 10;
        long top = Arrays.stream(sorted, sorted.length - tenth, sorted.length).sum();
        return invocations == 0 ? 0 : (double) top / invocations;
    }

    private Spread durations() {
        if (invocations == 0) {
            return new Spread(0, 0, 0, 0, 0, 0);
        }
        return new Spread(
                minUs / 1e3,
                busyUs / invocations / 1e3,
                durationsUs.getValueAtPercentile(50) / 1e3,
                durationsUs.getValueAtPercentile(90) / 1e3,
                durationsUs.getValueAtPercentile(99) / 1e3,
                maxUs / 1e3);
    }

    private Spread memories() {
        int[] mib = trace.functions().stream()
                .mapToInt(TraceFunction::memoryMib)
                .sorted()
                .toArray();
        if (mib.length == 0) {
            return new Spread(0, 0, 0, 0, 0, 0);
        }
        return new Spread(
                mib[0],
                Arrays.stream(mib).average().orElse(0),
                rank(mib, 0.5),
                rank(mib, 0.9),
                rank(mib, 0.99),
                mib[mib.length - 1]);
    }

    private static int rank(int[] sorted, double share) {
        return sorted[(int) Math.max(0, Math.ceil(share * sorted.length) - 1)];
    }
}
