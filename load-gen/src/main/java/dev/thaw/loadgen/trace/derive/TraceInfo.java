package dev.thaw.loadgen.trace.derive;

import dev.thaw.loadgen.trace.Trace;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a trace is like, from one walk over it.
 *
 * @param rows data rows of all files, broken ones too
 * @param rowsByFile of each file
 * @param applications what functions share environments in
 * @param durationSec from 0 to the trace's end
 * @param ratePerSec invocations by duration
 * @param peakPerSec most invocations in one second
 * @param peakPerMinute most invocations in one minute
 * @param iatMeanMs mean distance of invocations, whichever the function
 * @param iatCv standard deviation of these distances by their mean: 1 for independent arrivals, 0 for even ones
 * @param functionIatCvMedian the median of functions with three or more invocations, of each its own distances' CV; NaN for
 *     none
 * @param burstIndex variance of invocations a second by their mean: 1 for independent arrivals
 * @param minuteStart invocations in the first second of a minute by a sixtieth of all: 1 where minutes make no bursts
 * @param busyMean invocations under way on average, would none wait
 * @param zeroDurations invocations that take no time
 * @param topTenthShare share of invocations of the tenth of the functions that is invoked most
 * @param durationMs of invocations
 * @param memoryMib of functions
 * @param brokenRows left out
 * @param notes what was bent
 */
public record TraceInfo(
        String format,
        String source,
        long rows,
        Map<String, Long> rowsByFile,
        long invocations,
        int functions,
        int applications,
        double durationSec,
        double ratePerSec,
        long peakPerSec,
        long peakPerMinute,
        double iatMeanMs,
        double iatCv,
        double functionIatCvMedian,
        double burstIndex,
        double minuteStart,
        double busyMean,
        long zeroDurations,
        double zeroDurationPercent,
        double topTenthShare,
        Spread durationMs,
        Spread memoryMib,
        long brokenRows,
        List<String> notes) {
    public TraceInfo {
        notes = List.copyOf(notes);
        rowsByFile = Collections.unmodifiableMap(new LinkedHashMap<>(rowsByFile));
    }

    /** Smallest, usual and largest values; percentiles of durations in steps of 0.1 %. */
    public record Spread(double min, double mean, double p50, double p90, double p99, double max) {}

    /** Walks over the trace once: constant memory, and some 40 bytes for each function. */
    public static TraceInfo of(Trace trace) {
        return new TraceMeasure(trace).measure();
    }

    /** By the names that the parameters have; numbers that are not known are left out. */
    public Map<String, Object> asMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("format", format);
        map.put("source", source);
        map.put("rows", rows);
        map.put("rowsByFile", rowsByFile);
        map.put("invocations", invocations);
        map.put("functions", functions);
        map.put("applications", applications);
        map.put("durationSec", durationSec);
        map.put("ratePerSec", ratePerSec);
        map.put("peakPerSec", peakPerSec);
        map.put("peakPerMinute", peakPerMinute);
        put(map, "iatMeanMs", iatMeanMs);
        put(map, "iatCv", iatCv);
        put(map, "functionIatCvMedian", functionIatCvMedian);
        put(map, "burstIndex", burstIndex);
        put(map, "minuteStart", minuteStart);
        map.put("busyMean", busyMean);
        map.put("zeroDurations", zeroDurations);
        map.put("zeroDurationPercent", zeroDurationPercent);
        map.put("topTenthShare", topTenthShare);
        map.put("durationMs", asMap(durationMs));
        map.put("memoryMib", asMap(memoryMib));
        map.put("brokenRows", brokenRows);
        map.put("notes", notes);
        return map;
    }

    private static Map<String, Object> asMap(Spread spread) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("min", spread.min);
        map.put("mean", spread.mean);
        map.put("p50", spread.p50);
        map.put("p90", spread.p90);
        map.put("p99", spread.p99);
        map.put("max", spread.max);
        return map;
    }

    /** JSON has no NaN. */
    private static void put(Map<String, Object> map, String key, double value) {
        if (Double.isFinite(value)) {
            map.put(key, value);
        }
    }
}
