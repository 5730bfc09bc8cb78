package dev.thaw.loadgen.trace;

import java.nio.file.Path;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.statistics.distribution.LogNormalDistribution;

/**
 * Makes a trace like Azure Functions 2019's out of its published fits: a few functions make most of the invocations,
 * durations are log-normal, memory is Burr; some functions are timers, the others have independent arrivals. The same
 * options make the same trace.
 */
public final class TraceSynthesizer {
    /*
     * Fits by Serverless in the Wild (ATC'20), see anchors.md 1.1 and 1.3. Durations spread between functions, hardly
     * inside one: the fit is taken for the functions' medians, truncated, and a small spread inside each.
     */
    private static final LogNormalDistribution DURATION_SEC = LogNormalDistribution.of(-0.38, 2.36);
    private static final double SPREAD_INSIDE = 0.25;
    private static final double MIN_DURATION_SEC = 0.001;
    private static final double BURR_C = 11.652;
    private static final double BURR_K = 0.221;
    private static final double BURR_SCALE_MIB = 107.083;
    /** Rates: the rank's power. 1.5 gives the first fifth of the functions nine tenths of the invocations. */
    private static final double RATE_SKEW = 1.5;

    private static final double TIMER_SHARE = 0.3;

    /** With so many expected, one in 10^8 functions would have no independent arrival. */
    private static final double RARE_COUNT = 20;

    private final SynthesisOptions options;

    private TraceSynthesizer(SynthesisOptions options) {
        this.options = options;
    }

    public static Trace synthesize(SynthesisOptions options) {
        return new TraceSynthesizer(options).make();
    }

    private Trace make() {
        int count = options.functions();
        double[] medianSec = new double[count];
        double[] weight = new double[count];
        double weights = 0;
        double weightedSec = 0;
        for (int i = 0; i < count; i++) {
            medianSec[i] = medianSec(random(i, "duration").nextDouble());
            weight[i] = Math.pow(i + 1, -RATE_SKEW);
            weights += weight[i];
            weightedSec += weight[i] * medianSec[i];
        }
        double rate = Math.min(options.ratePerSec(), options.concurrency() * weights / weightedSec);
        RowCollector rows = new RowCollector(TraceOptions.defaults().withWindowNs(options.durationNs()));
        for (int i = 0; i < count; i++) {
            addFunction(rows, i, rate * weight[i] / weights, medianSec[i]);
        }
        return rows.toTrace(TraceFormat.CSV, Path.of("synthetic"));
    }

    private void addFunction(RowCollector rows, int index, double ratePerSec, double medianSec) {
        UniformRandomProvider random = random(index, "arrivals");
        int function = rows.function(String.format("synthetic-%02d", index + 1));
        rows.memory(function, memoryMib(random.nextDouble()));
        boolean timer = random.nextDouble() < TIMER_SHARE;
        double phase = random.nextDouble();
        // A function is invoked at least once.
        double rate = Math.max(ratePerSec, 1e9 / options.durationNs());
        ArrivalSequence starts = starts(rate, timer, random.nextLong());
        long phaseNs = timer ? (long) (phase * 1e9 / rate) : 0;
        LogNormalDistribution durations = LogNormalDistribution.of(Math.log(medianSec), SPREAD_INSIDE);
        for (long ns = starts.nextStartNs() + phaseNs; ns < options.durationNs(); ns = starts.nextStartNs() + phaseNs) {
            double sec = durations.inverseCumulativeProbability(random.nextDouble());
            rows.add(function, ns, Math.min(sec * 1e6, options.maxDurationUs()));
        }
    }

    /** A rare function's arrivals are spread evenly, as an independent one might well never come. */
    private ArrivalSequence starts(double ratePerSec, boolean timer, long seed) {
        if (timer) {
            return ArrivalSequence.constant(ratePerSec);
        }
        boolean rare = ratePerSec * options.durationNs() / 1e9 < RARE_COUNT;
        return rare ? ArrivalSequence.uniform(ratePerSec, seed) : ArrivalSequence.poisson(ratePerSec, seed);
    }

    /** The fit, given that it lies inside what is allowed. */
    private double medianSec(double share) {
        double low = DURATION_SEC.cumulativeProbability(MIN_DURATION_SEC);
        double high = DURATION_SEC.cumulativeProbability(options.maxDurationUs() / 1e6);
        return DURATION_SEC.inverseCumulativeProbability(low + share * (high - low));
    }

    /** Inverse of the Burr (type XII) distribution function 1 - (1 + (x / scale)^c)^-k, in Lambda's steps of 1 MiB. */
    private double memoryMib(double share) {
        double mib = BURR_SCALE_MIB * Math.pow(Math.pow(1 - share, -1 / BURR_K) - 1, 1 / BURR_C);
        return Math.min(Math.max(mib, TraceFunction.MIN_MEMORY_MIB), options.maxMemoryMib());
    }

    private UniformRandomProvider random(int index, String what) {
        return Seeds.random(Seeds.mix(options.seed(), index), Seeds.of(what));
    }
}
